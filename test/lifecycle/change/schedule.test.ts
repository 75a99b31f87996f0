import assert from "node:assert/strict";
import { pipelineId } from "#src/domain/job-id.js";
import {
  BOOKMARK,
  beforeStatement,
  type ChangeWorld,
  effects,
  journalSteps,
  LATER_PAIR,
  liveCron,
  NEW_ORDER,
  PAIRS,
  PATIENCE_MS,
  pairs,
  runLater,
  startChangeWorld,
} from "../../support/change-world.js";
import { leaveHold } from "../../support/schedule-hold.js";
import { PIPELINE, type Props, withTelefone } from "../../support/world.js";

const HOURLY = { cron: "0 * * * *" };
const HALF_PAST = "30 * * * *";
const HOUR_MS = 3_600_000;
const GENEROUS = withTelefone({ after: BOOKMARK }, { limits: { deletedPercent: 100 } });
const WITH_NEW_ORDER = [...PAIRS, "6 2025-12-17 17:00:00"];

describe("the schedule of a pipeline under change", function () {
  this.timeout(PATIENCE_MS);

  it("is held while the change runs, and back afterwards", async () => {
    await using world = await startChangeWorld({ pipeline: HOURLY });
    const seen: unknown[] = [];
    beforeStatement(world, /^DELETE/, async () => seen.push(await liveCron(world)));

    await world.update("Job", world.job, withTelefone());

    assert.deepEqual(seen, [null]);
    assert.equal(await liveCron(world), "0 * * * *");
  });

  it("is back after a change that failed", async () => {
    await using world = await startChangeWorld({ pipeline: HOURLY });
    world.emulator.runs.failNext("out of memory", 3);

    await assert.rejects(world.update("Job", world.job, withTelefone()), {
      message: /The schedule "0 \* \* \* \*" is back\./,
    });

    assert.equal(await liveCron(world), "0 * * * *");
  });

  for (const cron of ["@once", null]) {
    it(`is left alone where it never fires again (${cron})`, async () => {
      await using world = await startChangeWorld({ pipeline: { cron } });

      await world.update("Job", world.job, withTelefone());

      assert.equal(await liveCron(world), cron);
      assert.ok(!effects(world).some((effect) => effect.startsWith("PATCH 7b8b")));
    });
  }

  it("is back although the answers to both of its changes were lost", async () => {
    await using world = await startChangeWorld({ pipeline: HOURLY });
    world.emulator.faults.once("PATCH", "/pipeline/", { kind: "drop-then-late", ms: 20_000 });

    await world.update("Job", world.job, withTelefone());

    world.emulator.clock.advance(60_000);
    assert.equal(await liveCron(world), "0 * * * *");
  });
});

describe("a schedule that is wanted otherwise meanwhile", function () {
  this.timeout(PATIENCE_MS);

  it("is put back as the hold says, although an attempt that was cut off had put the old one back", async () => {
    await using world = await startChangeWorld({ pipeline: HOURLY });
    await leaveHold(world, HALF_PAST);
    await wish(world, HOURLY.cron);

    await world.update("Job", world.job, withTelefone());

    assert.equal(await liveCron(world), HALF_PAST);
  });

  it("is not overtaken by a late attempt to put the old one back", async () => {
    await using world = await startChangeWorld({ pipeline: HOURLY });
    delayReturn(world, HOURLY.cron, 20_000);
    await world.update("Job", world.job, withTelefone());

    await wish(world, HALF_PAST);

    world.emulator.clock.advance(60_000);
    assert.equal(await liveCron(world), HALF_PAST);
  });
});

describe("a run that begins by itself", function () {
  this.timeout(PATIENCE_MS);

  it("before the DELETE neither loses nor doubles a row", async () => {
    await using world = await startDisturbed();
    beforeStatement(world, /^BEGIN/, () => fire(world));

    await world.update("Job", world.job, GENEROUS);

    assert.deepEqual(await runLater(world), [...WITH_NEW_ORDER, LATER_PAIR]);
    assert.equal(await filledRows(world), 6);
  });

  it("while rows are being deleted sends the change back to waiting", async () => {
    await using world = await startDisturbed();
    beforeStatement(world, /^COMMIT/, () => fire(world));

    await world.update("Job", world.job, GENEROUS);

    assert.ok(world.shown.some(({ text }) => /a run started while rows were deleted/.test(text)));
    assert.deepEqual(await runLater(world), [...WITH_NEW_ORDER, LATER_PAIR]);
    assert.equal(await filledRows(world), 6);
  });

  it("between DELETE and reset does not pass for the run of the change", async () => {
    await using world = await startDisturbed();
    world.emulator.faults.once("POST", "reset-state", { kind: "run", work: () => fire(world) });

    await world.update("Job", world.job, GENEROUS);

    assert.deepEqual(await runLater(world), [...WITH_NEW_ORDER, LATER_PAIR]);
    assert.equal(await filledRows(world), 6);
  });

  it("and ends after the reset does not pass for it either, though it moves the state", async () => {
    await using world = await startDisturbed();
    const { faults, runs } = world.emulator;
    faults.once("POST", "reset-state", {
      kind: "run",
      work: async () => {
        runs.hold();
        world.emulator.clock.advance(30_000);
      },
    });
    const listed = faults.on(({ method, path }) => {
      if (method !== "GET" || !path.includes("pipeline_run")) return undefined;
      const isUnderWay = runs.all.some((run) => run.status === "RUNNING");
      if (!isUnderWay) return undefined;
      listed();
      return { kind: "run", when: "after", work: () => runs.release() };
    });

    await world.update("Job", world.job, GENEROUS);

    assert.deepEqual(await runLater(world), [...WITH_NEW_ORDER, LATER_PAIR]);
    assert.equal(await filledRows(world), 6);
  });

  it("after the reset is followed beside the change's own", async () => {
    await using world = await startDisturbed();
    world.emulator.faults.once("POST", "execute", { kind: "run", work: () => fire(world) });

    await world.update("Job", world.job, GENEROUS);

    assert.deepEqual(await runLater(world), [...WITH_NEW_ORDER, LATER_PAIR]);
    assert.equal(await filledRows(world), 6);
  });

  it("before the change is waited for", async () => {
    await using world = await startChangeWorld();
    const { faults, runs, source } = world.emulator;
    await source.run(NEW_ORDER);
    runs.hold();
    runs.start(PIPELINE, "scheduled");
    faults.once("GET", "pipeline_run", { kind: "run", when: "after", work: () => runs.release() });

    await world.update("Job", world.job, GENEROUS);

    assert.deepEqual(pairs(await world.rows()), WITH_NEW_ORDER);
    assert.ok(world.shown.some(({ text }) => /waiting for a run to end/.test(text)));
    assert.ok((await journalSteps(world)).includes("finished"));
  });
});

/** Hourly, obeyed an hour late: the scheduler fires once more although Maestro says that there is no cron. */
async function startDisturbed(): Promise<ChangeWorld> {
  const world = await startChangeWorld({
    pipeline: HOURLY,
    switches: { cronNullObeyedLateMs: 2 * HOUR_MS },
  });
  await world.emulator.source.run(NEW_ORDER);
  world.emulator.clock.set(new Date("2025-12-17T18:59:40Z"));
  return world;
}

/** The first request that gives the pipeline this cron gets no answer, and is carried out so much later. */
function delayReturn({ emulator }: ChangeWorld, cron: string, ms: number): void {
  const stop = emulator.faults.on(({ method, body }) => {
    if (method !== "PATCH" || (body as Props)["cron"] !== cron) return undefined;
    stop();
    return { kind: "drop-then-late", ms };
  });
}

/** Gives the pipeline a cron at Maestro, without asking who holds it. */
async function wish({ process }: ChangeWorld, cron: string): Promise<void> {
  await process.contextOf("").doors.maestro.patchPipeline(pipelineId.parse(PIPELINE), { cron });
}

/** Lets the full hour pass, and the run that it starts. */
async function fire({ emulator }: ChangeWorld): Promise<void> {
  emulator.clock.advance(30_000);
  await emulator.runs.idle();
}

async function filledRows(world: ChangeWorld): Promise<number> {
  return (await world.rows()).filter((row) => row["TELEFONE"] !== null).length;
}
