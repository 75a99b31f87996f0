import assert from "node:assert/strict";
import {
  administer,
  afterTheRun,
  beforeStatement,
  type ChangeWorld,
  LATER_PAIR,
  PAIRS,
  PATIENCE_MS,
  pairs,
  runLater,
  startChangeWorld,
} from "../../support/change-world.js";
import { complaintOf } from "../../support/complaint.js";
import { aJob, TABLE, withTelefone } from "../../support/world.js";

const HOURLY = { pipeline: { cron: "0 * * * *" } };
const NAME = TABLE.replace("PUBLIC.", "");

describe("a destination table that somebody touched", function () {
  this.timeout(PATIENCE_MS);

  it("and renamed before a change is said to be missing", async () => {
    await using world = await startChangeWorld(HOURLY);
    await administer(world, `ALTER TABLE ${TABLE} RENAME TO PUBLIC.ELSEWHERE`);

    const { code, now } = await complaintOf(world.update("Job", world.job, withTelefone()));

    assert.equal(code, "DESTINATION_UNKNOWN");
    assert.equal(now, "Nothing was changed.");
    assert.deepEqual(pairs(await world.rows("PUBLIC.ELSEWHERE")), PAIRS);
  });

  it("and took the cursor or the key from before a change is refused", async () => {
    await using world = await startChangeWorld(HOURLY);
    await administer(world, `ALTER TABLE ${TABLE} DROP COLUMN UPDATED_AT`);

    const { code, happened, now } = await complaintOf(
      world.update("Job", world.job, withTelefone()),
    );

    assert.equal(code, "DESTINATION_UNKNOWN");
    assert.match(happened, /has no column for the cursor "updated_at"/);
    assert.equal(now, "Nothing was changed.");
  });

  it("and renamed before the DELETE loses no row: the change is undone", async () => {
    await using world = await startChangeWorld(HOURLY);
    beforeStatement(world, /^BEGIN/, () =>
      administer(world, `ALTER TABLE ${TABLE} RENAME TO PUBLIC.ELSEWHERE`),
    );

    const { code, now } = await complaintOf(world.update("Job", world.job, withTelefone()));

    assert.equal(code, "DESTINATION_UNKNOWN");
    assert.match(now, /^No row of .* was deleted\. The schedule "0 \* \* \* \*" is back/);
    assert.deepEqual(pairs(await world.rows("PUBLIC.ELSEWHERE")), PAIRS);
  });

  it("and renamed after the DELETE is not mistaken for the one that the run made anew", async () => {
    await using world = await startChangeWorld(HOURLY);
    world.emulator.faults.once("POST", "execute", {
      kind: "run",
      work: async () =>
        void (await administer(world, `ALTER TABLE ${TABLE} RENAME TO PUBLIC.ELSEWHERE`)),
    });

    const { code, happened, next } = await complaintOf(
      world.update("Job", world.job, withTelefone()),
    );

    assert.equal(code, "DESTINATION_CHANGED");
    assert.match(happened, /is another one than was backed up/);
    assert.match(next, /^Put the table that was there back under its name/);
    await administer(world, `ALTER TABLE ${TABLE} RENAME TO PUBLIC.MADE_BY_THE_RUN`);
    await administer(world, `ALTER TABLE PUBLIC.ELSEWHERE RENAME TO ${TABLE}`);
    const verdict = await complaintOf(world.another().update("Job", world.job, withTelefone()));
    assert.equal(verdict.code, "VERIFICATION_FAILED");
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("and took a column from after the DELETE is left as it is until the column is back", async () => {
    await using world = await startChangeWorld(HOURLY);
    afterTheRun(world, () => administer(world, `ALTER TABLE ${TABLE} DROP COLUMN STATUS`));

    const { code, happened, next } = await complaintOf(
      world.update("Job", world.job, withTelefone()),
    );

    assert.equal(code, "DESTINATION_CHANGED");
    assert.match(happened, /lacks "STATUS", which it had when it was backed up/);
    assert.match(next, /^Add what is missing with its old type/);
    assert.deepEqual(pairs(await world.rows()), PAIRS);
  });
});

describe("a privilege that was lost in the middle of a change", function () {
  this.timeout(PATIENCE_MS);

  it("before the DELETE leaves the rows and the state alone", async () => {
    await using world = await startChangeWorld(HOURLY);
    const before = await world.rows();
    beforeStatement(world, /^DELETE/, () => revoke(world, "DELETE"));

    const { code, now } = await complaintOf(world.update("Job", world.job, withTelefone()));

    assert.equal(code, "WAREHOUSE_PRIVILEGE_MISSING");
    assert.match(now, /^No row of .* was deleted\. The schedule "0 \* \* \* \*" is back/);
    assert.deepEqual(await world.rows(), before);
  });

  it("and is needed to put the rows back takes nothing away: the change waits for the grant", async () => {
    await using world = await startChangeWorld(HOURLY);
    world.emulator.runs.failNext("out of memory", 3);
    world.emulator.faults.once("POST", "execute", {
      kind: "run",
      work: async () => void (await revoke(world, "INSERT")),
    });

    const { code, happened, now } = await complaintOf(
      world.update("Job", world.job, withTelefone()),
    );

    assert.equal(code, "CHANGE_UNFINISHED");
    assert.match(happened, /out of memory\. Undoing it failed too: Snowflake refused "INSERT INTO/);
    assert.match(now, /were deleted to be loaded again \(back-up: .*The change is unfinished/);
    world.emulator.warehouse.grants.grant({
      role: "LOADER",
      privileges: ["INSERT"],
      on: { schema: "PUBLIC", name: NAME },
    });
    await world.another().update("Job", world.job, aJob());
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });
});

async function revoke({ emulator }: ChangeWorld, privilege: "DELETE" | "INSERT"): Promise<void> {
  const on = { schema: "PUBLIC", name: NAME };
  emulator.warehouse.grants.revoke({ role: "LOADER", privileges: [privilege], on });
}
