import assert from "node:assert/strict";
import {
  beforeStatement,
  type ChangeWorld,
  LATER_PAIR,
  lastChange,
  PAIRS,
  PATIENCE_MS,
  pairs,
  runLater,
  startChangeWorld,
} from "../../support/change-world.js";
import { TABLE, withTelefone } from "../../support/world.js";

/** Sixty orders more: the window holds 65 keys. */
const MANY =
  "INSERT INTO cadastros.pedidos SELECT i, i, 1.00, 'pago', TIMESTAMP '2025-12-16', TIMESTAMP '2025-12-17 14:00:00' FROM range(40, 100) t(i)";

describe("the verification of a column change", function () {
  this.timeout(PATIENCE_MS);

  it("puts back what the source deleted meanwhile, up to ten keys", async () => {
    await using world = await startChangeWorld();
    await deleteBeforeRun(world, "id IN (2, 4)");

    const outputs = await world.update("Job", world.job, withTelefone());

    assert.deepEqual(pairs(await world.rows()), PAIRS);
    assert.equal(lastChange(outputs)["putBack"], 2);
    assert.match(shownText(world), /2 of them are gone from the source: their rows were put back/);
  });

  it("puts back ten keys of sixty-five", async () => {
    await using world = await startChangeWorld({ prepare: MANY });
    const before = pairs(await world.rows());
    await deleteBeforeRun(world, "id BETWEEN 70 AND 79");

    await world.update("Job", world.job, withTelefone());

    assert.deepEqual(pairs(await world.rows()).sort(), before.sort());
  });

  it("fails above that, names the keys, and undoes the change", async () => {
    await using world = await startChangeWorld({ prepare: MANY });
    const before = pairs(await world.rows());
    await deleteBeforeRun(world, "id BETWEEN 70 AND 80");

    await assert.rejects(world.update("Job", world.job, withTelefone()), {
      message: /11 of \d+ keys did not come back \(70, 71, 72, 73, 74, …\)[\s\S]*back as they were/,
    });

    assert.deepEqual(pairs(await world.rows()), before);
  });

  it("lets more keys be gone where `missingPercent` says so", async () => {
    await using world = await startChangeWorld({ prepare: MANY });
    await deleteBeforeRun(world, "id BETWEEN 70 AND 85");
    const limits = { missingPercent: 50 };

    const outputs = await world.update("Job", world.job, withTelefone(undefined, { limits }));

    assert.equal(lastChange(outputs)["putBack"], 16);
  });

  it("fails for doubled rows, and takes them away again", async () => {
    await using world = await startChangeWorld();
    beforeStatement(world, /AS DOUBLED/, () => insertCopy(world));

    await assert.rejects(world.update("Job", world.job, withTelefone()), {
      message: /1 pairs of key and cursor stand in the table more often than before/,
    });

    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("fails when the run brought nothing at all", async () => {
    await using world = await startChangeWorld();
    const { faults, source } = world.emulator;
    faults.once("POST", "execute", {
      kind: "run",
      work: async () =>
        void (await source.run(
          "UPDATE cadastros.pedidos SET updated_at = TIMESTAMP '2025-12-17 14:00:00'",
        )),
    });

    await assert.rejects(world.update("Job", world.job, withTelefone()), {
      message: /it brought no row of the window back[\s\S]*back as they were/,
    });

    assert.deepEqual(pairs(await world.rows()), PAIRS);
  });

  it("lets updated rows pass: a newer version stands for the old one", async () => {
    await using world = await startChangeWorld();
    world.emulator.faults.once("POST", "execute", {
      kind: "run",
      work: async () =>
        void (await world.emulator.source.run(
          "UPDATE cadastros.pedidos SET updated_at = TIMESTAMP '2025-12-17 17:20:00' WHERE id = 3",
        )),
    });

    const outputs = await world.update("Job", world.job, withTelefone());

    assert.equal(lastChange(outputs)["putBack"], 0);
    assert.ok(pairs(await world.rows()).includes("3 2025-12-17 17:20:00"));
  });

  it("puts superseded versions back with `keepVersions`", async () => {
    await using world = await startChangeWorld();
    const before = await world.rows();

    const outputs = await world.update(
      "Job",
      world.job,
      withTelefone("all", { keepVersions: true }),
    );

    assert.deepEqual(pairs(await world.rows()), pairs(before));
    assert.equal(lastChange(outputs)["versionsPutBack"], 5);
  });

  it("announces in the preview how many superseded versions will not return", async () => {
    await using world = await startChangeWorld();

    await world.update("Job", world.job, withTelefone("all"));

    assert.match(shownText(world), /5 superseded versions will not return/);
  });
});

describe("the verification of a job without keys", function () {
  this.timeout(PATIENCE_MS);

  it("compares counts and whole rows, and says what that cannot show", async () => {
    await using world = await startChangeWorld({ job: { primaryKeys: undefined } });

    await world.update("Job", world.job, withTelefone(undefined, { primaryKeys: undefined }));

    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
    assert.match(shownText(world), /cannot tell an updated row from a lost one/);
    assert.match(shownText(world), /5 rows for 5 before, 0 of them changed or gone/);
  });

  it("fails when too few rows came back", async () => {
    await using world = await startChangeWorld({ prepare: MANY, job: { primaryKeys: undefined } });
    const before = pairs(await world.rows());
    await deleteBeforeRun(world, "id BETWEEN 70 AND 85");
    const news = withTelefone(undefined, { primaryKeys: undefined });

    await assert.rejects(world.update("Job", world.job, news), {
      message: /16 of \d+ rows did not come back/,
    });

    assert.deepEqual(pairs(await world.rows()), before);
  });
});

async function deleteBeforeRun({ emulator }: ChangeWorld, where: string): Promise<void> {
  emulator.faults.once("POST", "execute", {
    kind: "run",
    work: async () =>
      void (await emulator.source.run(`DELETE FROM cadastros.pedidos WHERE ${where}`)),
  });
}

function insertCopy(world: ChangeWorld): Promise<void> {
  return run(
    world,
    `INSERT INTO ${TABLE} SELECT * FROM ${TABLE} WHERE ID = 1 AND UPDATED_AT > '2025-12-17 16:49:00'`,
  );
}

async function run({ process }: ChangeWorld, text: string): Promise<void> {
  await process.contextOf("").doors.warehouse?.warehouse.run({ text, binds: [] });
}

function shownText({ shown }: ChangeWorld): string {
  return shown.map(({ text }) => text).join("\n");
}
