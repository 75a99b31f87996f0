import assert from "node:assert/strict";
import { planHealing } from "#src/domain/healing.js";
import { pipelineId } from "#src/domain/job-id.js";
import {
  type ChangeWorld,
  journalSteps,
  LATER_PAIR,
  lastChange,
  liveCron,
  PAIRS,
  PATIENCE_MS,
  runLater,
  startChangeWorld,
} from "../../support/change-world.js";
import { doctorOf, endingOf, leaveUnfinished, loseBackUp } from "../../support/doctor.js";
import { PIPELINE, withTelefone } from "../../support/world.js";

const CRON = "0 3 1 1 *";
const YEARLY = { pipeline: { cron: CRON } };

describe("an unfinished change that a doctor heals", function () {
  this.timeout(PATIENCE_MS);

  it("goes on as it was begun: what an undisturbed change leaves, and the next `up` loses and doubles nothing", async () => {
    await using world = await startChangeWorld(YEARLY);
    await leaveUnfinished(world);

    const remedies = await doctorOf(world).heal();

    assert.deepEqual(
      remedies.map(({ kind }) => kind),
      ["finish-change"],
    );
    assert.deepEqual(await doctorOf(world).kinds(), []);
    assert.equal(await liveCron(world), CRON);
    const outputs = await world.another().update("Job", world.job, withTelefone());
    assert.equal(lastChange(outputs)["outcome"], "done");
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("is undone if that is preferred: the rows are as they were", async () => {
    await using world = await startChangeWorld(YEARLY);
    const before = await world.rows();
    await leaveUnfinished(world);

    const remedies = await doctorOf(world).heal("undo");

    assert.deepEqual(
      remedies.map(({ kind }) => kind),
      ["undo-change"],
    );
    assert.deepEqual(
      await world.rows(),
      before.map((row) => ({ ...row, TELEFONE: null })),
    );
    assert.equal(await liveCron(world), CRON);
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("is undone if it was on its way back, whatever is preferred", async () => {
    await using world = await startChangeWorld(YEARLY);
    const before = await world.rows();
    const stop = await leaveUndoing(world);
    stop();

    const remedies = await doctorOf(world).heal("finish");

    assert.deepEqual(
      remedies.map(({ kind }) => kind),
      ["undo-change"],
    );
    assert.deepEqual(await world.rows(), before);
  });

  it("waits as long as the program would", async () => {
    await using world = await startChangeWorld(YEARLY);
    await leaveUnfinished(world, { timeouts: { run: 90 } });
    world.emulator.runs.hold();
    await world.process.contextOf("").doors.maestro.executePipeline(pipelineId.parse(PIPELINE));

    const healing = doctorOf(world).heal();

    await assert.rejects(healing, { message: /Stopped waiting for the run after 1 min 30 s/ });
  });

  it("may delete as much as the program allowed", async () => {
    await using world = await startChangeWorld(YEARLY);
    world.emulator.runs.hold();
    await world.process.contextOf("").doors.maestro.executePipeline(pipelineId.parse(PIPELINE));
    const rows = { after: "2025-12-17 14:03:30" };
    const limits = { deletedPercent: 70 };
    const news = withTelefone(rows, { limits, timeouts: { run: 7200 } });
    await assert.rejects(world.update("Job", world.job, news), { message: /Stopped waiting/ });
    world.emulator.runs.release();

    await doctorOf(world).heal();

    assert.equal((await journalSteps(world)).at(-1), "finished");
    assert.equal((await world.rows()).filter((row) => row["TELEFONE"] !== null).length, 5);
  });

  it("is left alone where somebody ended it after the doctor looked", async () => {
    await using world = await startChangeWorld(YEARLY);
    await leaveUnfinished(world);
    const doctor = doctorOf(world);
    const remedies = planHealing(await doctor.look(), "finish");
    await world.another().update("Job", world.job, withTelefone());
    const before = await journalSteps(world);

    await doctor.carryOut(remedies);

    assert.deepEqual(await journalSteps(world), before);
  });

  it("is not touched where its back-up is gone, and a person is asked to put it back", async () => {
    await using world = await startChangeWorld(YEARLY);
    await leaveUnfinished(world);
    await loseBackUp(world);
    const before = await endingOf(world);

    await assert.rejects(doctorOf(world).heal(), { code: "BACK_UP_GONE" });

    assert.deepEqual(await endingOf(world), before);
    assert.ok((await doctorOf(world).kinds()).includes("unfinished-change"));
  });
});

/** A change whose undoing failed: the third reset, and all that follow, are refused until what is answered is called. */
async function leaveUndoing(world: ChangeWorld): Promise<() => void> {
  world.emulator.runs.failNext("out of memory", 3);
  let resets = 0;
  const stop = world.emulator.faults.on(({ path }) => {
    if (!path.includes("reset-state")) return undefined;
    resets += 1;
    return resets > 3 ? { kind: "status", status: 400 } : undefined;
  });
  await assert.rejects(world.update("Job", world.job, withTelefone()), {
    message: /Undoing it failed too/,
  });
  return stop;
}
