import assert from "node:assert/strict";
import { jobId } from "#src/domain/job-id.js";
import { bodiesOf, complaintOf, writesOf } from "../support/complaint.js";
import {
  aJob,
  aPipeline,
  JOB,
  type Props,
  startLoadedWorld,
  startWorld,
  TABLE,
  type World,
  withTelefone,
} from "../support/world.js";

const ID = jobId.parse(JOB);

describe("creating a job", function () {
  this.timeout(20_000);

  it("takes over an equal live job, whatever the order of its columns, and changes nothing", async () => {
    await using world = await startWorldWithPipeline();
    const before = writesOf(world).length;
    const { columnIncludeList } = aJob()["input"] as { columnIncludeList: string[] };
    const input = { columnIncludeList: columnIncludeList.toReversed() };

    const { id, outs } = await world.create("Job", aJob({ input }));

    assert.equal(id, JOB);
    assert.equal(outs?.destinationTable, TABLE.replace("PUBLIC.", "").toLowerCase());
    assert.equal(writesOf(world).length, before);
  });

  it("refuses a job that differs, with the lines to paste", async () => {
    await using world = await startWorldWithPipeline();

    const { code, message } = await complaintOf(
      world.create("Job", aJob({ input: { columnIncludeList: ["id", "updated_at"] } })),
    );

    assert.equal(code, "PIPELINE_DIFFERS");
    assert.equal(
      message,
      `Did not take over job ${JOB} (table cadastros.pedidos): the live job differs from the program.\n` +
        'Nothing was changed. Live: columnIncludeList: ["id","cliente_id","valor","status","created_at","updated_at"],\n' +
        "Put these lines into the program, run `pulumi up`, and make the change you want in a second step.",
    );
  });

  it("refuses to list the columns of a job that loads them all", async () => {
    await using world = await startWorld();
    const { input, output } = aJob({ input: { columnIncludeList: null } });
    await world.create("Pipeline", aPipeline({ jobs: [{ input, output }] }));

    const { code, now } = await complaintOf(world.create("Job", aJob()));

    assert.equal(code, "PIPELINE_DIFFERS");
    assert.equal(now, "Nothing was changed. Live: columnIncludeList: null,");
  });

  it("takes over a job with a column that is only retained", async () => {
    await using world = await startWorldWithPipeline();
    const columnIncludeList = ["id", "cliente_id", "valor", "created_at", "updated_at"];

    const { id } = await world.create(
      "Job",
      aJob({ input: { columnIncludeList }, retainedColumns: ["status"] }),
    );

    assert.equal(id, JOB);
  });

  it("refuses a job that is not there", async () => {
    await using world = await startWorld();

    const { code, happened } = await complaintOf(world.create("Job", aJob()));

    assert.equal(code, "JOB_NOT_FOUND");
    assert.equal(happened, `Found no job ${JOB} (table cadastros.pedidos) at Maestro.`);
  });
});

describe("reading a job", function () {
  this.timeout(20_000);

  it("makes no difference where nothing was changed", async () => {
    await using world = await startWorldWithPipeline();
    const { outs } = await world.create("Job", aJob());

    const found = await world.providers.Job.read?.(JOB, outs ?? {});

    assert.deepEqual(found?.props, outs);
    assert.deepEqual(found?.inputs, outs);
  });

  it("reports columns that nobody asked for, and does not make them the program's", async () => {
    await using world = await startLoadedWorld();
    await maestroOf(world).addJobColumns(ID, ["telefone"]);

    const found = await world.providers.Job.read?.(JOB, world.job);

    assert.deepEqual(found?.props?.extraColumns, ["telefone"]);
    assert.deepEqual(found?.inputs, world.job);
    assert.deepEqual(world.shown.at(-1), {
      severity: "warning",
      text: "Maestro also loads telefone, which the program never asked for",
      isEphemeral: false,
    });
  });

  it("misses columns that Maestro no longer loads, so that the next update adds them", async () => {
    await using world = await startLoadedWorld();
    const { outs } = await added(world);
    await world.providers.Pipeline.delete?.("id", aPipeline());
    await world.create("Pipeline", aPipeline({ existingRows: "append" }));

    const found = await world.providers.Job.read?.(JOB, outs);
    const updated = await world.update("Job", found?.props ?? {}, withTelefone("none"));

    const { columnIncludeList } = aJob()["input"] as { columnIncludeList: string[] };
    assert.deepEqual(found?.inputs?.input.columnIncludeList, columnIncludeList);
    assert.deepEqual((await maestroOf(world).findJob(ID))?.columnIncludeList, [
      ...columnIncludeList,
      "telefone",
    ]);
    assert.equal("extraColumns" in updated, false);
  });

  it("finds a load type that was changed elsewhere", async () => {
    await using world = await startLoadedWorld();
    await maestroOf(world).setSyncMode(ID, { targetLoadType: "full_load" });

    const found = await world.providers.Job.read?.(JOB, world.job);

    assert.equal(found?.inputs?.input.loadType, "full_load");
    assert.deepEqual(await world.providers.Job.diff?.(JOB, found?.props ?? {}, aJob()), {
      changes: true,
    });
  });

  it("keeps the program's load type where Maestro's is a word that it does not know", async () => {
    await using world = await startWorldWithPipeline();
    const { outs } = await world.create("Job", aJob());
    const live = await maestroOf(world).findJob(ID);
    const source_config = {
      connector: "jdbc",
      plugin: "mysql",
      table_schema: "cadastros",
      table_name: "pedidos",
      load_type: "change_data_capture",
      column_include_list: live?.columnIncludeList,
    };
    world.emulator.faults.once("GET", JOB, {
      kind: "status",
      status: 200,
      body: {
        status: true,
        data: { source_config, output_config: { table_name: live?.destinationTable } },
      },
    });

    const found = await world.providers.Job.read?.(JOB, outs ?? {});

    assert.equal(found?.inputs?.input.loadType, "incremental");
    assert.match(
      world.shown.at(-1)?.text ?? "",
      /"change_data_capture", which this version does not know/,
    );
  });

  it("answers with nothing where the job is gone", async () => {
    await using world = await startLoadedWorld();
    await world.providers.Pipeline.delete?.("id", aPipeline());

    assert.deepEqual(await world.providers.Job.read?.(JOB, world.job), {});
  });
});

describe("a job", function () {
  this.timeout(20_000);

  it("stays at Maestro when it is deleted: it goes with its pipeline", async () => {
    await using world = await startLoadedWorld();
    const before = writesOf(world).length;

    await world.providers.Job.delete?.(JOB, world.job);

    assert.equal(writesOf(world).length, before);
    assert.notEqual(await maestroOf(world).findJob(ID), undefined);
  });

  it("is deleted without complaint when its pipeline is gone", async () => {
    await using world = await startLoadedWorld();
    await world.providers.Pipeline.delete?.("id", aPipeline());

    await assert.doesNotReject(world.providers.Job.delete?.(JOB, world.job) ?? Promise.reject());
  });

  it("is given the memory that the program says", async () => {
    await using world = await startLoadedWorld();

    const updated = await world.update("Job", world.job, { ...aJob(), memoryMb: 8192 });

    assert.equal(writesOf(world).at(-1), `PUT /platform/jobs/${JOB}/memory`);
    assert.deepEqual(bodiesOf(world).at(-1), { amount: 8192 });
    assert.equal(updated["memoryMb"], 8192);
  });

  it("takes five kilobytes of state beside its columns, after a change too", async () => {
    await using world = await startWorld();
    const columns = Array.from({ length: 200 }, (_, index) => `column_${index}`);
    await world.emulator.source.run(
      columns.map((name) => `ALTER TABLE cadastros.pedidos ADD COLUMN ${name} INT;`).join("\n"),
    );
    const input = { columnIncludeList: ["id", "updated_at", ...columns] };
    const { output, primaryKeys, ...job } = aJob({ input });
    await world.create("Pipeline", aPipeline({ jobs: [{ input: job["input"], output }] }));
    const { outs } = await world.create("Job", aJob({ input }));

    const updated = await world.update("Job", outs ?? {}, {
      ...aJob({ input: { columnIncludeList: [...input.columnIncludeList, "valor"] } }),
      backfill: { columns: ["valor"], rows: { after: "2025-12-17 14:03:30" } },
    });

    assert.equal((updated["lastChange"] as Props)["deleted"], 2);
    assert.equal(JSON.stringify(updated).length - JSON.stringify(columns).length < 5000, true);
    assert.deepEqual(primaryKeys, ["id"]);
  });
});

async function startWorldWithPipeline(): Promise<World> {
  const world = await startWorld();
  await world.create("Pipeline", aPipeline());
  return world;
}

function maestroOf(world: World) {
  return world.process.contextOf("").doors.maestro;
}

async function added(world: World & { readonly job: Props }): Promise<{ readonly outs: Props }> {
  return { outs: await world.update("Job", world.job, withTelefone("none")) };
}
