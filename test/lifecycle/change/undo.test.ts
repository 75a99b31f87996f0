import assert from "node:assert/strict";
import {
  beforeStatement,
  effects,
  LATER_PAIR,
  liveCron,
  NEW_ORDER,
  once,
  PAIRS,
  PATIENCE_MS,
  pairs,
  runLater,
  startChangeWorld,
  without,
} from "../../support/change-world.js";
import { JOB, TABLE, withTelefone } from "../../support/world.js";

/** Half of the table is the window: with one row more the default limit would refuse. */
const GENEROUS = withTelefone(undefined, { limits: { deletedPercent: 100 } });

/** An order that its source shows late, with a cursor that Maestro is beyond already. */
const LATE_ORDER =
  "INSERT INTO cadastros.pedidos (id, cliente_id, valor, status, created_at, updated_at) VALUES (8, 108, 8.00, 'pago', '2025-12-17 16:50:02', '2025-12-17 16:50:02')";

describe("undoing a column change", function () {
  this.timeout(PATIENCE_MS);

  it("puts everything back after three failed runs, and the next run brings each row once", async () => {
    await using world = await startChangeWorld();
    const before = await world.rows();
    world.emulator.runs.failNext("out of memory", 3);

    await assert.rejects(world.update("Job", world.job, withTelefone()), {
      message: /failed, the third in a row: out of memory[\s\S]*are back as they were/,
    });

    assert.deepEqual(await world.rows(), before);
    assert.equal(world.emulator.bookmark(JOB), "2025-12-17 16:50:05");
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("takes away what failed runs left behind", async () => {
    await using world = await startChangeWorld({ switches: { failedRunKeepsRows: true } });
    const before = await world.rows();
    world.emulator.runs.failNext("out of memory", 3);

    await assert.rejects(world.update("Job", world.job, withTelefone()), {
      message: /the third in a row/,
    });

    assert.deepEqual(without("TELEFONE", await world.rows()), before);
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("takes away what came late to the source and only failed runs had brought, though a later back-up holds it", async () => {
    await using world = await startChangeWorld({ switches: { failedRunKeepsRows: true } });
    const before = await world.rows();
    await world.emulator.source.run(LATE_ORDER);
    world.emulator.runs.failNext("out of memory", 3);

    await assert.rejects(world.update("Job", world.job, withTelefone()), {
      message: /the third in a row/,
    });

    assert.deepEqual(without("TELEFONE", await world.rows()), before);
  });

  it("takes it away, too, where a row outside the window was doubled meanwhile", async () => {
    await using world = await startChangeWorld({ switches: { failedRunKeepsRows: true } });
    const before = await world.rows();
    await world.emulator.source.run(LATE_ORDER);
    beforeStatement(world, /^DELETE/, () =>
      insertCopy(world, "UPDATED_AT < '2025-12-17 14:02:00'"),
    );
    world.emulator.runs.failNext("out of memory", 3);

    await assert.rejects(world.update("Job", world.job, withTelefone()), {
      message: /the third in a row/,
    });

    assert.deepEqual(without("TELEFONE", await world.rows()), before);
  });

  it("sets the state back although failed runs moved it", async () => {
    await using world = await startChangeWorld({
      switches: { failedRunKeepsRows: true, failedRunMovesBookmark: true },
    });
    await world.emulator.source.run(NEW_ORDER);
    world.emulator.runs.failNext("out of memory", 3);

    await assert.rejects(world.update("Job", world.job, withTelefone()), {
      message: /the third in a row/,
    });

    assert.deepEqual(await runLater(world), [...PAIRS, "6 2025-12-17 17:00:00", LATER_PAIR]);
  });

  it("is not needed while one of three runs ends well", async () => {
    await using world = await startChangeWorld({ switches: { failedRunKeepsRows: true } });
    world.emulator.runs.failNext("out of memory", 2);

    await world.update("Job", world.job, withTelefone());

    const rows = await world.rows();
    assert.deepEqual(pairs(rows), PAIRS);
    assert.equal(rows.filter((row) => row["TELEFONE"] !== null).length, 5);
  });

  it("finds nothing to restore when the DELETE is refused, and leaves the state alone", async () => {
    await using world = await startChangeWorld({ pipeline: { cron: "0 3 * * *" } });
    const before = await world.rows();
    once(world, /^DELETE/, {
      kind: "error",
      code: "003001",
      sqlState: "42501",
      message: "Insufficient privileges",
    });
    const update = world.update("Job", world.job, withTelefone());

    await assert.rejects(update, {
      message: /Insufficient privileges[\s\S]*No row of .* was deleted. The schedule "0 3/,
    });
    assert.deepEqual(await world.rows(), before);
    assert.ok(!effects(world).includes("POST reset-state"));
    assert.equal(await liveCron(world), "0 3 * * *");
  });

  it("restores the rows when the reset is refused", async () => {
    await using world = await startChangeWorld();
    const before = await world.rows();
    const status = { kind: "status", status: 400, body: { detail: "bad value" } } as const;
    world.emulator.faults.once("POST", "reset-state", status);

    await assert.rejects(world.update("Job", world.job, withTelefone()), {
      message: /Maestro answered 400 \(bad value\)[\s\S]*are back as they were/,
    });

    assert.deepEqual(await world.rows(), before);
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("brings back what a run in the middle had loaded, once", async () => {
    await using world = await startChangeWorld();
    beforeStatement(world, /^DELETE/, async () => {
      await world.emulator.source.run(NEW_ORDER);
      await world.run();
    });
    world.emulator.faults.once("POST", "reset-state", { kind: "status", status: 400 });

    await assert.rejects(world.update("Job", world.job, GENEROUS), {
      message: /back as they were/,
    });

    assert.deepEqual(await runLater(world), [...PAIRS, "6 2025-12-17 17:00:00", LATER_PAIR]);
  });

  it("keeps what a good run brought, when the verification fails for another reason", async () => {
    await using world = await startChangeWorld();
    beforeStatement(world, /AS DOUBLED/, async () => {
      await insertCopy(world, "ID = 1 AND UPDATED_AT > '2025-12-17 16:49:00'");
    });
    await world.emulator.source.run(NEW_ORDER);

    await assert.rejects(world.update("Job", world.job, withTelefone()), {
      message: /more often than before/,
    });

    assert.deepEqual(await runLater(world), [...PAIRS, "6 2025-12-17 17:00:00", LATER_PAIR]);
  });
});

describe("a table that moves under a column change", function () {
  this.timeout(PATIENCE_MS);

  it("is counted again, and no row is lost", async () => {
    await using world = await startChangeWorld();
    beforeStatement(world, /^DELETE/, () =>
      world.emulator.warehouse.loader.load({
        schema: "PUBLIC",
        table: TABLE.replace("PUBLIC.", ""),
        columns: ["id", "cliente_id", "valor", "status", "created_at", "updated_at"],
        query:
          "SELECT 50, 1, 1.00, 'pago', TIMESTAMP '2025-01-01', TIMESTAMP '2025-12-17 17:10:00'",
        replace: false,
      }),
    );

    await world.update("Job", world.job, GENEROUS);

    assert.deepEqual(pairs(await world.rows()), [...PAIRS, "50 2025-12-17 17:10:00"]);
    assert.ok(world.shown.some(({ text }) => /the table moved/.test(text)));
  });
});

async function insertCopy(
  { process }: Awaited<ReturnType<typeof startChangeWorld>>,
  where: string,
): Promise<void> {
  const door = process.contextOf("").doors.warehouse?.warehouse;
  await door?.run({
    text: `INSERT INTO ${TABLE} SELECT * FROM ${TABLE} WHERE ${where}`,
    binds: [],
  });
}
