import assert from "node:assert/strict";
import { liveCron } from "../../support/change-world.js";
import { complaintOf } from "../../support/complaint.js";
import {
  AFTER,
  add,
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

  it("as the run is asked for is undone only when that run has ended", async () => {
    await using world = await startSeveralJobs({ switches: { runsListedLateMs: 60_000 } });
    const failThird = async () => {
      await world.gathering;
      failInsert(world, 3);
    };
    world.emulator.faults.once("POST", "-1/reset-state", { kind: "run", work: failThird });

    await Promise.all([add(world, "itens"), complaintOf(add(world, "lojas"))]);
    const undone = await standing(world, "lojas");
    await world.run();

    assert.deepEqual(world.timeline.slice(4, 6), ["execute", "DELETE lojas"]);
    assert.deepEqual(undone, BEFORE);
    assert.deepEqual(await standing(world, "lojas"), BEFORE);
    assert.deepEqual(await standing(world, "itens"), AFTER);
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

/** Refuses the nth entry into the journal from now on, counted from 1. */
function failInsert({ emulator }: SeveralJobsWorld, nth: number): void {
  let inserts = 0;
  const stop = emulator.warehouse.faults.on(({ sql, attempt }) => {
    if (attempt === 0 && /^INSERT INTO .*_CHANGES/.test(sql)) inserts += 1;
    if (inserts < nth) return { kind: "none" };
    stop();
    return REFUSED;
  });
}

async function copyOf({ process }: SeveralJobsWorld, table: string): Promise<void> {
  const name = `PUBLIC."${tableOf(table)}"`;
  await process.contextOf("").doors.warehouse?.warehouse.run({
    text: `INSERT INTO ${name} SELECT * FROM ${name} WHERE ID = 1 AND UPDATED_AT > '2025-12-17 16:49:00'`,
    binds: [],
  });
}
