import assert from "node:assert/strict";
import {
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
} from "../support/change-world.js";
import { complaintOf } from "../support/complaint.js";
import { aPipeline, PIPELINE, type Props, type World, withTelefone } from "../support/world.js";

const HOURLY = "0 * * * *";
const DAILY = "0 7 * * *";

describe("a pipeline beside an unfinished change of its job", function () {
  this.timeout(PATIENCE_MS);

  it("is read as the program wants it: the cron is the one that is held", async () => {
    await using world = await startHourly();
    await cutShort(world);

    const found = await world.another().providers.Pipeline.read?.(PIPELINE, orders());

    assert.equal(await liveCron(world), null);
    assert.deepEqual(found?.inputs, orders());
  });

  it("takes a new cron, which is put back when the change has ended", async () => {
    await using world = await startHourly();
    await cutShort(world);
    world.emulator.runs.release();
    const next = world.another();

    await next.update("Pipeline", orders(), orders({ cron: DAILY }));
    const cronBetween = await liveCron(world);
    await next.update("Job", world.job, withTelefone());

    assert.equal(cronBetween, null);
    assert.equal(await liveCron(world), DAILY);
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("that is to run by hand only from now on is left without a cron at the end", async () => {
    await using world = await startHourly();
    await cutShort(world);
    world.emulator.runs.release();
    const next = world.another();

    await next.update("Pipeline", orders(), orders({ cron: null }));
    await next.update("Job", world.job, withTelefone());

    assert.equal(await liveCron(world), null);
    assert.equal(await isHeld(world), false);
  });

  it("is refused to `destroy`, and deleted once its job was undone", async () => {
    await using world = await startHourly();
    await cutShort(world);
    world.emulator.runs.release();
    const next = world.another();

    const { code } = await complaintOf(deleted(next));
    await next.providers.Job.delete?.(String(world.job["jobId"]), world.job);
    await deleted(next);

    assert.equal(code, "PIPELINE_HELD");
    assert.equal((await journalSteps(world)).at(-1), "finished");
    assert.deepEqual(pairs(await world.rows()), PAIRS);
    assert.deepEqual(await next.providers.Pipeline.read?.(PIPELINE, orders()), {});
  });

  it("that is paused has the change undone, since it cannot run, and says what to do", async () => {
    await using world = await startHourly();
    world.emulator.runs.failNext("out of memory");
    await cutShort(world);
    world.emulator.runs.release();
    await world.emulator.runs.idle();
    const next = world.another();

    await next.update("Pipeline", orders(), orders({ paused: true }));
    const { message } = await complaintOf(next.update("Job", world.job, withTelefone()));

    assert.match(message, /paused[\s\S]*are back as they were[\s\S]*Unpause/i);
    assert.equal(await liveCron(world), HOURLY);
    assert.deepEqual(pairs(await world.rows()), PAIRS);
  });
});

describe("a pipeline beside a change that another process makes", function () {
  this.timeout(PATIENCE_MS);

  it("takes a new cron, which that process puts back", async () => {
    await using world = await startHourly();
    const work = async () =>
      void (await world.another().update("Pipeline", orders(), orders({ cron: DAILY })));
    world.emulator.faults.once("POST", "/execute", { kind: "run", work });

    const outputs = await world.update("Job", world.job, withTelefone());

    assert.equal(lastChange(outputs)["outcome"], "done");
    assert.equal(await liveCron(world), DAILY);
  });

  it("takes a new cron even while that process puts the old one back", async () => {
    await using world = await startHourly();
    const work = async () =>
      void (await world.another().update("Pipeline", orders(), orders({ cron: DAILY })));
    const stop = world.emulator.faults.on(({ method, body }) => {
      if (method !== "PATCH" || (body as Props)["cron"] !== HOURLY) return undefined;
      stop();
      return { kind: "run", when: "after", work };
    });

    await world.update("Job", world.job, withTelefone());

    assert.equal(await liveCron(world), DAILY);
    assert.equal(await isHeld(world), false);
  });
});

function startHourly(): Promise<ChangeWorld> {
  return startChangeWorld({ pipeline: { cron: HOURLY } });
}

function orders(changes: Props = {}): Props {
  return aPipeline({ cron: HOURLY, ...changes });
}

/** A change whose run does not end in time. */
async function cutShort(world: ChangeWorld): Promise<void> {
  world.emulator.runs.hold();
  const impatient = withTelefone(undefined, { timeouts: { run: 60 } });
  assert.equal((await complaintOf(world.update("Job", world.job, impatient))).code, "RUN_TIMEOUT");
}

async function deleted({ providers }: Pick<World, "providers">): Promise<void> {
  await providers.Pipeline.delete?.(PIPELINE, orders());
}

async function isHeld({ process }: World): Promise<boolean | undefined> {
  return (await process.contextOf("").doors.warehouse?.leases.find(PIPELINE))?.isHeld;
}
