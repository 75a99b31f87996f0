import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { BOOKMARK, liveCron } from "../../support/change-world.js";
import { complaintOf } from "../../support/complaint.js";
import { type Cut, cutOff } from "../../support/cut-off.js";
import {
  AFTER,
  add,
  addBy,
  CRON,
  countOf,
  type SeveralJobsWorld,
  standing,
  startSeveralJobs,
} from "../../support/several-jobs-world.js";
import { PIPELINE } from "../../support/world.js";

/** Places tried; `CUT_OFF_RUNS=1000` tries nearly every one. */
const RUNS = Number(process.env["CUT_OFF_RUNS"] ?? 2);
const NEVER: Cut = { at: -1, isCarriedOut: false };

describe("two jobs of one pipeline that are stopped in the middle", function () {
  this.timeout(30_000 + RUNS * 10_000);

  it("one of them waiting for the other, both go on with the next up", async () => {
    await using world = await startSeveralJobs();

    const complaints = await interrupted(world);
    const runs = countOf(world, "POST", "/execute");
    const next = world.another();
    await Promise.all([addBy(next, world, "itens"), addBy(next, world, "lojas")]);

    assert.deepEqual(
      complaints.map(({ code }) => code),
      ["INTERRUPTED", "INTERRUPTED"],
    );
    assert.equal(countOf(world, "POST", "/execute"), runs + 1);
    assert.deepEqual(await endingOf(world), DONE);
  });

  it("keep the schedule held until the last of them was finished", async () => {
    await using world = await startSeveralJobs();
    await interrupted(world);
    const next = world.another();

    await addBy(next, world, "itens");
    const cronBetween = await liveCron(world);
    await addBy(next, world, "lojas");

    assert.equal(cronBetween, null);
    assert.deepEqual(await endingOf(world), DONE);
  });

  it("at any request or statement, are both finished by the next up", async () => {
    const { places } = await cutShort(NEVER);
    const cuts = fc.record({ at: fc.nat({ max: places - 1 }), isCarriedOut: fc.boolean() });

    await fc.assert(
      fc.asyncProperty(cuts, async (cut) => {
        const { ending } = await cutShort(cut);
        assert.deepEqual(ending, DONE);
      }),
      { numRuns: RUNS },
    );
  });
});

/** Changes both jobs, and is interrupted while one waits for the other, which is between DELETE and reset. */
function interrupted(world: SeveralJobsWorld) {
  const interrupt = async () => {
    await world.gathering;
    void world.process.interrupt();
    await setImmediate();
  };
  world.emulator.faults.once("POST", "-1/reset-state", { kind: "run", work: interrupt });
  return Promise.all([complaintOf(add(world, "itens")), complaintOf(add(world, "lojas"))]);
}

/** Old copies that go after the run. */
const LATER = {
  backfill: { columns: ["peso"], rows: { after: BOOKMARK }, strategy: "delete-after" },
};

const DONE = {
  itens: AFTER,
  lojas: AFTER,
  cron: CRON,
  bookmarks: ["2025-12-17 16:50:03", "2025-12-17 16:50:03"],
  unfinished: [],
};

/** Changes both jobs, cut off where told, and then both again by another process; answers what stands in the end. */
async function cutShort(cut: Cut) {
  await using world = await startSeveralJobs();
  const services = cutOff(world, cut);
  await Promise.allSettled([add(world, "itens", LATER), add(world, "lojas")]);
  services.restore();
  const next = world.another();
  if (cut !== NEVER)
    await Promise.all([addBy(next, world, "itens", LATER), addBy(next, world, "lojas")]);
  return { places: services.count(), ending: await endingOf(world) };
}

async function endingOf(world: SeveralJobsWorld) {
  return {
    itens: await standing(world, "itens"),
    lojas: await standing(world, "lojas"),
    cron: await liveCron(world),
    bookmarks: [0, 1].map((index) => world.emulator.bookmark(`${PIPELINE}-${index}`)),
    unfinished: await world.process.contextOf("").doors.warehouse?.journal.unfinished(),
  };
}
