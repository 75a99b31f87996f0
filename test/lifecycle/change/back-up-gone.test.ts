import assert from "node:assert/strict";
import {
  administer,
  beforeStatement,
  type ChangeWorld,
  journalSteps,
  LATER_PAIR,
  lastChange,
  liveCron,
  PAIRS,
  PATIENCE_MS,
  pairs,
  runLater,
  startChangeWorld,
} from "../../support/change-world.js";
import { complaintOf } from "../../support/complaint.js";
import { aJob, TABLE, withTelefone } from "../../support/world.js";

const HOURLY = { pipeline: { cron: "0 * * * *" } };
const VERIFICATION = /AS LOST/;

describe("a back-up that somebody dropped in the middle of a change", function () {
  this.timeout(PATIENCE_MS);

  it("keeps the rows from being deleted", async () => {
    await using world = await startChangeWorld(HOURLY);
    const before = await world.rows();
    beforeStatement(world, /^BEGIN/, () => takeAway(world));

    const { code, message } = await complaintOf(world.update("Job", world.job, withTelefone()));

    assert.equal(code, "BACK_UP_GONE");
    assert.match(message, new RegExp(`No row of ${TABLE} was deleted\\. The schedule .* is back`));
    assert.deepEqual(await world.rows(), before);
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("before the verification leaves everything as it stands, and says how to go on", async () => {
    await using world = await startChangeWorld(HOURLY);
    world.emulator.faults.once("POST", "execute", {
      kind: "run",
      work: async () => void (await takeAway(world)),
    });

    const { code, happened, now, next } = await complaintOf(
      world.update("Job", world.job, withTelefone()),
    );

    const backUp = `PUBLIC.${await backUpName(world)}`;
    assert.equal(code, "BACK_UP_GONE");
    assert.equal(
      happened,
      `Back-up ${backUp} of table ${TABLE} is not there any more, or the role may not see it.`,
    );
    assert.match(now, /^No row is deleted or put back before that is mended\. The rows beyond/);
    assert.match(now, /The change is unfinished and the schedule "0 \* \* \* \*" stays held/);
    assert.match(next, new RegExp(`^Run \`UNDROP TABLE ${backUp}\` in Snowflake`));
    assert.deepEqual(pairs(await world.rows()), PAIRS);
  });

  it("lets no later update delete a row, whether it would go on or undo", async () => {
    await using world = await startChangeWorld(HOURLY);
    beforeStatement(world, VERIFICATION, () => takeAway(world));
    await complaintOf(world.update("Job", world.job, withTelefone()));
    const deletes = deletesOf(world);

    const goesOn = await complaintOf(world.another().update("Job", world.job, withTelefone()));
    const undoes = await complaintOf(world.another().update("Job", world.job, aJob()));

    assert.deepEqual([goesOn.code, undoes.code], ["BACK_UP_GONE", "BACK_UP_GONE"]);
    assert.equal(deletesOf(world), deletes);
    assert.deepEqual(pairs(await world.rows()), PAIRS);
    assert.equal(await liveCron(world), null);
  });

  it("and brought back is no hindrance any more: the next update ends the change", async () => {
    await using world = await startChangeWorld(HOURLY);
    beforeStatement(world, VERIFICATION, () => takeAway(world));
    await complaintOf(world.update("Job", world.job, withTelefone()));
    await bringBack(world);

    const outputs = await world.another().update("Job", world.job, withTelefone());

    assert.equal(lastChange(outputs)["outcome"], "done");
    assert.equal(await liveCron(world), "0 * * * *");
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("before the change is undone keeps it from being undone, and from being marked so", async () => {
    await using world = await startChangeWorld(HOURLY);
    world.emulator.runs.failNext("out of memory", 3);
    let runs = 0;
    world.emulator.faults.on(({ path }) => {
      runs += path.endsWith("/execute") ? 1 : 0;
      const isLast = path.endsWith("/execute") && runs === 3;
      return isLast ? { kind: "run", work: async () => void (await takeAway(world)) } : undefined;
    });

    const { code, happened } = await complaintOf(world.update("Job", world.job, withTelefone()));

    assert.equal(code, "BACK_UP_GONE");
    assert.match(happened, /the third in a row: out of memory\. It cannot be undone: Back-up /);
    assert.ok(!(await journalSteps(world)).includes("undoing"));
    await bringBack(world);
    await world.another().update("Job", world.job, aJob());
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });
});

/** Takes the back-up from under its name, as DROP TABLE would; it can be brought back, as UNDROP would. */
async function takeAway(world: ChangeWorld): Promise<unknown> {
  const name = await backUpName(world);
  return administer(world, `ALTER TABLE PUBLIC.${name} RENAME TO PUBLIC.DROPPED`);
}

async function bringBack(world: ChangeWorld): Promise<unknown> {
  const name = await backUpName(world);
  return administer(world, `ALTER TABLE PUBLIC.DROPPED RENAME TO PUBLIC.${name}`);
}

/** The name of the back-up, as the journal has it. */
async function backUpName({ emulator }: ChangeWorld): Promise<string> {
  const [row] = await emulator.warehouse.rows(
    "SELECT DETAIL FROM PUBLIC.PULUMI_DADOSFERA_CHANGES WHERE STEP = 'backed-up'",
  );
  return (JSON.parse(String(row?.["DETAIL"])) as { table: { name: string } }).table.name;
}

/** How many DELETEs were sent. */
function deletesOf({ emulator }: ChangeWorld): number {
  return emulator.warehouse.statements.filter(({ sql }) => sql.startsWith("DELETE")).length;
}
