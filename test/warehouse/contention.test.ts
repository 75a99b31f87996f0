import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { pipelineId } from "#src/domain/job-id.js";
import { PipelineLease } from "#src/lifecycle/change/pipeline-lease.js";
import { type Context, requireWarehouse } from "#src/lifecycle/context.js";
import type { Clock } from "#src/maestro/clock.js";
import { entry } from "../support/journal-entries.js";
import { QuickClock } from "../support/quick-clock.js";
import { startWorld, type World } from "../support/world.js";

const PIPELINES = Array.from(
  { length: 100 },
  (_, index) => `7b8b3399-b8c0-4fc5-9116-${String(index).padStart(12, "0")}`,
);
const PROCESSES = 4;

/** What a change writes by itself, and what it writes with an effect, in a transaction that locks the lease's row. */
const WRITTEN = [entry.started, entry.idle];
const EFFECTS = [entry.deleted];

describe("a hundred changes at once on a warehouse that admits twenty waiters per table", () => {
  it("all come to their end, with every entry in the journal once", async () => {
    const clocks: HurriedClock[] = [];
    await using world = await startWorld({}, {}, () => oneMore(clocks));
    const contexts = Array.from({ length: PROCESSES }, () => contextOf(world));

    await Promise.all(
      PIPELINES.map((id, index) => change(id, contexts[index % PROCESSES] as Context)),
    );

    const rows = await world.emulator.warehouse.rows(
      "SELECT CHANGE_ID, STEP FROM PUBLIC.PULUMI_DADOSFERA_CHANGES ORDER BY CHANGE_ID, POSITION",
    );
    const steps = [...WRITTEN, ...EFFECTS, entry.finished].map(({ step }) => step);
    assert.deepEqual(
      rows.map((row) => `${row["CHANGE_ID"]} ${row["STEP"]}`),
      PIPELINES.toSorted().flatMap((id) => steps.map((step) => `${id} ${step}`)),
    );
    const [left] = await world.emulator.warehouse.rows(
      "SELECT COUNT(*) AS TAKEN, COUNT(OWNER) AS KEPT FROM PUBLIC.PULUMI_DADOSFERA_LEASES",
    );
    assert.deepEqual(left, { TAKEN: 100, KEPT: 0 });
    assert.ok(
      clocks.some((clock) => clock.waits > 0),
      "nobody was ever refused, so this shows nothing",
    );
  }).timeout(60_000);
});

describe("a warehouse that lets no more statements wait", () => {
  it("is asked again, and after six minutes no more", async () => {
    const clock = new QuickClock();
    const started = clock.elapsed();
    await using world = await startWorld({}, {}, () => clock);
    const { warehouse, journal } = requireWarehouse(contextOf(world).doors, "try it");
    await journal.prepare();
    const lift = world.emulator.warehouse.faults.on(({ sql }) =>
      sql.startsWith("UPDATE") ? CROWDED : { kind: "none" },
    );
    const update = { text: "UPDATE PUBLIC.PULUMI_DADOSFERA_LEASES SET EPOCH = 1", binds: [] };

    const refused = warehouse.run(update);

    await assert.rejects(refused, { code: "WAREHOUSE_REFUSED", message: /SHOW LOCKS/ });
    assert.ok(clock.elapsed() - started > 360_000);
    lift();
    assert.equal(await warehouse.run(update), 0);
  }).timeout(60_000);
});

const CROWDED = {
  kind: "error",
  code: "000625",
  sqlState: "57014",
  message: "the number of waiters for this lock exceeds the 20 statements limit",
} as const;

/** One change from the first entry to the last, as its steps write it. */
async function change(id: string, context: Context): Promise<void> {
  const doors = requireWarehouse(context.doors, "try it");
  const { journal, warehouse } = doors;
  const [jobId, owner] = [`${id}-0`, context.owner];
  const lease = await PipelineLease.take(pipelineId.parse(id), [jobId], context, doors);
  const identity = { changeId: id, jobId, pipelineId: id, table: "T", owner };
  for (const [position, each] of WRITTEN.entries())
    assert.ok(await journal.appendUnder(lease.epoch, identity, position, each));
  for (const [position, each] of [...EFFECTS, entry.finished].entries()) {
    await warehouse.transaction(async (runner) => {
      await lease.fence(runner);
      if (each === entry.finished) await lease.giveBack(runner, false);
      await journal.append(identity, WRITTEN.length + position, each, runner);
    });
  }
  lease.stop();
}

function contextOf(world: World): Context {
  return world.another().process.contextOf("");
}

function oneMore(clocks: HurriedClock[]): HurriedClock {
  const clock = new HurriedClock();
  clocks.push(clock);
  return clock;
}

/** A clock on which whoever waits does so for a tenth of the time. */
class HurriedClock implements Clock {
  waits = 0;

  now(): number {
    return Date.now();
  }

  elapsed(): number {
    return performance.now();
  }

  async wait(ms: number, signal?: AbortSignal): Promise<void> {
    this.waits += 1;
    await setTimeout(ms / 10, undefined, signal === undefined ? {} : { signal });
  }
}
