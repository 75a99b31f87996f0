import assert from "node:assert/strict";
import {
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
  without,
} from "../../support/change-world.js";
import { aJob, withTelefone } from "../../support/world.js";

const TIMEOUT = { timeouts: { run: 60 } };
const HOURLY = { pipeline: { cron: "0 * * * *" } };

describe("a column change that was cut short", function () {
  this.timeout(PATIENCE_MS);

  it("by a run that takes too long is unfinished: the schedule stays held, the lease is given back", async () => {
    await using world = await startChangeWorld(HOURLY);

    await cutShort(world);

    assert.equal(await liveCron(world), null);
    const [lease] = await world.emulator.warehouse.rows(
      "SELECT OWNER, IS_HELD, HELD_CRON FROM PUBLIC.PULUMI_DADOSFERA_LEASES",
    );
    assert.deepEqual(lease, { OWNER: null, IS_HELD: true, HELD_CRON: "0 * * * *" });
  });

  it("goes on with the same program, and follows the run that there is", async () => {
    await using world = await startChangeWorld(HOURLY);
    await cutShort(world);
    const runs = world.emulator.runs.all.length;
    world.emulator.runs.release();
    const next = world.another();

    const outputs = await next.update("Job", world.job, withTelefone());

    assert.equal(world.emulator.runs.all.length, runs);
    assert.equal(lastChange(outputs)["outcome"], "done");
    assert.equal(await liveCron(world), "0 * * * *");
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("is left alone where somebody else ends it while this one waits for the lease", async () => {
    await using world = await startChangeWorld(HOURLY);
    await cutShort(world);
    world.emulator.runs.release();
    const next = world.another();
    const stop = world.emulator.warehouse.faults.on(({ sql }) => {
      if (!sql.startsWith("MERGE INTO")) return { kind: "none" };
      stop();
      const work = async () =>
        void (await world.another().update("Job", world.job, withTelefone()));
      return { kind: "run", work };
    });

    await next.update("Job", world.job, withTelefone());

    const said = next.shown.map(({ text }) => text);
    assert.ok(!said.some((text) => text.startsWith("resuming")));
    const steps = await journalSteps(world);
    assert.deepEqual(
      steps.filter((step) => step === "started" || step === "finished"),
      ["started", "finished"],
    );
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("is undone first when the program names another bookmark, and then begins anew", async () => {
    await using world = await startChangeWorld(HOURLY);
    await cutShort(world);
    world.emulator.runs.release();
    const next = world.another();

    const news = withTelefone({ after: "2025-12-17 16:45:00" });
    const outputs = await next.update("Job", world.job, news);

    assert.equal(lastChange(outputs)["window"], "after 2025-12-17 16:45:00");
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("is undone when the program was reverted: the rows are back, the column stays", async () => {
    await using world = await startChangeWorld(HOURLY);
    const before = await world.rows();
    await cutShort(world);
    world.emulator.runs.release();
    const next = world.another();

    const outputs = await next.update("Job", world.job, aJob());

    assert.deepEqual(without("TELEFONE", await world.rows()), before);
    assert.deepEqual(outputs["extraColumns"], ["telefone"]);
    assert.equal(await liveCron(world), "0 * * * *");
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("is undone before its job is deleted", async () => {
    await using world = await startChangeWorld(HOURLY);
    await cutShort(world);
    world.emulator.runs.release();
    const next = world.another();

    await next.providers.Job.delete?.(String(world.job["jobId"]), world.job);

    assert.deepEqual(pairs(await world.rows()), PAIRS);
    assert.equal((await journalSteps(world)).at(-1), "finished");
  });

  it("by an interruption is left for the next update", async () => {
    await using world = await startChangeWorld(HOURLY);
    world.emulator.runs.hold();
    world.emulator.faults.once("POST", "execute", {
      kind: "run",
      when: "after",
      work: () => void world.process.interrupt(),
    });

    await assert.rejects(world.update("Job", world.job, withTelefone()), {
      message:
        /interrupted[\s\S]*The change is unfinished and the schedule "0 \* \* \* \*" stays held/,
    });

    world.emulator.runs.release();
    await world.another().update("Job", world.job, withTelefone());
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("by an interruption between two steps begins no other step, and gives the lease back", async () => {
    await using world = await startChangeWorld(HOURLY);
    world.emulator.faults.once("PATCH", "/input", {
      kind: "run",
      when: "after",
      work: () => void world.process.interrupt(),
    });

    await assert.rejects(world.update("Job", world.job, withTelefone()), {
      message: /interrupted[\s\S]*No row of .* was deleted/,
    });

    assert.equal((await journalSteps(world)).at(-1), "columns-added");
    const [lease] = await world.emulator.warehouse.rows(
      "SELECT OWNER FROM PUBLIC.PULUMI_DADOSFERA_LEASES",
    );
    assert.deepEqual(lease, { OWNER: null });
    await world.another().update("Job", world.job, withTelefone());
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("by a Snowflake that cannot be reached is finished by the next update", async () => {
    await using world = await startChangeWorld(HOURLY);
    const { faults } = world.emulator.warehouse;
    let reached: () => void = () => undefined;
    beforeStatement(world, /AS LOST/, async () => {
      reached = faults.on(() => ({ kind: "status", status: 400 }));
    });

    await assert.rejects(world.update("Job", world.job, withTelefone()), {
      message: /The change is unfinished/,
    });

    reached();
    world.emulator.clock.advance(120_000);
    const outputs = await world.another().update("Job", world.job, withTelefone());
    assert.equal(lastChange(outputs)["outcome"], "done");
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("while it was being undone is undone by the next update, whatever ran in between", async () => {
    await using world = await startChangeWorld();
    world.emulator.runs.failNext("out of memory", 3);
    let resets = 0;
    const stop = world.emulator.faults.on(({ path }) => {
      if (!path.includes("reset-state")) return undefined;
      resets += 1;
      return resets > 3 ? { kind: "status", status: 400 } : undefined;
    });

    await assert.rejects(world.update("Job", world.job, withTelefone()), {
      message: /Undoing it failed too[\s\S]*The change is unfinished/,
    });

    stop();
    await world.run();
    await world.another().update("Job", world.job, aJob());
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("just after it asked for a run is undone once that run is listed and has ended", async () => {
    await using world = await startChangeWorld({ switches: { runsListedLateMs: 20_000 } });
    const { faults, runs } = world.emulator;
    runs.hold();
    const interrupt = () => void world.process.interrupt();
    faults.once("POST", "execute", { kind: "run", when: "after", work: interrupt });
    await assert.rejects(world.update("Job", world.job, withTelefone()));
    releaseOnceListed(world, 20_000);

    await world.another().update("Job", world.job, aJob());

    runs.release();
    await runs.idle();
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("is seen by a refresh, which keeps the inputs as they were before", async () => {
    await using world = await startChangeWorld();
    await cutShort(world);

    const read = await world.another().providers.Job.read?.("id", world.job);

    assert.equal(lastChange(read?.props as Record<string, unknown>)["outcome"], "unfinished");
    assert.deepEqual(read?.inputs?.["input"], world.job["input"]);
  });
});

/** Lets the last run end as soon as it was seen, which is so many milliseconds after it began. */
function releaseOnceListed({ emulator: { clock, faults, runs } }: ChangeWorld, ms: number): void {
  faults.on(({ path }) => {
    const isListed = clock.now() - (runs.all.at(-1)?.createdAt ?? 0) >= ms;
    if (!isListed || !path.includes("pipeline_run")) return undefined;
    return { kind: "run", when: "after", work: () => runs.release() };
  });
}

/** A change whose run does not end in time. */
async function cutShort(world: ChangeWorld): Promise<void> {
  world.emulator.runs.hold();
  await assert.rejects(world.update("Job", world.job, withTelefone(undefined, TIMEOUT)), {
    message: /Stopped waiting for the run after 1 min 00 s/,
  });
}
