import assert from "node:assert/strict";
import {
  beforeStatement,
  type ChangeWorld,
  effects,
  LATER_PAIR,
  lastChange,
  liveCron,
  PAIRS,
  PATIENCE_MS,
  pairs,
  runLater,
  startChangeWorld,
} from "../../support/change-world.js";
import { complaintOf } from "../../support/complaint.js";
import { withTelefone } from "../../support/world.js";

const HOURLY = { pipeline: { cron: "0 * * * *" } };
const HOURS_MS = 3 * 3_600_000;

describe("a clock that is set in the middle of a change", function () {
  this.timeout(PATIENCE_MS);

  for (const [direction, ms] of [
    ["forward", HOURS_MS],
    ["back", -HOURS_MS],
  ] as const) {
    for (const [moment, pattern] of [
      ["before the DELETE", /^DELETE/],
      ["after it", /^SELECT .*AS LOST/],
    ] as const) {
      it(`${direction} ${moment}, on this machine, changes nothing`, async () => {
        await using world = await startChangeWorld(HOURLY);
        beforeStatement(world, pattern, async () => {
          world.skew.ms = ms;
        });

        const outputs = await world.update("Job", world.job, withTelefone());

        await expectDone(world, outputs);
      });

      it(`${direction} ${moment}, at the warehouse, changes nothing`, async () => {
        await using world = await startChangeWorld({});
        beforeStatement(world, pattern, async () => world.emulator.clock.advance(ms));

        const outputs = await world.update("Job", world.job, withTelefone());

        await expectDone(world, outputs);
      });
    }
  }

  it("back, while the lease runs out, sends nothing more to Maestro", async () => {
    await using world = await startChangeWorld(HOURLY);
    const stop = world.emulator.faults.on(({ method, path }) => {
      if (method !== "PATCH" || !path.endsWith("/input")) return undefined;
      stop();
      setBack(world);
      void world.clock.wait(100_000);
      return { kind: "status", status: 503 };
    });

    const { code, now } = await complaintOf(world.update("Job", world.job, withTelefone()));

    assert.equal(code, "MAESTRO_OUTCOME_UNKNOWN");
    assert.equal(effects(world).filter((effect) => effect === "PATCH input").length, 1);
    assert.match(now, /No row of .* was deleted/);
    assert.deepEqual(pairs(await world.rows()), PAIRS);
  });

  it("back, after an answer was lost, does not wait for hours", async () => {
    await using world = await startChangeWorld(HOURLY);
    world.emulator.faults.once("POST", "reset-state", { kind: "drop-after" });
    const back = { kind: "run", work: () => setBack(world) } as const;
    world.emulator.faults.once("POST", "reset-state", back);
    const started = world.emulator.clock.now();

    const outputs = await world.update("Job", world.job, withTelefone());

    assert.ok(world.emulator.clock.now() - started < 600_000);
    await expectDone(world, outputs);
  });
});

async function expectDone(world: ChangeWorld, outputs: Record<string, unknown>): Promise<void> {
  assert.equal(lastChange(outputs)["outcome"], "done");
  assert.notEqual(await liveCron(world), null);
  assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
}

function setBack({ skew }: ChangeWorld): void {
  skew.ms = -HOURS_MS;
}
