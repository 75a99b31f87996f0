import assert from "node:assert/strict";
import { writesOf } from "../support/complaint.js";
import {
  aJob,
  aPipeline,
  failuresOf,
  JOB,
  type Props,
  startLoadedWorld,
  startWorld,
  type World,
  withTelefone,
} from "../support/world.js";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("the preview of a job that has not changed", function () {
  this.timeout(20_000);

  it("asks Maestro nothing, and the journal once in a process", async () => {
    await using world = await startLoadedWorld();
    const [requests, statements] = traffic(world);

    const answers = [await differs(world, aJob()), await differs(world, aJob())];

    assert.deepEqual(answers, [false, false]);
    const [requestsAfter, statementsAfter] = traffic(world);
    assert.equal(requestsAfter, requests);
    const asked = world.emulator.warehouse.statements.slice(statements);
    assert.equal(statementsAfter - statements, 1);
    assert.match(asked[0]?.sql ?? "", /FROM "DADOSFERA"\."PUBLIC"\."PULUMI_DADOSFERA_CHANGES"/);
  });

  it("is silent", async () => {
    await using world = await startLoadedWorld();
    const before = world.shown.length;

    await differs(world, aJob());

    assert.equal(world.shown.length, before);
  });

  it("says once that nobody can ask the journal, without settings of Snowflake", async () => {
    const settings = { SNOWFLAKE_ACCOUNT: "", SNOWFLAKE_USER: "" };
    await using world = await startWorld({}, settings);
    await world.create("Pipeline", aPipeline());
    const { outs } = await world.create("Job", aJob());
    const before = world.shown.length;

    await world.providers.Job.diff?.(JOB, outs ?? {}, aJob());
    await world.providers.Job.diff?.(JOB, outs ?? {}, aJob());

    assert.deepEqual(
      world.shown.slice(before).map(({ text }) => text),
      ["not checked whether a change of rows is unfinished: no settings of Snowflake are given"],
    );
  });

  it("sees no difference in the order of columns, in what steers changes, or in an old backfill", async () => {
    await using world = await startLoadedWorld();
    const { columnIncludeList } = aJob()["input"] as { columnIncludeList: string[] };

    const answers = [
      await differs(world, aJob({ input: { columnIncludeList: columnIncludeList.toReversed() } })),
      await differs(world, aJob({ limits: { deletedRows: 5 }, keepVersions: true })),
      await differs(world, aJob({ backfill: { columns: ["status"], rows: "all" } })),
    ];

    assert.deepEqual(answers, [false, false, false]);
  });

  it("says at each time which columns are still loaded and no longer wanted", async () => {
    await using world = await startLoadedWorld();
    const columnIncludeList = ["id", "cliente_id", "valor", "created_at", "updated_at"];
    const retaining = aJob({ input: { columnIncludeList }, retainedColumns: ["status"] });

    const changes = await differs(world, retaining);

    assert.equal(changes, false);
    assert.deepEqual(
      world.shown.at(-1)?.text,
      "still loaded, though no longer wanted: status (Maestro cannot stop loading a column)",
    );
  });
});

describe("the preview of a column change", function () {
  this.timeout(20_000);

  it("shows the steps, the rows, the SQL and what cannot be undone", async () => {
    await using world = await startLoadedWorld();
    const writes = writesOf(world).length;

    const changes = await differs(world, withTelefone());

    assert.equal(changes, true);
    assert.equal(writesOf(world).length, writes);
    assert.deepEqual(world.shown.at(-1)?.text.split("\n"), [
      'Adds telefone to the job and loads the rows beyond 2025-12-17 16:49:00 again (pipeline "Orders", table PUBLIC.TB__XQFU8G__CADASTROS__PEDIDOS)',
      "   1. take-lease        nobody else changes this pipeline meanwhile",
      "   2. hold-schedule     nothing to hold: @once does not fire again",
      "   3. wait-idle         until no run is in progress",
      "   4. back-up           clone PUBLIC.TB__XQFU8G__CADASTROS__PEDIDOS to schema PUBLIC, then count again",
      "   5. add-columns       PATCH column_include_list: telefone",
      "   6. delete-rows       the rows beyond 2025-12-17 16:49:00",
      "   7. reset-state       the job extracts again from 2025-12-17 16:49:00 (UTC)",
      "   8. run               execute the pipeline, and follow the run",
      "   9. verify            by key (ID): none lost, none doubled",
      "  10. restore-schedule  the schedule as it was; the lease is given back",
      "  rows: 5 of 10 rows (50 %) will be deleted and loaded again; cursor from 2025-12-17 16:50:01 to 2025-12-17 16:50:05 (UTC)",
      '  sql:  CREATE TABLE "DADOSFERA"."PUBLIC"."TB__XQFU8G__CADASTROS__PEDIDOS__BK_<change>" CLONE "DADOSFERA"."PUBLIC"."TB__XQFU8G__CADASTROS__PEDIDOS"',
      `  sql:  DELETE FROM "DADOSFERA"."PUBLIC"."TB__XQFU8G__CADASTROS__PEDIDOS" WHERE "UPDATED_AT" > '2025-12-17 16:49:00'::TIMESTAMP_NTZ`,
      "  note: An added column cannot be taken out of a job again: Maestro has no operation for it.",
    ]);
  });

  it("of rows that stay as they are says so, and needs no warehouse", async () => {
    const settings = { SNOWFLAKE_ACCOUNT: "", SNOWFLAKE_USER: "" };
    await using world = await startWorld({}, settings);
    await world.create("Pipeline", aPipeline());
    const { outs } = await world.create("Job", aJob());

    await world.providers.Job.diff?.(JOB, outs ?? {}, withTelefone("none"));

    assert.equal(
      world.shown.at(-1)?.text,
      [
        'Adds telefone to the job; rows already loaded keep null (rows: "none").',
        "   1. add-columns       PATCH column_include_list: telefone",
        "  note: An added column cannot be taken out of a job again: Maestro has no operation for it.",
      ].join("\n"),
    );
  });
});

describe("a job whose arguments are not known yet", function () {
  this.timeout(20_000);

  it("passes check as it is, and differs", async () => {
    await using world = await startLoadedWorld();
    const news = { ...withTelefone({ after: UNKNOWN }), sourceColumns: UNKNOWN };

    const checked = await world.providers.Job.check?.(aJob(), news);

    assert.deepEqual(checked, { inputs: news, failures: [] });
    assert.equal(await differs(world, news), true);
  });

  it("is refused for what is known and wrong", async () => {
    await using world = await startLoadedWorld();

    const failures = await failuresOf(
      world,
      "Job",
      {},
      { ...aJob(), jobId: UNKNOWN, memoryMb: -1 },
    );

    assert.match(failures, /`memoryMb`/);
    assert.doesNotMatch(failures, /jobId/);
  });
});

async function differs(world: World & { readonly job: Props }, news: Props): Promise<boolean> {
  const result = await world.providers.Job.diff?.(JOB, world.job, news);
  return result?.changes === true;
}

function traffic({ emulator }: World): readonly [number, number] {
  return [emulator.requests.length, emulator.warehouse.statements.length];
}
