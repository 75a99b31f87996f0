import assert from "node:assert/strict";
import {
  beforeStatement,
  type ChangeWorld,
  journalSteps,
  LATER_PAIR,
  lastChange,
  PAIRS,
  PATIENCE_MS,
  pairs,
  runLater,
  startChangeWorld,
} from "../../support/change-world.js";
import { complaintOf } from "../../support/complaint.js";
import { PIPELINE, withTelefone } from "../../support/world.js";

const SOMEBODY = "ana@notebook process 7 (1234abcd)";
const LEASES = "PUBLIC.PULUMI_DADOSFERA_LEASES";

describe("the lease of a pipeline", function () {
  this.timeout(PATIENCE_MS);

  it("that somebody else keeps is waited for, and then named", async () => {
    await using world = await startChangeWorld();
    await takeLease(world, "'2030-01-01'");

    await assert.rejects(world.update("Job", world.job, withTelefone()), {
      message: /ana@notebook process 7 \(1234abcd\) changes it since 2025-12-17 18:\d\d:\d\d UTC/,
    });

    assert.deepEqual(pairs(await world.rows()), PAIRS);
    assert.deepEqual(await journalSteps(world), []);
  });

  it("that expired is taken over, once no late request of its owner can arrive", async () => {
    await using world = await startChangeWorld();
    await takeLease(world, "DATEADD(second, -1, CURRENT_TIMESTAMP())");
    const started = world.emulator.clock.now();

    const outputs = await world.update("Job", world.job, withTelefone());

    assert.equal(lastChange(outputs)["outcome"], "done");
    assert.ok(world.emulator.clock.now() - started >= 30_000);
  });

  it("is not waited for any longer by a process that is interrupted", async () => {
    await using world = await startChangeWorld();
    await takeLease(world, "'2030-01-01'");
    beforeLease(world, async () => void world.process.interrupt());

    const { code, now } = await complaintOf(world.update("Job", world.job, withTelefone()));

    assert.deepEqual([code, now], ["INTERRUPTED", "Nothing was changed by this command."]);
    assert.equal(await ownerOf(world), SOMEBODY);
  });

  it("taken over and interrupted is kept, so that the next owner waits for late requests as well", async () => {
    await using world = await startChangeWorld();
    await takeLease(world, "DATEADD(second, -1, CURRENT_TIMESTAMP())");
    beforeLease(world, async () => void world.process.interrupt());

    const { code } = await complaintOf(world.update("Job", world.job, withTelefone()));

    assert.equal(code, "INTERRUPTED");
    assert.match(await ownerOf(world), new RegExp(`process ${process.pid}`));
    const started = world.emulator.clock.now();
    await world.another().update("Job", world.job, withTelefone());
    assert.ok(world.emulator.clock.now() - started >= 30_000);
  });

  it("is given back at the end", async () => {
    await using world = await startChangeWorld();

    await world.update("Job", world.job, withTelefone());

    const [lease] = await world.emulator.warehouse.rows(`SELECT OWNER, IS_HELD FROM ${LEASES}`);
    assert.deepEqual(lease, { OWNER: null, IS_HELD: false });
  });

  it("that is lost in the middle stops the DELETE, and leaves the change to its new owner", async () => {
    await using world = await startChangeWorld();
    beforeStatement(world, /^DELETE/, () => steal(world));

    await assert.rejects(world.update("Job", world.job, withTelefone()), {
      message: /its lease expired and somebody else may have taken it/,
    });

    assert.deepEqual(pairs(await world.rows()), PAIRS);
    assert.equal((await journalSteps(world)).at(-1), "columns-added");
  });

  it("that is lost while a run is followed lets nothing into the journal any more", async () => {
    await using world = await startChangeWorld();
    world.emulator.faults.once("POST", "execute", {
      kind: "run",
      when: "after",
      work: () => steal(world),
    });

    await assert.rejects(world.update("Job", world.job, withTelefone()), {
      message: /its lease expired/,
    });

    assert.equal((await journalSteps(world)).at(-1), "run-requested");
    await run(world, `UPDATE ${LEASES} SET OWNER = NULL`);
    await world.another().update("Job", world.job, withTelefone());
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("is no leave to begin beside a change that its last owner left unfinished: that one goes on", async () => {
    await using world = await startChangeWorld();
    beforeLease(world, () => cutShort(world));

    await world.update("Job", world.job, withTelefone());

    const steps = await journalSteps(world);
    assert.deepEqual(
      steps.filter((step) => step === "started" || step === "finished"),
      ["started", "finished"],
    );
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("keeps two updates of one job apart: the second finds the change done", async () => {
    await using world = await startChangeWorld();
    const other = world.another();

    const [one, two] = await Promise.allSettled([
      world.update("Job", world.job, withTelefone()),
      other.update("Job", world.job, withTelefone()),
    ]);

    assert.ok([one, two].some(({ status }) => status === "fulfilled"));
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });
});

/** Somebody else's lease, until a moment of SQL. */
async function takeLease(world: ChangeWorld, until: string): Promise<void> {
  await world.process.contextOf("").doors.warehouse?.journal.prepare();
  await run(
    world,
    `INSERT INTO ${LEASES} (PIPELINE_ID, OWNER, EPOCH, TAKEN_AT, EXPIRES_AT, MEMBERS, IS_HELD)
     SELECT '${PIPELINE}', '${SOMEBODY}', 3, CURRENT_TIMESTAMP(), ${until}::TIMESTAMP_TZ, '[]', FALSE`,
  );
}

async function ownerOf({ emulator }: ChangeWorld): Promise<string> {
  const [lease] = await emulator.warehouse.rows(`SELECT OWNER FROM ${LEASES}`);
  return String(lease?.["OWNER"]);
}

/** Does something once, just before a lease is taken: its owner to be has looked at everything by then. */
function beforeLease({ emulator }: ChangeWorld, work: () => Promise<void>): void {
  const stop = emulator.warehouse.faults.on(({ sql }) => {
    if (!sql.startsWith("MERGE INTO")) return { kind: "none" };
    stop();
    return { kind: "run", work };
  });
}

/** Somebody else's update, whose run does not end in time. */
async function cutShort(world: ChangeWorld): Promise<void> {
  world.emulator.runs.hold();
  const impatient = withTelefone(undefined, { timeouts: { run: 60 } });
  await assert.rejects(world.another().update("Job", world.job, impatient), {
    message: /Stopped waiting for the run/,
  });
  world.emulator.runs.release();
}

function steal(world: ChangeWorld): Promise<void> {
  return run(
    world,
    `UPDATE ${LEASES} SET OWNER = '${SOMEBODY}', EPOCH = EPOCH + 1, EXPIRES_AT = '2030-01-01'::TIMESTAMP_TZ`,
  );
}

async function run({ process }: ChangeWorld, text: string): Promise<void> {
  await process.contextOf("").doors.warehouse?.warehouse.run({ text, binds: [] });
}
