import assert from "node:assert/strict";
import { pipelineId } from "#src/domain/job-id.js";
import { bodiesOf, complaintOf, writesOf } from "../support/complaint.js";
import { aPipeline, PIPELINE, startWorld } from "../support/world.js";

const CREATE = "POST /platform/pipeline";

describe("creating a pipeline", function () {
  this.timeout(20_000);

  it("ends when the first run of `@once` has ended", async () => {
    await using world = await startWorld();
    let looks = 0;
    world.emulator.runs.hold();
    world.emulator.faults.on(({ path }) => {
      if (path.endsWith("/pipeline_run")) looks += 1;
      if (looks === 3) world.emulator.runs.release();
      return undefined;
    });

    const { id } = await world.create("Pipeline", aPipeline());

    assert.equal(id, PIPELINE);
    assert.equal(looks >= 3, true);
    assert.equal((await world.rows()).length, 5);
  });

  it("does not wait where nothing runs yet", async () => {
    await using world = await startWorld();
    world.emulator.runs.hold();

    await world.create("Pipeline", aPipeline({ cron: " 0  6 * * * " }));
    await world.create(
      "Pipeline",
      aPipeline({
        pipelineId: "2b8b3399-b8c0-4fc5-9116-142cd9f4e7ae",
        name: "By hand",
        cron: null,
      }),
    );

    const crons = bodiesOf(world).map((body) => (body as { cron: unknown }).cron);
    assert.deepEqual(crons, ["0 6 * * *", null]);
    assert.equal(
      world.emulator.requests.some(({ path }) => path.endsWith("/pipeline_run")),
      false,
    );
  });

  it("sets memory, and pauses", async () => {
    await using world = await startWorld();

    await world.create("Pipeline", aPipeline({ cron: null, memoryMb: 4096, paused: true }));

    assert.deepEqual(writesOf(world), [
      CREATE,
      `PUT /platform/pipeline/${PIPELINE}/memory`,
      "POST /platform/pipeline/pause",
    ]);
    assert.deepEqual(bodiesOf(world)[1], { amount: 4096 });
  });

  it("finds what it made when the answer was lost, and makes it once", async () => {
    await using world = await startWorld();
    world.emulator.faults.once("POST", "/platform/pipeline", { kind: "drop-after" });

    await world.create("Pipeline", aPipeline());

    assert.deepEqual(writesOf(world), [CREATE]);
    assert.equal((await world.rows()).length, 5);
  });

  it("finds by its derived id what an earlier create made and never reported", async () => {
    await using world = await startWorld();
    const { id } = await world.create("Pipeline", aPipeline({ pipelineId: undefined }));

    const again = await world.create("Pipeline", aPipeline({ pipelineId: undefined }));

    assert.equal(again.id, id);
    assert.deepEqual(writesOf(world), [CREATE]);
    assert.equal(world.emulator.runs.all.length, 1);
  });

  it("says that it does not know, where the request itself was lost; the next one makes it", async () => {
    await using world = await startWorld();
    world.emulator.faults.once("POST", "/platform/pipeline", { kind: "drop-before" });

    const { code, now } = await complaintOf(world.create("Pipeline", aPipeline()));
    await world.create("Pipeline", aPipeline());

    assert.equal(code, "MAESTRO_OUTCOME_UNKNOWN");
    assert.equal(now, "It is not known whether Maestro did it.");
    assert.equal((await world.rows()).length, 5);
  });

  it("refuses an id that is taken, and says how to take it over", async () => {
    await using world = await startWorld();
    await world.create("Pipeline", aPipeline());

    const { message } = await complaintOf(
      world.create("Pipeline", aPipeline({ description: "others" })),
    );

    assert.equal(
      message,
      `Did not create pipeline "Orders" (${PIPELINE}): a pipeline of this id exists already ("Orders").\n` +
        'Nothing was changed. It differs from the program: description: "tabela pedidos",\n' +
        "To take it into this stack, give its `pipelineId` and `adopt: true`. If this resource was renamed in the program, name the old one in `aliases`. Otherwise choose another name or id.",
    );
  });

  it("refuses a given id that is taken even by an equal pipeline", async () => {
    await using world = await startWorld();
    await world.create("Pipeline", aPipeline());

    const { code } = await complaintOf(world.create("Pipeline", aPipeline()));

    assert.equal(code, "PIPELINE_EXISTS");
    assert.deepEqual(writesOf(world), [CREATE]);
  });

  it("refuses a name that is taken, and says by which pipeline", async () => {
    await using world = await startWorld();
    await world.create("Pipeline", aPipeline());

    const { code, happened } = await complaintOf(
      world.create("Pipeline", aPipeline({ pipelineId: undefined })),
    );

    assert.equal(code, "PIPELINE_EXISTS");
    assert.match(happened, new RegExp(`a pipeline of this name exists already \\(${PIPELINE}\\)`));
  });
});

describe("a pipeline's id", function () {
  this.timeout(20_000);

  const idOf = async (urn: string, organization?: string) => {
    await using world = await startWorld();
    const result = await world.providers.Pipeline.check?.(
      {},
      { ...aPipeline({ pipelineId: undefined }), __dadosfera: { urn, organization } },
    );
    return result?.inputs?.pipelineId;
  };
  const urn = (stack: string) =>
    `urn:pulumi:${stack}::shop::pulumi-nodejs:dynamic/dadosfera:Pipeline::orders`;

  it("is a UUID v5, the same at each run of the program", async () => {
    const [one, other] = [await idOf(urn("dev"), "acme"), await idOf(urn("dev"), "acme")];

    assert.equal(one, other);
    assert.match(one, /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(pipelineId.safeParse(one).success, true);
  });

  it("is another one in another stack or organization", async () => {
    const ids = [
      await idOf(urn("dev"), "acme"),
      await idOf(urn("prod"), "acme"),
      await idOf(urn("dev"), "globex"),
    ];

    assert.equal(new Set(ids).size, 3);
  });

  it("stays when the resource is renamed under an alias", async () => {
    await using world = await startWorld();
    const olds = aPipeline({ pipelineId: PIPELINE });
    const news = {
      ...aPipeline({ pipelineId: undefined }),
      __dadosfera: { urn: urn("dev").replace("orders", "sales"), organization: "organization" },
    };

    const result = await world.providers.Pipeline.check?.(olds, news);

    assert.equal(result?.inputs?.pipelineId, PIPELINE);
  });
});
