import assert from "node:assert/strict";
import {
  type ChangeWorld,
  lastChange,
  PATIENCE_MS,
  startChangeWorld,
} from "../../support/change-world.js";
import { BY_DAY, byDay, DAYS } from "../../support/strategies.js";
import type { Props } from "../../support/world.js";

const STRATEGIES = ["delete-first", "delete-after"] as const;
/** Where runs resume, and the rows that are loaded again then. */
const BOUNDS = [
  [">", ["4", "5"]],
  [">=", ["3", "4", "5", "6"]],
] as const;

const ALL = ["1 16", "2 17", "3 18", "4 19", "5 20", "6 18"];

describe("a bookmark that rows carry, where a cursor has no gaps", function () {
  this.timeout(PATIENCE_MS);

  for (const strategy of STRATEGIES) {
    for (const [resumeAt, filled] of BOUNDS) {
      for (const keys of [["id"], undefined]) {
        it(`loses and doubles no row (${strategy}, runs resume at ${resumeAt}, keys ${keys})`, async () => {
          const job = { ...BY_DAY, primaryKeys: keys };
          await using world = await startDays({ resumeAt }, job);

          await world.update("Job", world.job, byDay(strategy, keys));

          assert.deepEqual(await daysOf(world), ALL);
          assert.deepEqual(await filledOf(world), filled);
        });
      }
    }
  }

  it("leaves a row that the source no longer has", async () => {
    await using world = await startDays({ resumeAt: ">=" }, BY_DAY);
    const { faults, source } = world.emulator;
    const work = async () => void (await source.run("DELETE FROM cadastros.pedidos WHERE id = 3"));
    faults.once("POST", "execute", { kind: "run", work });

    await world.update("Job", world.job, byDay("delete-first", ["id"]));

    assert.deepEqual(await daysOf(world), ALL);
  });

  it("does not take for new what a failed run had left", async () => {
    await using world = await startDays({ resumeAt: ">=", failedRunKeepsRows: true }, BY_DAY);
    world.emulator.runs.failNext("out of memory");

    const outputs = await world.update("Job", world.job, byDay("delete-first", ["id"]));

    assert.deepEqual(await daysOf(world), ALL);
    assert.equal(lastChange(outputs)["outcome"], "done");
  });

  it("is undone with the rows that carry it", async () => {
    await using world = await startDays({ resumeAt: ">=", failedRunKeepsRows: true }, BY_DAY);
    const before = await daysOf(world);
    for (const _run of [1, 2, 3]) world.emulator.runs.failNext("out of memory");

    await assert.rejects(world.update("Job", world.job, byDay("delete-first", ["id"])));

    assert.deepEqual(await daysOf(world), before);
  });
});

function startDays(switches: Props, job: Props & { readonly input: Props }): Promise<ChangeWorld> {
  return startChangeWorld({ switches, job, prepare: DAYS });
}

async function daysOf(world: ChangeWorld): Promise<string[]> {
  return (await world.rows(undefined, "ID, DIA")).map(
    (row) => `${row["ID"]} ${String(row["DIA"]).slice(8, 10)}`,
  );
}

async function filledOf(world: ChangeWorld): Promise<string[]> {
  const rows = await world.rows(undefined, "ID, DIA");
  return rows.filter((row) => row["TELEFONE"] !== null).map((row) => String(row["ID"]));
}
