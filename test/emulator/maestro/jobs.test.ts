import assert from "node:assert/strict";
import { aPipeline, emulatedMaestro, type Json, maestroUnderTest } from "./maestro-under-test.js";

const NOBODY = "00000000-0000-4000-8000-000000000000-0";

const spelled = (id: string) => id.replaceAll("-", "_");

describe("a job", () => {
  it("[T] is read under hyphens and shows its configuration, not its bookmark", async () => {
    await using maestro = await maestroUnderTest();
    const pipeline = aPipeline();
    await maestro.create(pipeline);

    const { status, body } = await maestro.send("GET", `/platform/jobs/jdbc/${pipeline.id}-0`);

    assert.equal(status, 200);
    assert.equal(body.id, spelled(pipeline.id));
    assert.equal(body.job_name, "cadastros_pedidos");
    assert.equal(body.source_config.incremental_column_name, "updated_at");
    assert.equal(body.source_config.primary_keys, null);
    assert.match(body.output_config.table_name, /^tb__[a-z0-9]{6}__cadastros__pedidos$/);
    assert.doesNotMatch(JSON.stringify(body), /state|bookmark|auth_parameters/);
  });

  it("[D] shows connection, network and transformations too, where it looks as in the reference", async function () {
    await using maestro = await emulatedMaestro(this, {
      switches: { jobObjectStyle: "reference" },
    });
    const pipeline = aPipeline({ input: { network_config: { ssh: true } } });
    await maestro.create(pipeline);

    const { body } = await maestro.send("GET", `/platform/jobs/jdbc/${pipeline.id}-0`);

    assert.deepEqual(body.source_config.network_config, { ssh: true });
    assert.equal(body.source_config.auth_parameters.auth_type, "connection_manager");
    assert.deepEqual(body.transformations, []);
  });

  it("[D] is reported missing by its id, with underscores", async () => {
    await using maestro = await maestroUnderTest();

    const { status, body } = await maestro.send("POST", `/platform/jobs/${NOBODY}/reset-state`);

    assert.deepEqual([status, body], [404, { detail: `job_id ${spelled(NOBODY)} not found` }]);
  });
});

describe("patching a job's input", () => {
  it("[T] unites the column lists: order kept, additions last, repeats dropped", async () => {
    await using maestro = await maestroUnderTest();
    const pipeline = aPipeline({ input: { column_include_list: ["id", "updated_at"] } });
    await maestro.create(pipeline);
    const patch = () =>
      maestro.send("PATCH", `/platform/jobs/${pipeline.id}-0/input`, {
        column_include_list: ["telefone", "id"],
      });

    const [first] = [await patch(), await patch()];

    assert.deepEqual(first.body, {
      status: true,
      detail: `Successfully updated input fields for job_id ${spelled(pipeline.id)}_0`,
      updated_fields: ["column_include_list", "info"],
    });
    const { body } = await maestro.send("GET", `/platform/jobs/jdbc/${pipeline.id}-0`);
    assert.deepEqual(body.source_config.column_include_list, ["id", "updated_at", "telefone"]);
  });

  it("[I] overwrites other fields by type only, and refuses a wrong type with 422", async () => {
    await using maestro = await maestroUnderTest();
    const pipeline = aPipeline();
    await maestro.create(pipeline);
    const path = `/platform/jobs/${pipeline.id}-0/input`;

    const unvalidated = await maestro.send("PATCH", path, { primary_keys: ["no_such_column"] });
    const refused = await maestro.send("PATCH", path, { column_include_list: "telefone" });

    assert.deepEqual([unvalidated.status, refused.status], [200, 422]);
  });

  it("[I] narrows a job that loads all columns, or leaves it, as switched", async function () {
    const columnsAfter = async (patchedNullList: "narrows" | "stays") => {
      await using maestro = await emulatedMaestro(this, { switches: { patchedNullList } });
      const pipeline = aPipeline({ input: { column_include_list: null } });
      await maestro.create(pipeline);
      await maestro.send("PATCH", `/platform/jobs/${pipeline.id}-0/input`, {
        column_include_list: ["telefone"],
      });
      const { body } = await maestro.send("GET", `/platform/jobs/jdbc/${pipeline.id}-0`);
      return body.source_config.column_include_list;
    };

    assert.deepEqual(await columnsAfter("narrows"), ["telefone"]);
    assert.equal(await columnsAfter("stays"), null);
  });
});

describe("resetting a job's state", () => {
  it("[T] to a value echoes the value, beside an empty state", async () => {
    await using maestro = await maestroUnderTest();
    const pipeline = aPipeline();
    await maestro.create(pipeline);

    const { body } = await maestro.send("POST", `/platform/jobs/${pipeline.id}-0/reset-state`, {
      incremental_column_value: "2025-12-17 14:02:30",
    });

    assert.deepEqual(body, {
      status: true,
      detail: `Successfully reset state for job_id ${spelled(pipeline.id)}_0`,
      incremental_column_value: "2025-12-17 14:02:30",
      state: {},
    });
  });

  it("[D] without a body says that the next run extracts everything", async () => {
    await using maestro = await maestroUnderTest();
    const pipeline = aPipeline();
    await maestro.create(pipeline);

    const { body } = await maestro.send("POST", `/platform/jobs/${pipeline.id}-0/reset-state`);

    assert.equal(
      body.message,
      "Next job execution will start from beginning (full load/extraction)",
    );
  });

  it("[I] drops the fraction of a second when that switch is on", async function () {
    await using maestro = await emulatedMaestro(this, {
      switches: { resetTruncatesFractions: true },
    });
    const pipeline = aPipeline();
    await maestro.create(pipeline);

    await maestro.send("POST", `/platform/jobs/${pipeline.id}-0/reset-state`, {
      incremental_column_value: "2025-12-17 14:02:30.750",
    });

    assert.equal(maestro.emulator.bookmark(`${pipeline.id}-0`), "2025-12-17 14:02:30");
  });
});

describe("sync-mode", () => {
  const qualify = {
    target_load_type: "incremental_with_qualify",
    incremental_column_name: "updated_at",
    incremental_column_type: "timestamp",
    primary_keys: ["id"],
  };

  it("[D] changes the load type and keeps the bookmark between the incremental types", async function () {
    await using maestro = await emulatedMaestro(this);
    const pipeline = aPipeline();
    await maestro.create(pipeline);
    const job = `${pipeline.id}-0`;
    await maestro.send("POST", `/platform/jobs/${job}/reset-state`, {
      incremental_column_value: "2025-12-17 14:02:30",
    });

    const { status } = await maestro.send("POST", `/platform/jobs/jdbc/${job}/sync-mode`, qualify);

    assert.equal(status, 200);
    assert.equal(maestro.emulator.bookmark(job), "2025-12-17 14:02:30");
    const { source_config } = (await maestro.send("GET", `/platform/jobs/jdbc/${job}`)).body;
    assert.deepEqual(
      [source_config.load_type, source_config.primary_keys],
      ["incremental_with_qualify", ["id"]],
    );
  });

  it("[D] to full_load resets the bookmark", async function () {
    await using maestro = await emulatedMaestro(this);
    const pipeline = aPipeline();
    await maestro.create(pipeline);
    const job = `${pipeline.id}-0`;
    await maestro.send("POST", `/platform/jobs/${job}/reset-state`, {
      incremental_column_value: 7,
    });

    await maestro.send("PUT", `/platform/jobs/jdbc/${job}/sync-mode`, {
      target_load_type: "full_load",
    });

    assert.equal(maestro.emulator.bookmark(job), undefined);
  });

  it("[I] is refused with 400 without the fields that the target needs", async () => {
    await using maestro = await maestroUnderTest();
    const pipeline = aPipeline();
    await maestro.create(pipeline);
    const path = `/platform/jobs/jdbc/${pipeline.id}-0/sync-mode`;

    const { status } = await maestro.send("POST", path, { ...qualify, primary_keys: [] });

    assert.equal(status, 400);
  });

  it("[I] is routed under one method or both, as switched", async function () {
    const statuses = async (
      syncModeMethod: "both" | "post" | "put",
      unroutedMethodStatus: 404 | 405,
    ): Promise<Json[]> => {
      const switches = { syncModeMethod, unroutedMethodStatus };
      await using maestro = await emulatedMaestro(this, { switches });
      const pipeline = aPipeline();
      await maestro.create(pipeline);
      const path = `/platform/jobs/jdbc/${pipeline.id}-0/sync-mode`;
      const post = await maestro.send("POST", path, qualify);
      const put = await maestro.send("PUT", path, qualify);
      return [post.status, put.status];
    };

    assert.deepEqual(await statuses("both", 404), [200, 200]);
    assert.deepEqual(await statuses("put", 404), [404, 200]);
    assert.deepEqual(await statuses("post", 405), [200, 405]);
  });
});

describe("the types that a cursor may have", () => {
  it("[D] are listed per plugin", async () => {
    await using maestro = await maestroUnderTest();

    const { body } = await maestro.send("GET", "/platform/jobs/jdbc/configs/allowed_datatypes");

    assert.deepEqual(Object.keys(body.data), ["postgresql", "mysql", "oracle", "sqlserver"]);
  });
});

describe("the memory of a job", () => {
  it("[I] has the same ceiling as a pipeline's", async () => {
    await using maestro = await maestroUnderTest();
    const pipeline = aPipeline();
    await maestro.create(pipeline);
    const path = `/platform/jobs/${pipeline.id}-0/memory`;

    const set = await maestro.send("PUT", path, { amount: 4096 });
    const refused = await maestro.send("PUT", path, { amount: 12_001 });

    assert.deepEqual([set.status, refused.status], [200, 400]);
  });
});
