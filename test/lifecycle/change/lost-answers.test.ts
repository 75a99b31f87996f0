import assert from "node:assert/strict";
import {
  type ChangeWorld,
  effects,
  failCommit,
  journalSteps,
  LATER_PAIR,
  once,
  PAIRS,
  PATIENCE_MS,
  pairs,
  runLater,
  startChangeWorld,
} from "../../support/change-world.js";
import { withTelefone } from "../../support/world.js";

const DROPS = ["drop-before", "drop-after"] as const;

describe("an answer of Maestro that is lost", function () {
  this.timeout(PATIENCE_MS);

  for (const kind of DROPS) {
    it(`does not disturb the change of the columns (${kind})`, async () => {
      await using world = await startChangeWorld();
      world.emulator.faults.once("PATCH", "/input", { kind });

      await world.update("Job", world.job, withTelefone());

      assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
    });

    it(`does not disturb the reset (${kind})`, async () => {
      await using world = await startChangeWorld();
      world.emulator.faults.once("POST", "reset-state", { kind });

      await world.update("Job", world.job, withTelefone());

      assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
    });

    it(`does not disturb what is read back (${kind})`, async () => {
      await using world = await startChangeWorld();
      world.emulator.faults.once("GET", "/jobs/jdbc/", { kind });
      world.emulator.faults.once("GET", "pipeline_run", { kind });

      await world.update("Job", world.job, withTelefone());

      assert.deepEqual(pairs(await world.rows()), PAIRS);
    });
  }

  it("is settled by the list when execute was carried out: there is no second run", async () => {
    await using world = await startChangeWorld();
    const runs = world.emulator.runs.all.length;
    world.emulator.faults.once("POST", "execute", { kind: "drop-after" });

    await world.update("Job", world.job, withTelefone());

    assert.equal(world.emulator.runs.all.length, runs + 1);
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("is settled by the list when execute was not: there is another attempt", async () => {
    await using world = await startChangeWorld();
    const runs = world.emulator.runs.all.length;
    world.emulator.faults.once("POST", "execute", { kind: "drop-before" });

    await world.update("Job", world.job, withTelefone());

    assert.equal(world.emulator.runs.all.length, runs + 1);
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("is waited out: a reset that arrives late does not undo a finished run", async () => {
    await using world = await startChangeWorld();
    world.emulator.faults.once("POST", "reset-state", { kind: "drop-then-late", ms: 20_000 });

    await world.update("Job", world.job, withTelefone());

    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("is waited out before the change is undone, too", async () => {
    await using world = await startChangeWorld();
    let resets = 0;
    world.emulator.faults.on(({ path }) => {
      if (!path.includes("reset-state") || resets >= 8) return undefined;
      resets += 1;
      return resets === 8 ? { kind: "drop-then-late", ms: 25_000 } : { kind: "drop-before" };
    });

    await assert.rejects(world.update("Job", world.job, withTelefone()), {
      message: /back as they were/,
    });

    world.emulator.clock.advance(60_000);
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("after the change is made does not fail the update, which would then be made once more", async () => {
    await using world = await startChangeWorld();
    loseJobOnceLoaded(world);

    const outputs = await world.update("Job", world.job, withTelefone());

    assert.equal((outputs["lastChange"] as { outcome: string }).outcome, "done");
    assert.equal(outputs["destinationTable"], world.job["destinationTable"]);
    assert.match(world.shown.at(-1)?.text ?? "", /the update is done, but its job could not/);
  });
});

describe("an overloaded Maestro", function () {
  this.timeout(PATIENCE_MS);

  for (const [status, body] of [
    [500, { detail: { exception_type: "InternalError", traceback: "could not commit" } }],
    [503, "upstream"],
    [429, { message: "Too Many Requests", statusCode: 429 }],
  ] as const) {
    it(`is asked again after ${status}`, async () => {
      await using world = await startChangeWorld();
      const fault = { kind: "status", status, body } as const;
      world.emulator.faults.once("PATCH", "/input", fault);
      world.emulator.faults.once("POST", "reset-state", fault);
      world.emulator.faults.once("GET", "pipeline_run", fault);
      world.emulator.faults.once("GET", "/jobs/jdbc/", fault);

      await world.update("Job", world.job, withTelefone());

      assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
    });
  }

  it("that limits the rate of requests is no reason to fail", async () => {
    await using world = await startChangeWorld({ requestsPerSecond: 10 });

    await world.update("Job", world.job, withTelefone());

    assert.deepEqual(pairs(await world.rows()), PAIRS);
  });
});

describe("an answer of Snowflake that is lost", function () {
  this.timeout(PATIENCE_MS);

  for (const forgets of [true, false]) {
    it(`leaves a DELETE that is sent twice with one effect (the server ${forgets ? "forgets" : "knows"} the first)`, async () => {
      await using world = await startChangeWorld();
      once(world, /^DELETE/, { kind: "drop-after", forgets });

      await world.update("Job", world.job, withTelefone());

      assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
    });
  }

  it("is settled by the journal when COMMIT had been carried out", async () => {
    await using world = await startChangeWorld();
    failCommit(world, 1, true);

    await world.update("Job", world.job, withTelefone());

    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
    assert.equal((await journalSteps(world)).at(-1), "finished");
  });

  it("is settled by the journal when COMMIT had not: the change is undone, and nothing was lost", async () => {
    await using world = await startChangeWorld();
    failCommit(world, 1, false);

    await assert.rejects(world.update("Job", world.job, withTelefone()), {
      message: /Lost the connection to Snowflake during COMMIT[\s\S]*No row of/,
    });

    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("for the last entry still finishes the change", async () => {
    await using world = await startChangeWorld();
    failCommit(world, 3, true);

    const outputs = await world.update("Job", world.job, withTelefone());

    assert.equal((outputs["lastChange"] as { outcome: string }).outcome, "done");
    assert.equal(effects(world).filter((one) => one === "POST execute").length, 2);
  });
});

/** From the first COMMIT after the change's own run Maestro fails to show the job. */
function loseJobOnceLoaded({ emulator }: ChangeWorld): void {
  const runs = emulator.runs.all.length;
  emulator.warehouse.faults.on(({ sql }) => {
    if (sql !== "COMMIT" || emulator.runs.all.length === runs) return { kind: "none" };
    emulator.faults.on(({ path }) =>
      path.includes("/jobs/jdbc/") ? { kind: "status", status: 500 } : undefined,
    );
    return { kind: "none" };
  });
}
