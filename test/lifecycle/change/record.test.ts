import assert from "node:assert/strict";
import {
  type ChangeWorld,
  journalSteps,
  lastChange,
  PATIENCE_MS,
  startChangeWorld,
} from "../../support/change-world.js";
import { JOB, TABLE, withTelefone } from "../../support/world.js";

const DAY_MS = 86_400_000;
const again = (trigger: string) => withTelefone(undefined, { triggers: [trigger] });

describe("what a column change leaves behind", function () {
  this.timeout(PATIENCE_MS);

  it("is an entry in the journal for each step, in order", async () => {
    await using world = await startChangeWorld({ pipeline: { cron: "0 * * * *" } });

    await world.update("Job", world.job, withTelefone());

    assert.deepEqual(await journalSteps(world), [
      "started",
      "schedule-held",
      "idle",
      "backed-up",
      "counted",
      "columns-added",
      "deleted",
      "deleted-idle",
      "resetting",
      "state-reset",
      "run-requested",
      "run-ended",
      "verified",
      "finished",
    ]);
  });

  it("is one row per change in the history", async () => {
    await using world = await startChangeWorld();
    const first = await world.update("Job", world.job, withTelefone());
    await world.update("Job", first, again("once more"));

    const history = await world.emulator.warehouse.rows(
      "SELECT JOB_ID, TABLE_NAME, OUTCOME, DELETED FROM PUBLIC.PULUMI_DADOSFERA_CHANGE_HISTORY",
    );

    const row = { JOB_ID: JOB, TABLE_NAME: `DADOSFERA.${TABLE}` };
    const told = history.map(({ OUTCOME, DELETED, ...rest }) => ({
      ...rest,
      outcome: JSON.parse(String(OUTCOME)).outcome,
      deleted: JSON.parse(String(DELETED)).rows,
    }));
    assert.deepEqual(told, [
      { ...row, outcome: "done", deleted: 5 },
      { ...row, outcome: "done", deleted: 5 },
    ]);
  });

  it("is a summary in the job's outputs, without data", async () => {
    await using world = await startChangeWorld();

    const outputs = await world.update("Job", world.job, withTelefone());

    const { changeId, runIds, backUps, seconds, ...rest } = lastChange(outputs);
    assert.deepEqual(rest, {
      columns: ["telefone"],
      window: "after 2025-12-17 16:49:00",
      outcome: "done",
      rowsBefore: 10,
      deleted: 5,
      loaded: 5,
      filled: { TELEFONE: 5 },
      newest: "2025-12-17 16:50:05",
      putBack: 0,
      versionsPutBack: 0,
      versionsLost: 0,
    });
    assert.ok(Object.values(seconds as Record<string, number>).every((each) => each > 0));
    assert.equal((runIds as string[]).length, 1);
    assert.deepEqual(backUps, [`${TABLE}__BK_${String(changeId).slice(0, 8).toUpperCase()}`]);
  });

  it("says so of a resumed change, too: what came, and how long the steps took", async () => {
    await using world = await startChangeWorld();
    world.emulator.runs.hold();
    const wanted = withTelefone(undefined, { timeouts: { run: 60 } });
    await assert.rejects(world.update("Job", world.job, wanted), { message: /Stopped waiting/ });
    world.emulator.runs.release();

    const outputs = await world.another().update("Job", world.job, withTelefone());

    const { loaded, filled, newest, seconds } = lastChange(outputs);
    assert.deepEqual(
      { loaded, filled, newest },
      { loaded: 5, filled: { TELEFONE: 5 }, newest: "2025-12-17 16:50:05" },
    );
    assert.ok(Object.keys(seconds as object).length > 0);
  });

  it("counts the versions that did not return", async () => {
    await using world = await startChangeWorld();
    const bookmark = { after: "2025-12-17 13:00:00" };
    const limits = { deletedPercent: 100 };

    const lost = await world.update("Job", world.job, withTelefone(bookmark, { limits }));

    assert.equal(lastChange(lost)["versionsLost"], 5);
    assert.equal(lastChange(lost)["loaded"], 5);
  });

  it("counts each deleted row, also where a failed run made a second DELETE necessary", async () => {
    await using world = await startChangeWorld();
    world.emulator.runs.failNext("out of memory", 1);

    const outputs = await world.update("Job", world.job, withTelefone());

    assert.equal(lastChange(outputs)["deleted"], 5);
  });
});

describe("the back-up of a column change", function () {
  this.timeout(PATIENCE_MS);

  it("holds the rows as they were, in the schema that the program names", async () => {
    await using world = await startChangeWorld();
    const before = await world.rows();

    const news = withTelefone(undefined, { backUp: { schema: "STAGED" } });
    const outputs = await world.update("Job", world.job, news);

    const [backUp = ""] = lastChange(outputs)["backUps"] as string[];
    assert.match(backUp, /^STAGED\./);
    assert.deepEqual(await world.rows(backUp), before);
  });

  it("is dropped by a later change once it has been kept for seven days, and not before", async () => {
    await using world = await startChangeWorld();
    const first = await world.update("Job", world.job, withTelefone());
    world.emulator.clock.advance(6 * DAY_MS);
    const second = await world.update("Job", first, again("after six days"));
    assert.equal((await backUps(world)).length, 2);
    world.emulator.clock.advance(2 * DAY_MS);

    const third = await world.update("Job", second, again("after eight days"));

    const left = await backUps(world);
    assert.equal(left.length, 2);
    assert.ok(!left.includes(nameOf(first)));
    await world.update("Job", third, again("and once more"));
    const drops = world.emulator.warehouse.statements.filter(({ sql }) => sql.startsWith("DROP"));
    assert.equal(drops.filter(({ sql }) => sql.includes(`"${nameOf(first)}"`)).length, 1);
  });

  it("is not dropped by a change that fails", async () => {
    await using world = await startChangeWorld();
    const first = await world.update("Job", world.job, withTelefone());
    world.emulator.clock.advance(8 * DAY_MS);
    world.emulator.runs.failNext("out of memory", 3);

    await assert.rejects(world.update("Job", first, again("and fails")), {
      message: /are back as they were/,
    });

    assert.ok((await backUps(world)).includes(nameOf(first)));
  });
});

function nameOf(outputs: Record<string, unknown>): string {
  const [backUp = ""] = lastChange(outputs)["backUps"] as string[];
  return backUp.replace("PUBLIC.", "");
}

async function backUps({ emulator }: ChangeWorld): Promise<string[]> {
  const tables = await emulator.warehouse.rows(
    "SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE CONTAINS(TABLE_NAME, '__BK_')",
  );
  return tables.map((row) => String(row["TABLE_NAME"]));
}
