import assert from "node:assert/strict";
import fc from "fast-check";
import { firesAt, isCron } from "#src/emulator/maestro/schedule.js";
import { ordersPipeline } from "./destination.js";
import { emulatedMaestro } from "./maestro-under-test.js";

const MINUTE_MS = 60_000;

describe("a cron", () => {
  it("[D] fires in the minutes that its five fields name", () => {
    const at = (moment: string) => Date.parse(`${moment}Z`);

    assert.equal(firesAt("15 3 * * *", at("2026-03-09T03:15:40")), true);
    assert.equal(firesAt("15 3 * * *", at("2026-03-09T03:16:00")), false);
    assert.equal(firesAt("*/10 8-17 * * 1-5", at("2026-03-09T08:20:00")), true);
    assert.equal(firesAt("*/10 8-17 * * 1-5", at("2026-03-08T08:20:00")), false);
    assert.equal(firesAt("0 0 1 * 7", at("2026-03-08T00:00:00")), true);
    assert.equal(firesAt("0 0 1 * 7", at("2026-04-01T00:00:00")), true);
  });

  it("[D] fires once an hour, whatever the minute", () => {
    const days = fc.date({
      min: new Date("2000-01-01"),
      max: new Date("2100-01-01"),
      noInvalidDate: true,
    });

    fc.assert(
      fc.property(fc.nat(59), days, (minute, day) => {
        const hour = Math.floor(day.valueOf() / 3_600_000) * 3_600_000;
        const minutes = Array.from({ length: 60 }, (_, index) => hour + index * MINUTE_MS);
        const fired = minutes.filter((moment) => firesAt(`${minute} * * * *`, moment));
        assert.deepEqual(fired, [hour + minute * MINUTE_MS]);
      }),
    );
  });

  it("[I] is refused when a field is out of bounds or no number", () => {
    const wrong = ["60 * * * *", "* * * *", "* * 0 * *", "5-1 * * * *", "x * * * *", "*/0 * * * *"];

    assert.deepEqual(wrong.filter(isCron), []);
  });
});

describe("the schedule", () => {
  it("[D] starts a run at each tick that the clock passes", async function () {
    await using maestro = await emulatedMaestro(this);
    const { clock, runs } = maestro.emulator;
    clock.set(Date.parse("2026-03-09T03:14:30Z"));
    await maestro.create(ordersPipeline({ cron: "15 3 * * *" }));

    clock.advance(20_000);
    const before = runs.all.length;
    clock.advance(20_000);
    await runs.idle();
    clock.advance(24 * 60 * MINUTE_MS);
    await runs.idle();

    assert.equal(before, 0);
    assert.deepEqual(
      runs.all.map(({ trigger, status }) => `${trigger} ${status}`),
      ["scheduled SUCCESS", "scheduled SUCCESS"],
    );
  });

  it("[D] leaves paused pipelines and those without a cron alone", async function () {
    await using maestro = await emulatedMaestro(this);
    const { clock, runs } = maestro.emulator;
    const paused = ordersPipeline({ cron: "* * * * *" });
    await maestro.create(paused);
    await maestro.create(ordersPipeline({ cron: null }));
    await maestro.send("POST", "/platform/pipeline/pause", { pipeline_id: paused.id });

    clock.advance(10 * MINUTE_MS);

    assert.deepEqual(runs.all, []);
  });

  it("[I] hears late that a cron was set to null, as switched", async function () {
    await using maestro = await emulatedMaestro(this, {
      switches: { cronNullObeyedLateMs: 3 * MINUTE_MS },
    });
    const { clock, runs } = maestro.emulator;
    // Half a minute from the next tick, so that no tick of real time comes between.
    clock.set(Date.parse("2026-03-09T03:14:30Z"));
    const pipeline = ordersPipeline({ cron: "* * * * *" });
    await maestro.create(pipeline);
    await maestro.send("PATCH", `/platform/pipeline/${pipeline.id}`, { cron: null });

    clock.advance(MINUTE_MS);
    await runs.idle();
    const meanwhile = runs.all.length;
    clock.advance(4 * MINUTE_MS);
    await runs.idle();
    const after = runs.all.length;
    clock.advance(60 * MINUTE_MS);

    assert.equal(meanwhile, 1);
    // Ticks that come while a run is queued already add nothing.
    assert.equal(after > meanwhile, true);
    assert.equal(runs.all.length, after);
  });
});
