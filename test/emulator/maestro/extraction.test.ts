import assert from "node:assert/strict";
import { executeSql, ordersPipeline, rowsOf, runOnce } from "./destination.js";
import { emulatedMaestro } from "./maestro-under-test.js";

const COUNT = "SELECT COUNT(*) AS N FROM PUBLIC.PEDIDOS";

describe("an incremental job", () => {
  it("[D] appends rows beyond its bookmark, so that an update arrives as another version", async function () {
    await using maestro = await emulatedMaestro(this);
    const pipeline = ordersPipeline();
    await maestro.create(pipeline);
    await runOnce(maestro, pipeline);
    await maestro.emulator.source.run(
      "UPDATE cadastros.pedidos SET status = 'pago', updated_at = '2025-12-17 15:00:00' WHERE id = 5",
    );

    await runOnce(maestro, pipeline);

    const versions = "SELECT STATUS FROM PUBLIC.PEDIDOS WHERE ID = 5 ORDER BY UPDATED_AT";
    assert.deepEqual(await rowsOf(maestro, versions), ["pendente", "pago"]);
    assert.deepEqual(await rowsOf(maestro, COUNT), ["6"]);
    assert.equal(maestro.emulator.bookmark(`${pipeline.id}-0`), "2025-12-17 15:00:00");
  });

  it("[T] brings a new column with the first rows that come after it was added", async function () {
    await using maestro = await emulatedMaestro(this);
    const { source } = maestro.emulator;
    const pipeline = ordersPipeline();
    await maestro.create(pipeline);
    await runOnce(maestro, pipeline);
    await source.run("ALTER TABLE cadastros.pedidos ADD COLUMN telefone VARCHAR");
    await maestro.send("PATCH", `/platform/jobs/${pipeline.id}-0/input`, {
      column_include_list: ["telefone"],
    });
    const columns = async () => {
      const found = await maestro.emulator.warehouse.loader.findTable("PUBLIC", "PEDIDOS");
      return found?.map((column) => column.name);
    };

    await runOnce(maestro, pipeline);
    const before = await columns();
    await source.run(
      "UPDATE cadastros.pedidos SET telefone = '11 98765', updated_at = '2025-12-17 16:50:00' WHERE id = 1",
    );
    await runOnce(maestro, pipeline);

    assert.equal(before?.includes("TELEFONE"), false);
    assert.equal((await columns())?.at(-1), "TELEFONE");
    const filled = "SELECT ID, TELEFONE FROM PUBLIC.PEDIDOS WHERE ID IN (1, 2) ORDER BY UPDATED_AT";
    assert.deepEqual(await rowsOf(maestro, filled), ["1 null", "2 null", "1 11 98765"]);
  });

  it("[T] appends rows once more after a reset to a value below them", async function () {
    await using maestro = await emulatedMaestro(this);
    const pipeline = ordersPipeline();
    await maestro.create(pipeline);
    await runOnce(maestro, pipeline);
    await maestro.send("POST", `/platform/jobs/${pipeline.id}-0/reset-state`, {
      incremental_column_value: "2025-12-17 14:03:30",
    });

    await runOnce(maestro, pipeline);

    const twice = "SELECT ID FROM PUBLIC.PEDIDOS GROUP BY ID HAVING COUNT(*) = 2 ORDER BY ID";
    assert.deepEqual(await rowsOf(maestro, twice), ["4", "5"]);
  });

  it("[I] appends the whole table once more after a reset without a value", async function () {
    await using maestro = await emulatedMaestro(this);
    const pipeline = ordersPipeline();
    await maestro.create(pipeline);
    await runOnce(maestro, pipeline);
    await maestro.send("POST", `/platform/jobs/${pipeline.id}-0/reset-state`);

    await runOnce(maestro, pipeline);

    assert.deepEqual(await rowsOf(maestro, COUNT), ["10"]);
  });

  it("[I] resumes beyond the bookmark or at it, as switched", async function () {
    const rowsAfterTwoRuns = async (resumeAt: ">" | ">=") => {
      await using maestro = await emulatedMaestro(this, { switches: { resumeAt } });
      const pipeline = ordersPipeline();
      await maestro.create(pipeline);
      await runOnce(maestro, pipeline);
      await runOnce(maestro, pipeline);
      return await rowsOf(maestro, COUNT);
    };

    assert.deepEqual(await rowsAfterTwoRuns(">"), ["5"]);
    assert.deepEqual(await rowsAfterTwoRuns(">="), ["6"]);
  });

  it("[I] overwrites, at the end of a run, a reset made during that run", async function () {
    await using maestro = await emulatedMaestro(this);
    const { runs } = maestro.emulator;
    const pipeline = ordersPipeline();
    await maestro.create(pipeline);
    runs.hold();
    await maestro.send("POST", "/platform/pipeline/execute", { pipeline_id: pipeline.id });

    await maestro.send("POST", `/platform/jobs/${pipeline.id}-0/reset-state`, {
      incremental_column_value: "2025-12-01 00:00:00",
    });
    runs.release();
    await runs.idle();

    assert.equal(maestro.emulator.bookmark(`${pipeline.id}-0`), "2025-12-17 14:05:00");
  });

  it("[I] leaves out rows without a cursor, in a full extraction as well if so switched", async function () {
    const rowsOfFirstRun = async (fullExtractionSkipsNullCursors: boolean) => {
      const switches = { fullExtractionSkipsNullCursors };
      await using maestro = await emulatedMaestro(this, { switches });
      await maestro.emulator.source.run(
        `CREATE TABLE cadastros.itens AS SELECT id, nullif(updated_at, '2025-12-17 14:01:00') AS updated_at
           FROM cadastros.pedidos`,
      );
      const input = { table_name: "itens", column_include_list: null };
      const pipeline = ordersPipeline({ input });
      await maestro.create(pipeline);
      await runOnce(maestro, pipeline);
      return await rowsOf(maestro, COUNT);
    };

    assert.deepEqual(await rowsOfFirstRun(false), ["5"]);
    assert.deepEqual(await rowsOfFirstRun(true), ["4"]);
  });

  it("[I] stores cursors by another clock than the source's, as switched", async function () {
    await using maestro = await emulatedMaestro(this, {
      switches: { sourceClockOffsetMs: 3_600_000, bookmarkClock: "destination" },
    });
    const pipeline = ordersPipeline();
    await maestro.create(pipeline);

    await runOnce(maestro, pipeline);
    await runOnce(maestro, pipeline);

    assert.equal(maestro.emulator.bookmark(`${pipeline.id}-0`), "2025-12-17 15:05:00");
    assert.deepEqual(
      await rowsOf(maestro, "SELECT TO_CHAR(MAX(UPDATED_AT)) AS M FROM PUBLIC.PEDIDOS"),
      ["2025-12-17 15:05:00.000"],
    );
    assert.deepEqual(await rowsOf(maestro, COUNT), ["5"]);
  });
});

describe("a full_load job", () => {
  it("[D] replaces what the table held", async function () {
    await using maestro = await emulatedMaestro(this);
    const pipeline = ordersPipeline({ input: { load_type: "full_load" } });
    await maestro.create(pipeline);
    await runOnce(maestro, pipeline);
    await maestro.emulator.source.run("DELETE FROM cadastros.pedidos WHERE id > 3");

    await runOnce(maestro, pipeline);

    assert.deepEqual(await rowsOf(maestro, COUNT), ["3"]);
  });
});

describe("an incremental_with_qualify job", () => {
  for (const staged of ["view", "table"] as const) {
    it(`[D] keeps versions in PUBLIC and the newest per key in STAGED, as a ${staged}`, async function () {
      await using maestro = await emulatedMaestro(this, { switches: { staged } });
      const input = { load_type: "incremental_with_qualify", primary_keys: ["id"] };
      const pipeline = ordersPipeline({ input });
      await maestro.create(pipeline);
      await runOnce(maestro, pipeline);
      await maestro.emulator.source.run(
        "UPDATE cadastros.pedidos SET status = 'pago', updated_at = '2025-12-17 15:00:00' WHERE id = 5",
      );

      await runOnce(maestro, pipeline);

      assert.deepEqual(await rowsOf(maestro, COUNT), ["6"]);
      assert.deepEqual(await rowsOf(maestro, "SELECT ID, STATUS FROM STAGED.PEDIDOS ORDER BY ID"), [
        "1 pago",
        "2 enviado",
        "3 pago",
        "4 cancelado",
        "5 pago",
      ]);
    });
  }
});

describe("the deduplicated object", function () {
  this.timeout(30_000);

  it("[I] follows the raw table as a view, and stays behind as a table until the next run", async function () {
    const rowsAfterDelete = async (staged: "view" | "table") => {
      await using maestro = await emulatedMaestro(this, { switches: { staged } });
      const input = { load_type: "incremental_with_qualify", primary_keys: ["id"] };
      const pipeline = ordersPipeline({ input });
      await maestro.create(pipeline);
      await runOnce(maestro, pipeline);
      await executeSql(maestro, "DELETE FROM PUBLIC.PEDIDOS WHERE ID > 2");
      return await rowsOf(maestro, "SELECT COUNT(*) AS N FROM STAGED.PEDIDOS");
    };

    assert.deepEqual(await rowsAfterDelete("view"), ["2"]);
    assert.deepEqual(await rowsAfterDelete("table"), ["5"]);
  });
});

describe("the destination", () => {
  it("[D] has the names that were chosen at creation", async function () {
    await using maestro = await emulatedMaestro(this);
    await maestro.emulator.warehouse.rows("CREATE SCHEMA BRONZE");
    const raw = { table_name: "itens_bruto", table_schema: "BRONZE" };
    const pipeline = ordersPipeline({ output: { raw } });
    await maestro.create(pipeline);

    const run = await runOnce(maestro, pipeline);

    assert.equal(run.last_status, "SUCCESS");
    assert.deepEqual(await rowsOf(maestro, "SELECT COUNT(*) AS N FROM BRONZE.ITENS_BRUTO"), ["5"]);
  });

  it("[I] has the loader's types for those of the source", async function () {
    await using maestro = await emulatedMaestro(this);
    await maestro.emulator.source.run(
      `CREATE TABLE cadastros.tipos (a INTEGER, b BIGINT, c DECIMAL(12,2), d VARCHAR(20), e TIMESTAMP,
         f TIMESTAMPTZ, g DATE, h DOUBLE, i BOOLEAN)`,
    );
    const input = { table_name: "tipos", load_type: "full_load", column_include_list: null };
    const pipeline = ordersPipeline({ input });
    await maestro.create(pipeline);

    await runOnce(maestro, pipeline);

    const columns = await maestro.emulator.warehouse.loader.findTable("PUBLIC", "PEDIDOS");
    assert.deepEqual(
      columns?.map((column) => column.type),
      [
        "NUMBER(38,0)",
        "NUMBER(38,0)",
        "NUMBER(12,2)",
        "VARCHAR(16777216)",
        "TIMESTAMP_NTZ(9)",
        "TIMESTAMP_TZ(9)",
        "DATE",
        "FLOAT",
        "BOOLEAN",
      ],
    );
  });
});
