import assert from "node:assert/strict";
import { aPipeline, emulatedMaestro, maestroUnderTest } from "./maestro-under-test.js";

const NOBODY = "00000000-0000-4000-8000-000000000000";

const spelled = (id: string) => id.replaceAll("-", "_");

describe("creating a pipeline", () => {
  it("[D] makes it readable under both spellings of its id, with its jobs", async () => {
    await using maestro = await maestroUnderTest();
    const pipeline = aPipeline({ description: "tabela pedidos" });

    await maestro.create(pipeline);

    const hyphens = await maestro.send("GET", `/platform/pipeline/${pipeline.id}`);
    const underscores = await maestro.send("GET", `/platform/pipeline/${spelled(pipeline.id)}`);
    assert.deepEqual(hyphens.body, underscores.body);
    const { data } = hyphens.body;
    assert.equal(data.id, spelled(pipeline.id));
    assert.equal(data.description, "tabela pedidos");
    assert.equal(data.status, "active");
    assert.equal(data.jobs[0].job_id, `${spelled(pipeline.id)}_0`);
    assert.equal(data.jobs[0].job_name, "cadastros_pedidos");
  });

  it("[I] names the table after a hash of its id, as in the one recorded pair", async function () {
    await using maestro = await emulatedMaestro(this);
    const id = "7b8b3399-b8c0-4fc5-9116-142cd9f4e7ae";

    await maestro.create(aPipeline({ id }));

    const { body } = await maestro.send("GET", "/platform/pipelines");
    assert.deepEqual(body[0].jobs[0].output.raw, {
      table_name: "tb__xqfu8g__cadastros__pedidos",
      table_schema: "PUBLIC",
    });
  });

  it("[I] is refused with 400 for a name or an id that is taken", async () => {
    await using maestro = await maestroUnderTest();
    const first = aPipeline();
    await maestro.create(first);

    const sameName = await maestro.create(aPipeline({ name: first.name }));
    const sameId = await maestro.create(aPipeline({ id: first.id }));

    assert.deepEqual([sameName.status, sameId.status], [400, 400]);
  });

  it("[I] is refused with 422 for an incomplete body, with every problem and its place", async () => {
    await using maestro = await maestroUnderTest();
    const incomplete = aPipeline({
      name: undefined,
      input: { load_type: "incremental_with_qualify" },
    });

    const { status, body } = await maestro.create(incomplete);

    assert.equal(status, 422);
    const places = body.detail.map((problem: { loc: unknown[] }) => problem.loc.join("."));
    assert.deepEqual(places, ["body.name", "body.jobs.0.input.primary_keys"]);
  });
});

describe("the list of pipelines", () => {
  it("[D] is a bare array whose objects have other names than a single pipeline", async () => {
    await using maestro = await maestroUnderTest();
    const pipeline = aPipeline();
    await maestro.create(pipeline);

    const { body } = await maestro.send("GET", "/platform/pipelines");

    const listed = body.find((one: { name: string }) => one.name === pipeline.name);
    assert.equal(listed.pipeline_id, spelled(pipeline.id));
    assert.equal(typeof listed.id, "number");
    assert.equal(listed.last_status, "CREATED");
    assert.equal(listed.jobs[0].job_status, "PENDING");
  });
});

describe("patching a pipeline", () => {
  it("[D] changes name, description and cron, and nothing else", async () => {
    await using maestro = await maestroUnderTest();
    const pipeline = aPipeline({ cron: "15 3 * * *" });
    await maestro.create(pipeline);
    const path = `/platform/pipeline/${pipeline.id}`;

    const patched = await maestro.send("PATCH", path, { cron: null, description: "outra" });
    const refused = await maestro.send("PATCH", path, { pipeline_id: NOBODY });

    assert.deepEqual(patched.body, {
      detail: `successfully patched the item of the pipeline_id: ${spelled(pipeline.id)}`,
    });
    assert.deepEqual(
      [refused.status, refused.body],
      [400, { detail: "Property pipeline_id is read only" }],
    );
    const { data } = (await maestro.send("GET", path)).body;
    assert.deepEqual([data.cron, data.description, data.name], [null, "outra", pipeline.name]);
  });
});

describe("an unknown pipeline", () => {
  it("[D] is answered in the shape of each operation", async () => {
    await using maestro = await maestroUnderTest();
    const path = `/platform/pipeline/${NOBODY}`;

    const read = await maestro.send("GET", path);
    const patched = await maestro.send("PATCH", path, { cron: null });

    assert.deepEqual([read.status, read.body.detail.exception_type], [404, "PipelineNotFound"]);
    assert.deepEqual(
      [patched.status, patched.body],
      [404, { detail: `pipeline_id ${spelled(NOBODY)} not found` }],
    );
  });
});

describe("pausing a pipeline", () => {
  it("[D] blocks execute, and says so when it was paused already", async () => {
    await using maestro = await maestroUnderTest();
    const pipeline = aPipeline();
    await maestro.create(pipeline);
    const body = { pipeline_id: pipeline.id };
    const send = (verb: string) => maestro.send("POST", `/platform/pipeline/${verb}`, body);

    const answers = [await send("unpause"), await send("pause"), await send("pause")];
    const executed = await send("execute");

    assert.deepEqual(
      answers.map(({ status }) => status),
      [400, 200, 400],
    );
    assert.equal(answers[0]?.body.detail.exception_type, "PipelineNotPaused");
    assert.equal(answers[2]?.body.detail.exception_type, "PipelineAlreadyPaused");
    assert.deepEqual(
      [executed.status, executed.body.detail.exception_type],
      [400, "PipelinePaused"],
    );
    const { data } = (await maestro.send("GET", `/platform/pipeline/${pipeline.id}`)).body;
    assert.equal(data.status, "paused");
  });
});

describe("the memory of a pipeline", () => {
  it("[D] has a ceiling, which the gateway guards in its own shape", async () => {
    await using maestro = await maestroUnderTest();
    const pipeline = aPipeline();
    await maestro.create(pipeline);
    const path = `/platform/pipeline/${pipeline.id}/memory`;

    const set = await maestro.send("PUT", path, { amount: 6144 });
    const refused = await maestro.send("PUT", path, { amount: 16_000 });

    assert.equal(set.body.data.memory_mb, 6144);
    assert.deepEqual(
      [refused.status, refused.body],
      [400, { message: "Memory limit exceeded. Maximum allowed: 12000MB (12GB)", statusCode: 400 }],
    );
  });
});

describe("deleting a pipeline", () => {
  it("[D] asks for the header customer_name", async () => {
    await using maestro = await maestroUnderTest();
    const pipeline = aPipeline();
    await maestro.create(pipeline);

    const { status, body } = await maestro.send("DELETE", `/platform/pipeline/${pipeline.id}`);

    assert.deepEqual([status, body], [401, { msg: "Unauthorized" }]);
  });

  it("[D] forgets the pipeline and its jobs", async function () {
    await using maestro = await emulatedMaestro(this);
    const pipeline = aPipeline();
    await maestro.create(pipeline);
    const { body } = await maestro.send("POST", "/auth/sign-in", maestro.credentials, {});
    const headers = {
      authorization: body.tokens.accessToken,
      customer_name: maestro.customerName,
    };
    const remove = () =>
      maestro.send("DELETE", `/platform/pipeline/${pipeline.id}`, undefined, headers);

    const [first, second] = [await remove(), await remove()];

    assert.deepEqual(first.body, {
      pipeline_id: spelled(pipeline.id),
      status: "PIPELINE_DELETED",
    });
    assert.deepEqual(
      [second.status, second.body],
      [404, { detail: `pipeline_id ${spelled(pipeline.id)} not found!!` }],
    );
    const job = await maestro.send("GET", `/platform/jobs/jdbc/${pipeline.id}-0`);
    assert.equal(job.status, 404);
  });
});

describe("another tenant's pipeline", () => {
  it("[D] is neither listed nor found", async function () {
    const mine = { username: "a@exemplo.com.br", password: "a", customerName: "exemplo-a" };
    const theirs = { username: "b@exemplo.com.br", password: "b", customerName: "exemplo-b" };
    await using maestro = await emulatedMaestro(this, { accounts: [mine, theirs] });
    const pipeline = aPipeline();
    await maestro.create(pipeline);
    const { body } = await maestro.send("POST", "/auth/sign-in", theirs, {});
    const asThem = { authorization: body.tokens.accessToken };

    const listed = await maestro.send("GET", "/platform/pipelines", undefined, asThem);
    const path = `/platform/jobs/jdbc/${pipeline.id}-0`;
    const job = await maestro.send("GET", path, undefined, asThem);

    assert.deepEqual(listed.body, []);
    assert.equal(job.status, 404);
  });

  it("[D] does not help to renew a token", async function () {
    await using maestro = await emulatedMaestro(this);
    const { body } = await maestro.send("POST", "/auth/sign-in", maestro.credentials, {});
    const { refreshToken } = body.tokens;

    const { status } = await maestro.send(
      "POST",
      "/auth/refresh-access-token",
      { refreshToken, customerName: "another" },
      {},
    );

    assert.equal(status, 401);
  });
});
