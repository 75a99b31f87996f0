import assert from "node:assert/strict";
import { ordersPipeline, rowsOf, runOnce } from "./destination.js";
import { aPipeline, emulatedMaestro, maestroUnderTest } from "./maestro-under-test.js";

describe("a run", () => {
  it("[T] starts by itself when a pipeline is created with `@once`", async function () {
    await using maestro = await emulatedMaestro(this);
    const pipeline = ordersPipeline({ cron: "@once" });

    await maestro.create(pipeline);

    await maestro.emulator.runs.idle();
    const { body } = await maestro.send("GET", `/platform/pipeline/${pipeline.id}/pipeline_run`);
    assert.deepEqual(
      body.map((run: { last_status: string }) => run.last_status),
      ["SUCCESS"],
    );
    assert.deepEqual(await rowsOf(maestro, "SELECT COUNT(*) AS N FROM PUBLIC.PEDIDOS"), ["5"]);
  });

  it("[D] has another name in the answer to execute than in the list", async () => {
    await using maestro = await maestroUnderTest();
    const pipeline = aPipeline();
    await maestro.create(pipeline);

    const { body } = await maestro.send("POST", "/platform/pipeline/execute", {
      pipeline_id: pipeline.id.replaceAll("-", "_"),
    });

    assert.match(body.data.run_id, /^manual__\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
    const list = await maestro.send("GET", `/platform/pipeline/${pipeline.id}/pipeline_run`);
    assert.match(list.body[0].pipeline_run_id, /^[0-9a-f]{32}$/);
  });

  it("[D] is read by its id in the list, unchanged, and unknown ids are 404", async () => {
    await using maestro = await maestroUnderTest();
    const pipeline = aPipeline();
    await maestro.create(pipeline);
    await maestro.send("POST", "/platform/pipeline/execute", { pipeline_id: pipeline.id });
    const path = `/platform/pipeline/${pipeline.id}/pipeline_run`;
    const [listed] = (await maestro.send("GET", path)).body;

    const found = await maestro.send("GET", `${path}/${listed.pipeline_run_id}`);
    const unknown = await maestro.send("GET", `${path}/00000000000000000000000000000000`);

    assert.equal(found.body.id, listed.id);
    assert.equal(unknown.status, 404);
  });

  it("[D] queues behind the one in progress", async function () {
    await using maestro = await emulatedMaestro(this);
    const { runs } = maestro.emulator;
    const pipeline = ordersPipeline();
    await maestro.create(pipeline);
    const execute = () =>
      maestro.send("POST", "/platform/pipeline/execute", { pipeline_id: pipeline.id });
    const statuses = async () => {
      const path = `/platform/pipeline/${pipeline.id}/pipeline_run`;
      const { body } = await maestro.send("GET", path);
      return body.map((run: { last_status: string }) => run.last_status);
    };
    runs.hold();

    await execute();
    await execute();

    assert.deepEqual(await statuses(), ["QUEUED", "RUNNING"]);
    runs.release();
    await runs.idle();
    assert.deepEqual(await statuses(), ["SUCCESS", "SUCCESS"]);
  });

  it("[D] goes on to its end when its pipeline is paused meanwhile", async function () {
    await using maestro = await emulatedMaestro(this);
    const { runs } = maestro.emulator;
    const pipeline = ordersPipeline();
    await maestro.create(pipeline);
    const body = { pipeline_id: pipeline.id };
    runs.hold();
    await maestro.send("POST", "/platform/pipeline/execute", body);

    await maestro.send("POST", "/platform/pipeline/pause", body);

    runs.release();
    await runs.idle();
    assert.deepEqual(
      runs.all.map((run) => run.status),
      ["SUCCESS"],
    );
  });

  it("[I] works with the columns that its jobs had when it began", async function () {
    await using maestro = await emulatedMaestro(this);
    const { runs } = maestro.emulator;
    const pipeline = ordersPipeline();
    await maestro.create(pipeline);
    runs.hold();
    await maestro.send("POST", "/platform/pipeline/execute", { pipeline_id: pipeline.id });

    await maestro.send("PATCH", `/platform/jobs/${pipeline.id}-0/input`, {
      column_include_list: ["not_at_the_source_yet"],
    });

    runs.release();
    await runs.idle();
    assert.deepEqual(
      runs.all.map((run) => run.status),
      ["SUCCESS"],
    );
  });

  it("[D] carries out the jobs in their order, and those after a failure not at all", async function () {
    await using maestro = await emulatedMaestro(this);
    await maestro.emulator.source.run("CREATE TABLE cadastros.itens AS FROM cadastros.pedidos");
    const [first, last] = [ordersPipeline(), ordersPipeline({ input: { table_name: "itens" } })];
    const missing = ordersPipeline({ input: { table_name: "nothing" } });
    const jobs = [first, missing, last].flatMap((pipeline) => pipeline["jobs"]);
    await maestro.create({ ...first, jobs });

    const run = await runOnce(maestro, first);

    assert.equal(run.last_status, "FAILED");
    const { body } = await maestro.send("GET", "/platform/pipelines");
    assert.deepEqual(
      body[0].jobs.map((job: { job_status: string }) => job.job_status),
      ["SUCCESS", "FAILED", "PENDING"],
    );
  });

  it("[T] looks as recorded, or as the reference shows it, as switched", async function () {
    const looks = async (runObjectStyle: "recorded" | "reference") => {
      await using maestro = await emulatedMaestro(this, { switches: { runObjectStyle } });
      const pipeline = ordersPipeline();
      await maestro.create(pipeline);
      return await runOnce(maestro, pipeline);
    };

    const [recorded, reference] = [await looks("recorded"), await looks("reference")];

    assert.match(recorded.created_at, /^\S+\.\d{6}\+00:00$/);
    assert.equal("trace" in recorded, false);
    assert.match(reference.created_at, /^\S+\.\d{3}Z$/);
    assert.match(reference.pipeline_run_id, /^[0-9a-f]{8}(_[0-9a-f]{4}){3}_[0-9a-f]{12}$/);
    assert.equal(reference.trace, null);
  });

  it("[I] is listed late, and found under `/runs` alone, as switched", async function () {
    await using maestro = await emulatedMaestro(this, {
      switches: { runsListedLateMs: 60_000, runListPath: "runs" },
    });
    const pipeline = ordersPipeline({ cron: "@once" });
    await maestro.create(pipeline);
    const list = (path: string) => maestro.send("GET", `/platform/pipeline/${pipeline.id}/${path}`);

    const early = await list("runs");
    maestro.emulator.clock.advance(61_000);
    const [late, elsewhere] = [await list("runs"), await list("pipeline_run")];

    assert.deepEqual([early.body.length, late.body.length], [0, 1]);
    assert.equal(elsewhere.status, 404);
    assert.match(elsewhere.body.message, /^Cannot GET /);
  });

  it("[I] lasts as long as it is told to, by the clock that tests turn", async function () {
    await using maestro = await emulatedMaestro(this, { runMs: 210_000 });
    const { runs, clock } = maestro.emulator;
    await maestro.create(ordersPipeline({ cron: "@once" }));

    const before = runs.all.map((run) => run.status);
    clock.advance(211_000);
    await runs.idle();

    assert.deepEqual(before, ["RUNNING"]);
    assert.deepEqual(
      runs.all.map((run) => run.status),
      ["SUCCESS"],
    );
  });
});

describe("a failed run", () => {
  it("[D] names the column or the table that the source lacks", async function () {
    await using maestro = await emulatedMaestro(this);
    const noColumn = ordersPipeline({ input: { column_include_list: ["id", "telefone"] } });
    const noTable = ordersPipeline({ input: { table_name: "nothing" } });
    await maestro.create(noColumn);
    await maestro.create(noTable);

    const [column, table] = [await runOnce(maestro, noColumn), await runOnce(maestro, noTable)];

    assert.deepEqual(
      [column.last_status, column.trace],
      ["FAILED", 'Column "telefone" does not exist in cadastros.pedidos'],
    );
    assert.deepEqual(
      [table.last_status, table.trace],
      ["FAILED", "Table cadastros.nothing does not exist at the source"],
    );
  });

  it("[D] names a column whose type cannot be loaded", async function () {
    await using maestro = await emulatedMaestro(this);
    await maestro.emulator.source.run("ALTER TABLE cadastros.pedidos ADD COLUMN foto BLOB");
    const pipeline = ordersPipeline({ input: { column_include_list: null } });
    await maestro.create(pipeline);

    const run = await runOnce(maestro, pipeline);

    assert.match(run.trace, /^Column "foto" has the type BLOB/);
  });

  it("[I] leaves neither rows nor a moved bookmark", async function () {
    await using maestro = await emulatedMaestro(this);
    const pipeline = ordersPipeline();
    await maestro.create(pipeline);
    maestro.emulator.runs.failNext("Source refused the connection");

    const failed = await runOnce(maestro, pipeline);

    assert.equal(failed.trace, "Source refused the connection");
    assert.equal(maestro.emulator.bookmark(`${pipeline.id}-0`), undefined);
    await runOnce(maestro, pipeline);
    assert.deepEqual(await rowsOf(maestro, "SELECT COUNT(*) AS N FROM PUBLIC.PEDIDOS"), ["5"]);
  });

  it("[I] keeps its rows, and moves the bookmark, as switched", async function () {
    await using maestro = await emulatedMaestro(this, {
      switches: { failedRunKeepsRows: true, failedRunMovesBookmark: true },
    });
    const pipeline = ordersPipeline();
    await maestro.create(pipeline);
    maestro.emulator.runs.failNext("Out of memory");

    await runOnce(maestro, pipeline);

    assert.deepEqual(await rowsOf(maestro, "SELECT COUNT(*) AS N FROM PUBLIC.PEDIDOS"), ["5"]);
    assert.equal(maestro.emulator.bookmark(`${pipeline.id}-0`), "2025-12-17 14:05:00");
  });
});
