import assert from "node:assert/strict";
import { lastChange, liveCron } from "../../support/change-world.js";
import {
  AFTER,
  add,
  BEFORE,
  CRON,
  countOf,
  FULL,
  QUALIFY,
  type SeveralJobsWorld,
  standing,
  startSeveralJobs,
  stepsOf,
} from "../../support/several-jobs-world.js";
import { PIPELINE, type Props } from "../../support/world.js";

const LEASES = "PUBLIC.PULUMI_DADOSFERA_LEASES";

describe("the jobs of one pipeline that change at once", function () {
  this.timeout(30_000);

  it("share a hold, a run and a restore, and each gets its column", async () => {
    await using world = await startSeveralJobs();
    const runs = countOf(world, "POST", "/execute");

    const outputs = await Promise.all([add(world, "itens"), add(world, "lojas")]);

    assert.equal(countOf(world, "POST", "/execute"), runs + 1);
    assert.equal(countOf(world, "PATCH", `/pipeline/${PIPELINE}`), 2);
    assert.equal(await liveCron(world), CRON);
    assert.deepEqual(await standing(world, "itens"), AFTER);
    assert.deepEqual(await standing(world, "lojas"), AFTER);
    const [one, other] = outputs.map((each) => lastChange(each)["runIds"] as string[]);
    assert.deepEqual(one, other);
    assert.equal(one?.length, 1);
  });

  it("keep the lease together: the row names both, and nobody after the last", async () => {
    await using world = await startSeveralJobs();

    await Promise.all([add(world, "itens"), add(world, "lojas")]);

    const [lease] = await world.emulator.warehouse.rows(
      `SELECT OWNER, EPOCH, MEMBERS, IS_HELD FROM ${LEASES}`,
    );
    const { MEMBERS: members, ...rest } = lease ?? {};
    assert.deepEqual(JSON.parse(String(members)).toSorted(), [`${PIPELINE}-0`, `${PIPELINE}-1`]);
    assert.deepEqual(rest, { OWNER: null, EPOCH: 1, IS_HELD: false });
  });

  it("each write a journal of their own", async () => {
    await using world = await startSeveralJobs();

    await Promise.all([add(world, "itens"), add(world, "lojas")]);

    const steps = [
      "started",
      "schedule-held",
      "idle",
      "backed-up",
      "counted",
      "columns-added",
      "deleted",
      "deleted-idle",
      "resetting",
      "state-reset",
      "run-requested",
      "run-ended",
      "verified",
      "finished",
    ];
    assert.deepEqual(await stepsOf(world, "itens"), steps);
    assert.deepEqual(await stepsOf(world, "lojas"), steps);
  });

  it("wait for one that is still between DELETE and reset", async () => {
    await using world = await startSeveralJobs();
    const runs = countOf(world, "POST", "/execute");
    const seen: number[] = [];
    const look = async () => {
      await world.gathering;
      seen.push(countOf(world, "POST", "/execute"));
    };
    world.emulator.faults.once("POST", "-1/reset-state", { kind: "run", work: look });

    await Promise.all([add(world, "itens"), add(world, "lojas")]);

    assert.deepEqual(seen, [runs]);
    assert.equal(countOf(world, "POST", "/execute"), runs + 1);
    assert.deepEqual(await standing(world, "lojas"), AFTER);
  });

  it("leave a late comer to a run of its own, which it begins after theirs", async () => {
    await using world = await startSeveralJobs({ switches: { runsListedLateMs: 60_000 } });
    const late = duringTheRun(world, () => add(world, "lojas"));

    await add(world, "itens");
    await late;

    assert.deepEqual(world.timeline, [
      "DELETE itens",
      "reset itens",
      "execute",
      "DELETE lojas",
      "reset lojas",
      "execute",
    ]);
    assert.deepEqual(await standing(world, "itens"), AFTER);
    assert.deepEqual(await standing(world, "lojas"), AFTER);
    assert.equal(await liveCron(world), CRON);
  });

  it("are told apart by their load types, and share the run all the same", async () => {
    await using world = await startSeveralJobs({
      tables: { itens: {}, lojas: FULL, clientes: QUALIFY },
    });
    const runs = countOf(world, "POST", "/execute");

    await Promise.all([add(world, "itens"), add(world, "lojas"), add(world, "clientes")]);

    assert.equal(countOf(world, "POST", "/execute"), runs + 1);
    assert.deepEqual(await standing(world, "itens"), AFTER);
    assert.deepEqual(
      await standing(world, "lojas"),
      AFTER.filter((row) => row.includes("16:50")),
    );
    assert.deepEqual(await standing(world, "clientes"), AFTER);
  });

  it("share it whichever comes first, the copies' deletion or the run", async () => {
    await using world = await startSeveralJobs();
    const runs = countOf(world, "POST", "/execute");

    await Promise.all([
      add(world, "itens", backfill({ strategy: "delete-after" })),
      add(world, "lojas"),
    ]);

    assert.equal(countOf(world, "POST", "/execute"), runs + 1);
    assert.deepEqual(await standing(world, "itens"), AFTER);
    assert.deepEqual(await standing(world, "lojas"), AFTER);
  });

  it("take a run each when they come one after the other, as with --parallel 1", async () => {
    await using world = await startSeveralJobs();
    const runs = countOf(world, "POST", "/execute");

    await add(world, "itens");
    await add(world, "lojas");

    assert.equal(countOf(world, "POST", "/execute"), runs + 2);
    assert.equal(countOf(world, "PATCH", `/pipeline/${PIPELINE}`), 4);
    assert.deepEqual(await standing(world, "itens"), AFTER);
    assert.deepEqual(await standing(world, "lojas"), AFTER);
    assert.equal(await liveCron(world), CRON);
  });

  it("do not disturb one whose rows stay as they are", async () => {
    await using world = await startSeveralJobs();

    await Promise.all([add(world, "itens"), add(world, "lojas", backfill({ rows: "none" }))]);

    assert.deepEqual(await standing(world, "itens"), AFTER);
    assert.deepEqual(await standing(world, "lojas"), BEFORE);
  });

  it("are changed in turn where two resources name the same job: the second finds it done", async () => {
    await using world = await startSeveralJobs();

    await Promise.all([add(world, "itens"), add(world, "itens")]);

    const ends = (await stepsOf(world, "itens")).filter((step) => /started|finished/.test(step));
    assert.deepEqual(ends, ["started", "finished"]);
    assert.deepEqual(await standing(world, "itens"), AFTER);
  });
});

/** Does something as soon as the next run was asked for; answers what became of it. */
async function duringTheRun<T>(world: SeveralJobsWorld, work: () => Promise<T>): Promise<T> {
  await new Promise<void>((resolve) => {
    world.emulator.faults.once("POST", "/execute", { kind: "run", when: "after", work: resolve });
  });
  return work();
}

function backfill(changes: Props): Props {
  return { backfill: { columns: ["peso"], rows: { after: "2025-12-17 16:49:00" }, ...changes } };
}
