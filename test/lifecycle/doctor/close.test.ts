import assert from "node:assert/strict";
import { planHealing } from "#src/domain/healing.js";
import {
  type ChangeWorld,
  lastChange,
  liveCron,
  PATIENCE_MS,
  startChangeWorld,
} from "../../support/change-world.js";
import {
  asSomebody,
  doctorOf,
  endingOf,
  leaveUnfinished,
  loseBackUp,
  only,
  runDoctor,
} from "../../support/doctor.js";
import { TABLE, withTelefone } from "../../support/world.js";

const HOURLY = { pipeline: { cron: "0 * * * *" } };

describe("a change that a person gives up as lost", function () {
  this.timeout(PATIENCE_MS);

  it("is closed as it stands where its back-up is gone, and its schedule comes back", async () => {
    await using world = await startChangeWorld(HOURLY);
    await leaveUnfinished(world);
    await loseBackUp(world);
    const before = await endingOf(world);

    await close(world);

    assert.deepEqual(await endingOf(world), {
      ...before,
      cron: "0 * * * *",
      lease: { OWNER: null, IS_HELD: false },
    });
    assert.deepEqual(await doctorOf(world).kinds(), []);
  });

  it("stands in nobody's way: the next update makes its change from what there is", async () => {
    await using world = await startChangeWorld(HOURLY);
    await leaveUnfinished(world);
    await loseBackUp(world);
    await close(world);

    const outputs = await world.another().update("Job", world.job, withTelefone());

    assert.equal(lastChange(outputs)["outcome"], "done");
    assert.equal(await liveCron(world), "0 * * * *");
  });

  it("is closed where its table was made anew, and what was put in it stays", async () => {
    await using world = await startChangeWorld(HOURLY);
    await leaveUnfinished(world);
    await asSomebody(world, `CREATE OR REPLACE TABLE ${TABLE} (ID NUMBER)`);

    await close(world);

    assert.deepEqual(await world.emulator.warehouse.rows(`SELECT * FROM ${TABLE}`), []);
    assert.equal(await liveCron(world), "0 * * * *");
  });

  it("is not closed where nothing is missing: it can be finished or undone", async () => {
    await using world = await startChangeWorld(HOURLY);
    await leaveUnfinished(world);
    const before = await endingOf(world);

    await assert.rejects(close(world), { code: "CHANGE_NOT_LOST" });

    assert.deepEqual(await endingOf(world), before);
    assert.ok((await doctorOf(world).kinds()).includes("unfinished-change"));
  });
});

describe("dadosfera doctor --heal --close", function () {
  this.timeout(PATIENCE_MS);

  it("shows what it will do, does it, and says what nobody puts right any more", async () => {
    await using world = await startChangeWorld(HOURLY);
    await leaveUnfinished(world);
    await loseBackUp(world);
    const { changeId } = only(await doctorOf(world).look(), "unfinished-change");

    const { code, stdout } = await runDoctor(world, "--heal", "--close", changeId, "--yes");

    assert.equal(code, 0);
    const text = stdout.replaceAll(/\s+/g, " ");
    assert.match(text, new RegExp(`To heal this: 1\\. Close change ${changeId} .* as it stands`));
    assert.match(
      text,
      /closed change .* were deleted to be loaded again .* The schedule .* is back/,
    );
    assert.match(text, /Healthy: nothing is unfinished/);
  });

  it("does nothing where there is no such change", async () => {
    await using world = await startChangeWorld(HOURLY);
    await leaveUnfinished(world);
    const before = await endingOf(world);

    const ended = await runDoctor(world, "--heal", "--close", "no-such-change", "--yes");

    assert.deepEqual(ended, {
      code: 2,
      stdout: "",
      stderr:
        "Did not heal: there is no unfinished change no-such-change that nobody works on.\nNothing was changed.\nRun `dadosfera doctor` to see the changes and their ids.\n",
    });
    assert.deepEqual(await endingOf(world), before);
  });
});

/** A doctor closes the unfinished change, whichever it is. */
async function close(world: ChangeWorld): Promise<void> {
  const doctor = doctorOf(world);
  const seen = await doctor.look();
  const { changeId } = only(seen, "unfinished-change");
  await doctor.carryOut(planHealing(seen, "finish", changeId));
}
