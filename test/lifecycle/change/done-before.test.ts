import assert from "node:assert/strict";
import {
  journalSteps,
  lastChange,
  PATIENCE_MS,
  startChangeWorld,
} from "../../support/change-world.js";
import { aJob, withTelefone } from "../../support/world.js";

const QUALIFY = { input: { loadType: "incremental_with_qualify" } };

describe("a change that ended well, and that Pulumi's state does not know", function () {
  this.timeout(PATIENCE_MS);

  it("is not made again by the next up, which says so and takes it into the state", async () => {
    await using world = await startChangeWorld();
    const done = lastChange(await world.update("Job", world.job, withTelefone()));
    const runs = world.emulator.runs.all.length;
    const next = world.another();

    const outputs = await next.update("Job", world.job, withTelefone());

    assert.equal(lastChange(outputs)["changeId"], done["changeId"]);
    assert.equal(world.emulator.runs.all.length, runs);
    assert.match(
      next.shown.map(({ text }) => text).join("\n"),
      /change .* \(telefone\) ended well before/,
    );
  });

  it("is not made again if it was of the load type", async () => {
    await using world = await startChangeWorld();
    await world.update("Job", world.job, aJob(QUALIFY));
    const runs = world.emulator.runs.all.length;

    await world.another().update("Job", world.job, aJob(QUALIFY));

    assert.equal(world.emulator.runs.all.length, runs);
  });

  it("is not made again where another part of its update failed", async () => {
    await using world = await startChangeWorld();
    const { runs } = world.emulator;
    const news = withTelefone(undefined, {
      input: { ...inputOf(withTelefone()), ...QUALIFY.input },
    });
    world.emulator.faults.once("POST", "sync-mode", { kind: "status", status: 422 });
    await assert.rejects(world.update("Job", world.job, news));
    const before = runs.all.length;

    await world.another().update("Job", world.job, news);

    assert.equal(runs.all.length, before + 1);
    assert.deepEqual(
      (await journalSteps(world)).filter((step) => step === "columns-added"),
      ["columns-added"],
    );
  });

  it("is made again with another bookmark", async () => {
    await using world = await startChangeWorld();
    await world.update("Job", world.job, withTelefone());
    const other = withTelefone({ after: "2025-12-17 16:45:00" });

    const outputs = await world.another().update("Job", world.job, other);

    assert.equal(lastChange(outputs)["window"], "after 2025-12-17 16:45:00");
  });

  it("is made again on a new trigger", async () => {
    await using world = await startChangeWorld();
    const state = await world.update("Job", world.job, withTelefone());

    const again = await world.update("Job", state, withTelefone(undefined, { triggers: ["2"] }));

    assert.notEqual(lastChange(again)["changeId"], lastChange(state)["changeId"]);
  });
});

function inputOf(job: Record<string, unknown>): Record<string, unknown> {
  return { ...(aJob()["input"] as object), ...(job["input"] as object) };
}
