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
  BEFORE,
  CRON,
  countOf,
  onceFor,
  type SeveralJobsWorld,
  standing,
  startSeveralJobs,
  tableOf,
} from "../../support/several-jobs-world.js";
import { PIPELINE } from "../../support/world.js";

/** Places tried; `CUT_OFF_RUNS=1000` tries nearly every one. */
const RUNS = Number(process.env["CUT_OFF_RUNS"] ?? 3);
const NEVER: Cut = { at: -1, isCarriedOut: false };
const REFUSED = {
  kind: "error",
  code: "003001",
  sqlState: "42501",
  message: "Insufficient privileges",
} as const;

describe("a job that fails beside another of its pipeline", function () {
  this.timeout(30_000);

  it("before its rows are deleted is undone and leaves, and the other's change is done", async () => {
    await using world = await startSeveralJobs();
    const runs = countOf(world, "POST", "/execute");
    onceFor(world, "lojas", /^DELETE/, REFUSED);

    const [, { code, message }] = await Promise.all([
      add(world, "itens"),
      complaintOf(add(world, "lojas")),
    ]);

    assert.equal(code, "WAREHOUSE_PRIVILEGE_MISSING");
    assert.match(
      message,
      /No row of .*LOJAS was deleted\. The schedule "0 3 1 1 \*" (stays held until|is back)/,
    );
    assert.equal(countOf(world, "POST", "/execute"), runs + 1);
    assert.deepEqual(await standing(world, "itens"), AFTER);
    assert.deepEqual(await standing(world, "lojas"), BEFORE);
    assert.equal(await liveCron(world), CRON);
  });

  it("in the verification is undone, and the other's change is done", async () => {
    await using world = await startSeveralJobs();
    const copy = () => copyOf(world, "lojas");
    onceFor(world, "lojas", /AS DOUBLED/, { kind: "run", work: copy });

    const [, { code, message }] = await Promise.all([
      add(world, "itens"),
      complaintOf(add(world, "lojas")),
    ]);

    assert.equal(code, "VERIFICATION_FAILED");
    assert.match(message, /The rows of .*LOJAS are back as they were/);
    assert.deepEqual(await standing(world, "itens"), AFTER);
    assert.deepEqual(await standing(world, "lojas"), BEFORE);
    assert.equal(await liveCron(world), CRON);
  });

  it("is undone together with the other where the run failed three times", async () => {
    await using world = await startSeveralJobs();
    const runs = countOf(world, "POST", "/execute");
    world.emulator.runs.failNext("out of memory", 3);

    const complaints = await Promise.all([
      complaintOf(add(world, "itens")),
      complaintOf(add(world, "lojas")),
    ]);

    assert.deepEqual(
      complaints.map(({ code }) => code),
      ["RUN_FAILED", "RUN_FAILED"],
    );
    assert.equal(countOf(world, "POST", "/execute"), runs + 3);
    assert.deepEqual(await standing(world, "itens"), BEFORE);
    assert.deepEqual(await standing(world, "lojas"), BEFORE);
    assert.equal(await liveCron(world), CRON);
    assert.equal(countOf(world, "PATCH", `/pipeline/${PIPELINE}`), 2);
  });

  it("says of the schedule what is true, while the other has not ended", async () => {
    await using world = await startSeveralJobs();
    onceFor(world, "lojas", /^DELETE/, REFUSED);
    const undone = complaintOf(add(world, "lojas"));
    const isUndone = async () => void (await undone);
    world.emulator.faults.once("POST", "-0/reset-state", { kind: "run", work: isUndone });

    await add(world, "itens");

    const { message } = await undone;
    assert.match(
      message,
      /The schedule "0 3 1 1 \*" stays held until the changes of the pipeline's other jobs have ended\./,
    );
    assert.equal(await liveCron(world), CRON);
  });

  it("and cannot be undone keeps the schedule held, until the next up has put it right", async () => {
    await using world = await startSeveralJobs();
    const stop = world.emulator.faults.on(({ path }) =>
      path.endsWith("-1/reset-state") ? { kind: "status", status: 400 } : undefined,
    );

    const [, { code }] = await Promise.all([add(world, "itens"), complaintOf(add(world, "lojas"))]);
    const cronBetween = await liveCron(world);
    stop();
    const next = world.another();
    await next.update("Job", world.jobs["lojas"] ?? {}, world.jobs["lojas"] ?? {});

    assert.equal(code, "CHANGE_UNFINISHED");
    assert.equal(cronBetween, null);
    assert.equal(await liveCron(world), CRON);
    assert.deepEqual(await standing(world, "itens"), AFTER);
    assert.deepEqual(await standing(world, "lojas"), BEFORE);
  });
});

describe("two jobs of one pipeline that are stopped in the middle", function () {
  this.timeout(30_000 + RUNS * 10_000);

  it("one of them waiting for the other, both go on with the next up", async () => {
    await using world = await startSeveralJobs();
    const interrupt = async () => {
      await world.gathering;
      void world.process.interrupt();
      await setImmediate();
    };
    world.emulator.faults.once("POST", "-1/reset-state", { kind: "run", work: interrupt });

    const complaints = await Promise.all([
      complaintOf(add(world, "itens")),
      complaintOf(add(world, "lojas")),
    ]);
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

async function copyOf({ process }: SeveralJobsWorld, table: string): Promise<void> {
  const name = `PUBLIC."${tableOf(table)}"`;
  await process.contextOf("").doors.warehouse?.warehouse.run({
    text: `INSERT INTO ${name} SELECT * FROM ${name} WHERE ID = 1 AND UPDATED_AT > '2025-12-17 16:49:00'`,
    binds: [],
  });
}
