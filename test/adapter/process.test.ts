import assert from "node:assert/strict";
import { complaintOf, writesOf } from "../support/complaint.js";
import { aPipeline, JOB, PIPELINE, startLoadedWorld, withTelefone } from "../support/world.js";

describe("work on one pipeline in one process", function () {
  this.timeout(20_000);

  it("is done in turn: a pipeline's update waits for the change of its job", async () => {
    await using world = await startLoadedWorld();
    const sent = writesOf(world).length;

    await Promise.all([
      world.providers.Job.update?.(JOB, world.job, withTelefone()),
      world.providers.Pipeline.update?.(PIPELINE, aPipeline(), aPipeline({ name: "Sales" })),
    ]);

    const writes = writesOf(world).slice(sent);
    assert.equal(writes.at(-1), `PATCH /platform/pipeline/${PIPELINE}`);
    assert.equal(writes.includes("POST /platform/pipeline/execute"), true);
  });

  it("ends when the process is interrupted: what waits says so, what waits its turn is not begun", async () => {
    await using world = await startLoadedWorld();
    world.emulator.runs.hold();
    const isRunning = new Promise<void>((resolve) => {
      world.emulator.faults.once("POST", "/execute", { kind: "run", when: "after", work: resolve });
    });
    const failures = [
      complaintOf(world.providers.Job.update?.(JOB, world.job, withTelefone()) ?? notThere),
      complaintOf(
        world.providers.Pipeline.update?.(PIPELINE, aPipeline(), aPipeline({ name: "Sales" })) ??
          notThere,
      ),
    ];
    await isRunning;
    const sent = writesOf(world).length;

    await world.process.interrupt();

    const [waiting, queued] = await Promise.all(failures);
    assert.deepEqual([waiting?.code, queued?.code], ["INTERRUPTED", "INTERRUPTED"]);
    assert.equal(
      queued?.message,
      `Did not begin to change pipeline ${PIPELINE}: this command was interrupted.\nNothing was changed.\nRun \`pulumi up\` again.`,
    );
    assert.equal(writesOf(world).length, sent);
  });

  it("goes on after a failure of what was before it", async () => {
    await using world = await startLoadedWorld();
    const bookmark = { after: "2025-12-17 16:50:03" };

    const [refused] = await Promise.all([
      complaintOf(world.providers.Job.update?.(JOB, world.job, withTelefone(bookmark)) ?? notThere),
      world.providers.Pipeline.update?.(PIPELINE, aPipeline(), aPipeline({ name: "Sales" })),
    ]);

    assert.equal(refused.code, "BOOKMARK_TAKEN");
    assert.equal(writesOf(world).at(-1), `PATCH /platform/pipeline/${PIPELINE}`);
  });
});

const notThere = Promise.resolve();
