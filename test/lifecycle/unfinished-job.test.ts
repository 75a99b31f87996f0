import assert from "node:assert/strict";
import { complaintOf, writesOf } from "../support/complaint.js";
import { heldCron } from "../support/schedule-hold.js";
import {
  aJob,
  aPipeline,
  JOB,
  PIPELINE,
  type Props,
  startLoadedWorld,
  type World,
  withTelefone,
} from "../support/world.js";

describe("a job whose change did not come to its end", function () {
  this.timeout(20_000);

  it("is read as it was before the change, and marked", async () => {
    await using world = await startUnfinishedWorld();

    const found = await world.providers.Job.read?.(JOB, world.job);

    assert.deepEqual(found?.inputs, world.job);
    assert.equal(found?.props?.lastChange.outcome, "unfinished");
    assert.match(
      world.shown.at(-1)?.text ?? "",
      /^change [0-9a-f-]+ of this job is unfinished: the next `pulumi up` finishes or undoes it$/,
    );
  });

  it("differs even where the program is back at what it was", async () => {
    await using world = await startUnfinishedWorld();

    const next = world.another();
    await next.providers.Job.check?.(world.job, aJob());
    const difference = await next.providers.Job.diff?.(JOB, world.job, aJob());

    assert.deepEqual(difference, { changes: true });
    assert.match(next.shown.at(-1)?.text ?? "", /is unfinished: it will be undone first/);
  });

  it("gets its rows and its schedule back when it is deleted", async () => {
    await using world = await startUnfinishedWorld();
    world.emulator.runs.release();

    await world.providers.Job.delete?.(JOB, world.job);

    assert.deepEqual(await withoutPhones(world), world.before);
    assert.equal(await heldCron(world), undefined);
    assert.equal(writesOf(world).at(-1), `PATCH /platform/pipeline/${PIPELINE}`);
  });

  it("keeps its pipeline from being deleted, until it is deleted itself", async () => {
    await using world = await startUnfinishedWorld();
    const pipeline = aPipeline();

    const { code } = await complaintOf(
      world.providers.Pipeline.delete?.(PIPELINE, pipeline) ?? Promise.resolve(),
    );
    world.emulator.runs.release();
    await world.providers.Job.delete?.(JOB, world.job);
    await world.providers.Pipeline.delete?.(PIPELINE, pipeline);

    assert.equal(code, "PIPELINE_HELD");
    assert.equal(writesOf(world).at(-1), `DELETE /platform/pipeline/${PIPELINE}`);
  });
});

interface Unfinished extends World {
  readonly job: Props;
  readonly before: readonly unknown[];
}

/** A pipeline with a cron, whose job's change stopped waiting for the run. */
async function startUnfinishedWorld(): Promise<Unfinished> {
  const world = await startLoadedWorld();
  await world.update("Pipeline", aPipeline(), aPipeline({ cron: "0 6 1 1 *" }));
  const before = await world.rows();
  world.emulator.runs.hold();
  const news = withTelefone(undefined, { timeouts: { run: 0.02 } });
  const { code } = await complaintOf(
    world.providers.Job.update?.(JOB, world.job, news) ?? Promise.resolve(),
  );
  assert.equal(code, "RUN_TIMEOUT");
  return Object.assign(world, { before });
}

/** The rows as they were before anybody knew of telephones. */
async function withoutPhones(world: World): Promise<readonly unknown[]> {
  return (await world.rows()).map(({ TELEFONE: _phone, ...row }) => row);
}
