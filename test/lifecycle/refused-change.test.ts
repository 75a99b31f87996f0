import assert from "node:assert/strict";
import { jobId } from "#src/domain/job-id.js";
import { complaintOf, writesOf } from "../support/complaint.js";
import {
  JOB,
  type Props,
  startLoadedWorld,
  TABLE,
  type World,
  withTelefone,
} from "../support/world.js";

type Privilege = "SELECT" | "INSERT" | "UPDATE" | "DELETE" | "TRUNCATE";
type Loaded = World & { readonly job: Props };
const NAME = TABLE.replace("PUBLIC.", "");

describe("a column change is refused before anything is touched", function () {
  this.timeout(20_000);

  it("for a bookmark that rows carry, and the nearest free second is offered", async () => {
    await using world = await startLoadedWorld();

    const { message } = await refusalOf(world, withTelefone({ after: "2025-12-17 16:50:02" }));

    assert.equal(
      message,
      `Will not use 2025-12-17 16:50:02 as the bookmark of ${TABLE}: a row carries it, and nobody can say on which side of it Maestro would begin.\n` +
        "Nothing was changed.\n" +
        'Use the nearest lower value that is free: `after: "2025-12-17 16:49:59"`.',
    );
  });

  it("for more rows, or a larger part of them, than the limits allow", async () => {
    await using world = await startLoadedWorld();
    const after = { after: "2025-12-17 16:49:00" };

    const rows = await refusalOf(world, withTelefone(after, { limits: { deletedRows: 4 } }));
    const percent = await refusalOf(world, withTelefone(after, { limits: { deletedPercent: 49 } }));

    assert.equal(
      rows.message,
      `Will not delete 5 of 10 rows (50 %) from ${TABLE}: \`limits.deletedRows\` allows 4.\n` +
        "Nothing was deleted.\n" +
        "Choose a later bookmark, or raise the limit in the program if so many rows are meant to be loaded again.",
    );
    assert.equal(percent.code, "BUDGET_EXCEEDED");
    assert.match(percent.happened, /`limits\.deletedPercent` allows 49 %/);
  });

  it("for a cursor that the job does not load", async () => {
    await using world = await startLoadedWorld();
    const unloaded = { ...withTelefone(), input: inputWith("changed_at") };

    const { code, happened } = await complaintOf(diff(world, unloaded));

    assert.equal(code, "CHANGE_REFUSED");
    assert.match(happened, /at Maestro it does not load its cursor "changed_at"\.$/);
  });

  it("for a cursor that the destination lacks, or holds as text", async () => {
    await using world = await startLoadedWorld();
    await world.process.contextOf("").doors.maestro.addJobColumns(jobId.parse(JOB), ["changed_at"]);
    const lacking = { ...withTelefone(), input: inputWith("changed_at") };
    const text = { ...withTelefone(), input: inputWith("status") };

    const lacks = await complaintOf(diff(world, lacking));
    const holds = await complaintOf(diff(world, text));

    assert.equal(lacks.code, "DESTINATION_UNKNOWN");
    assert.match(
      lacks.happened,
      /has no column for the cursor "changed_at" \(a timestamp, a date or a number\); it has ID NUMBER, .*UPDATED_AT TIMESTAMP_NTZ\./,
    );
    assert.match(holds.happened, /cursor "status" .*STATUS TEXT/);
  });

  it("for a key that the destination lacks", async () => {
    await using world = await startLoadedWorld();

    const { happened } = await complaintOf(
      diff(world, { ...withTelefone(), primaryKeys: ["codigo"] }),
    );

    assert.match(happened, /has no column for the primary key codigo; it has ID NUMBER/);
  });
});

describe("a role that may not do what a change needs", function () {
  this.timeout(20_000);

  it("is told each missing privilege on the table", async () => {
    await using world = await startLoadedWorld();
    revoke(world, ["DELETE", "INSERT"]);

    const { message } = await refusalOf(world, withTelefone());

    assert.equal(
      message,
      `Cannot change the rows of ${TABLE}: the role lacks DELETE on ${TABLE}, INSERT on ${TABLE}.\n` +
        "Nothing was changed, on Maestro or in the warehouse.\n" +
        "Grant them to the role in SNOWFLAKE_ROLE and run `pulumi up` again.",
    );
  });

  it("is told that it cannot read the table", async () => {
    await using world = await startLoadedWorld();
    revoke(world, ["SELECT"]);

    const { code, happened } = await refusalOf(world, withTelefone());

    assert.equal(code, "WAREHOUSE_PRIVILEGE_MISSING");
    assert.match(happened, new RegExp(`the role lacks SELECT on ${TABLE}`));
  });

  it("is told that it sees no table at all", async () => {
    await using world = await startLoadedWorld();
    revoke(world, ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"]);

    const { code, happened } = await refusalOf(world, withTelefone());

    assert.equal(code, "DESTINATION_UNKNOWN");
    assert.match(happened, /^Found no table PUBLIC\.tb__xqfu8g__cadastros__pedidos in database/);
  });

  it("is told that it cannot make the back-up and the journal", async () => {
    await using world = await startLoadedWorld();
    world.emulator.warehouse.grants.revoke({
      role: "LOADER",
      privileges: ["CREATE TABLE"],
      on: { schema: "PUBLIC" },
    });

    const { happened, next } = await refusalOf(world, withTelefone());

    assert.equal(
      happened,
      `Cannot change the rows of ${TABLE}: the role lacks CREATE TABLE on schema PUBLIC.`,
    );
    assert.match(next, /^Grant it to the role/);
  });

  it("does what the change needs as soon as it may", async () => {
    await using world = await startLoadedWorld();
    revoke(world, ["DELETE"]);
    await refusalOf(world, withTelefone());
    world.emulator.warehouse.grants.grant({
      role: "LOADER",
      privileges: ["DELETE"],
      on: { schema: "PUBLIC", name: NAME },
    });

    const updated = await world.update("Job", world.job, withTelefone());

    assert.equal((updated["lastChange"] as Props)["outcome"], "done");
  });
});

describe("a run that fails in a column change", function () {
  this.timeout(20_000);

  it("is named with its trace, the rows are back, and the next `up` does the change", async () => {
    await using world = await startLoadedWorld();
    const before = await world.rows();
    world.emulator.runs.failNext("connection to the source lost\n  at Jdbc.connect", 3);

    const { code, happened, now } = await complaintOf(
      world.update("Job", world.job, withTelefone()),
    );
    const undone = await world.rows();
    const updated = await world.update("Job", world.job, withTelefone());

    assert.equal(code, "RUN_FAILED");
    assert.match(
      happened,
      /failed, the third in a row: connection to the source lost at Jdbc\.connect\./,
    );
    assert.match(now, new RegExp(`^The rows of ${TABLE} are back as they were\\.`));
    assert.deepEqual(undone, before);
    assert.equal((updated["lastChange"] as Props)["outcome"], "done");
  });
});

/** Refused by the preview and by the update alike; nothing was sent that changes anything. */
async function refusalOf(world: Loaded, news: Props) {
  const writes = writesOf(world);
  const rows = await world.emulator.warehouse.rows(`SELECT COUNT(*) AS N FROM ${TABLE}`);
  const previewed = await complaintOf(diff(world, news));
  const updated = await complaintOf(
    world.providers.Job.update?.("id", world.job, news) ?? Promise.resolve(),
  );
  assert.equal(updated.message, previewed.message);
  assert.deepEqual(writesOf(world), writes);
  assert.deepEqual(await world.emulator.warehouse.rows(`SELECT COUNT(*) AS N FROM ${TABLE}`), rows);
  return updated;
}

async function diff(world: Loaded, news: Props): Promise<unknown> {
  return world.providers.Job.diff?.("id", world.job, news);
}

function revoke({ emulator }: World, privileges: readonly Privilege[]) {
  const on = { schema: "PUBLIC", name: NAME };
  emulator.warehouse.grants.revoke({ role: "LOADER", privileges, on });
}

function inputWith(incrementalColumnName: string): unknown {
  return { ...(withTelefone()["input"] as Props), incrementalColumnName };
}
