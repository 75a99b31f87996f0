import assert from "node:assert/strict";
import {
  BOOKMARK,
  beforeStatement,
  type ChangeWorld,
  journalSteps,
  LATER_PAIR,
  lastChange,
  PAIRS,
  PATIENCE_MS,
  pairs,
  runLater,
  startChangeWorld,
  without,
} from "../../support/change-world.js";
import { deletingAfter } from "../../support/strategies.js";
import { TABLE } from "../../support/world.js";

describe("a change that deletes after its run", function () {
  this.timeout(PATIENCE_MS);

  it("ends with each row of the window once, and the column filled", async () => {
    await using world = await startChangeWorld();

    const outputs = await world.update("Job", world.job, deletingAfter(WINDOW));

    const rows = await world.rows();
    assert.deepEqual(pairs(rows), PAIRS);
    assert.equal(rows.filter((row) => row["TELEFONE"] !== null).length, 5);
    assert.equal(lastChange(outputs)["deleted"], 5);
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("deletes nothing before its run, and leaves no table of its own behind but the back-up", async () => {
    await using world = await startChangeWorld();

    await world.update("Job", world.job, deletingAfter(WINDOW));

    const steps = await journalSteps(world);
    assert.deepEqual(
      steps.filter((step) => ["deleted", "run-ended", "replaced", "verified"].includes(step)),
      ["run-ended", "replaced", "verified"],
    );
    const left = await world.emulator.warehouse.rows(
      "SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME LIKE 'TB_%' AND TABLE_NAME NOT LIKE '%BK_%'",
    );
    assert.equal(left.length, 1);
  });

  it("never hides a row from readers", async () => {
    await using world = await startChangeWorld();
    const { warehouse } = world.emulator;
    const seen = new Set<number>();
    const look = async () => {
      const [row] = await warehouse.rows(
        `SELECT COUNT(DISTINCT ID) AS N FROM ${TABLE} WHERE UPDATED_AT > '${BOOKMARK}'`,
      );
      seen.add(Number(row?.["N"]));
    };
    warehouse.faults.on(() => ({ kind: "run", work: look }));

    await world.update("Job", world.job, deletingAfter(WINDOW));

    assert.deepEqual([...seen], [5]);
  });

  it("keeps the rows of keys that the source deleted meanwhile", async () => {
    await using world = await startChangeWorld();
    await deleteBeforeRun(world, "id IN (2, 4)");

    const outputs = await world.update("Job", world.job, deletingAfter(WINDOW));

    assert.deepEqual(pairs(await world.rows()), PAIRS);
    assert.equal(lastChange(outputs)["putBack"], 2);
  });

  it("is undone where too many keys did not return: the old rows were never gone", async () => {
    await using world = await startChangeWorld({ prepare: MANY });
    const before = await world.rows();
    await deleteBeforeRun(world, "id BETWEEN 70 AND 80");

    await assert.rejects(world.update("Job", world.job, deletingAfter(WINDOW)), {
      message: /11 of \d+ keys did not come back[\s\S]*back as they were/,
    });

    assert.deepEqual(without("TELEFONE", await world.rows()), before);
    assert.ok(!(await journalSteps(world)).includes("replaced"));
  });

  it("sets the state forward again where its run brought nothing, though the old rows stand in the window", async () => {
    await using world = await startChangeWorld();
    await sourceBeforeRun(world.emulator, setCursors("2025-12-17 14:00:00"));

    await assert.rejects(world.update("Job", world.job, deletingAfter(WINDOW)), {
      message: /brought no row of the window back[\s\S]*back as they were/,
    });

    await world.emulator.source.run(setCursors("2025-12-17 16:50:00"));
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("lets the old version of an updated row go, and puts it back on request", async () => {
    await using world = await startChangeWorld();
    await using keeping = await startChangeWorld();
    await updateBeforeRun(world);
    await updateBeforeRun(keeping);

    await world.update("Job", world.job, deletingAfter(WINDOW));
    await keeping.update("Job", keeping.job, deletingAfter(WINDOW, { keepVersions: true }));

    const others = PAIRS.filter((pair) => pair !== "3 2025-12-17 16:50:03");
    assert.deepEqual(pairs(await world.rows()).sort(), [...others, UPDATED].sort());
    assert.deepEqual(pairs(await keeping.rows()).sort(), [...PAIRS, UPDATED].sort());
  });

  it("does not take for new what a failed run had left", async () => {
    await using world = await startChangeWorld({ switches: { failedRunKeepsRows: true } });
    world.emulator.runs.failNext("out of memory");

    await world.update("Job", world.job, deletingAfter(WINDOW));

    assert.deepEqual(pairs(await world.rows()), PAIRS);
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("is undone after three failed runs, whatever they left", async () => {
    await using world = await startChangeWorld({ switches: { failedRunKeepsRows: true } });
    const before = pairs(await world.rows());
    for (const _run of [1, 2, 3]) world.emulator.runs.failNext("out of memory");

    await assert.rejects(world.update("Job", world.job, deletingAfter(WINDOW)), {
      message: /third in a row/,
    });

    assert.deepEqual(pairs(await world.rows()), before);
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("tells rows apart again where somebody wrote into the window meanwhile", async () => {
    await using world = await startChangeWorld();
    const row = `INSERT INTO ${TABLE} (ID, UPDATED_AT) VALUES (9, '2025-12-17 17:30:00')`;
    beforeStatement(world, /^DELETE/, () => world.emulator.warehouse.rows(row));

    await world.update("Job", world.job, deletingAfter(WINDOW));

    assert.deepEqual(pairs(await world.rows()), [...PAIRS, "9 2025-12-17 17:30:00"]);
    const steps = await journalSteps(world);
    assert.equal(steps.filter((step) => step === "run-ended").length, 1);
  });

  it("needs no keys", async () => {
    await using world = await startChangeWorld({ job: { primaryKeys: undefined } });

    await world.update("Job", world.job, deletingAfter(WINDOW, { primaryKeys: undefined }));

    const rows = await world.rows();
    assert.deepEqual(pairs(rows), PAIRS);
    assert.equal(rows.filter((row) => row["TELEFONE"] !== null).length, 5);
  });

  it("replaces every row where all are loaded again", async () => {
    await using world = await startChangeWorld();

    await world.update("Job", world.job, deletingAfter("all"));

    const rows = await world.rows();
    assert.deepEqual(
      pairs(rows),
      PAIRS.filter((pair) => pair.includes("16:50")),
    );
    assert.equal(rows.filter((row) => row["TELEFONE"] !== null).length, 5);
  });
});

const MANY =
  "INSERT INTO cadastros.pedidos SELECT i, i, 1.00, 'pago', TIMESTAMP '2025-12-16', TIMESTAMP '2025-12-17 14:00:00' FROM range(40, 100) t(i)";
const WINDOW = { after: BOOKMARK };
const UPDATED = "3 2025-12-17 17:20:00";

/** Cursors a second apart from a moment on, as at a source that was set back to an earlier day or brought forward again. */
function setCursors(moment: string): string {
  return `UPDATE cadastros.pedidos SET updated_at = TIMESTAMP '${moment}' + INTERVAL (id) SECOND`;
}

async function deleteBeforeRun({ emulator }: ChangeWorld, where: string): Promise<void> {
  await sourceBeforeRun(emulator, `DELETE FROM cadastros.pedidos WHERE ${where}`);
}

async function updateBeforeRun({ emulator }: ChangeWorld): Promise<void> {
  await sourceBeforeRun(
    emulator,
    "UPDATE cadastros.pedidos SET updated_at = TIMESTAMP '2025-12-17 17:20:00' WHERE id = 3",
  );
}

async function sourceBeforeRun(
  { faults, source }: ChangeWorld["emulator"],
  statement: string,
): Promise<void> {
  faults.once("POST", "execute", {
    kind: "run",
    work: async () => void (await source.run(statement)),
  });
}
