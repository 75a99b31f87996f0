import assert from "node:assert/strict";
import { executeSql, ordersPipeline, rowsOf } from "./destination.js";
import { emulatedMaestro } from "./maestro-under-test.js";

const BOOKMARK = "2025-12-17 16:49:00";

describe("a column added by hand, with plain HTTP and SQL", () => {
  it("[T] arrives filled, without a lost or doubled row, and then one row per key", async function () {
    this.timeout(30_000);
    await using maestro = await emulatedMaestro(this);
    const { source, runs } = maestro.emulator;
    const pipeline = ordersPipeline({ cron: "@once" });
    const job = `${pipeline.id}-0`;
    const path = `/platform/pipeline/${pipeline.id}`;
    const execute = async () => {
      const known = (await maestro.send("GET", `${path}/pipeline_run`)).body.length;
      await maestro.send("POST", "/platform/pipeline/execute", { pipeline_id: pipeline.id });
      await runs.idle();
      const { body } = await maestro.send("GET", `${path}/pipeline_run`);
      assert.deepEqual([body.length, body[0].last_status], [known + 1, "SUCCESS"]);
    };
    await maestro.create(pipeline);
    await runs.idle();
    await source.run(`
      ALTER TABLE cadastros.pedidos ADD COLUMN telefone VARCHAR(20);
      UPDATE cadastros.pedidos SET telefone = '11 9000-000' || id,
        updated_at = TIMESTAMP '2025-12-17 16:50:00' + to_seconds(id);
    `);
    // A scheduled run may come between the change of the source and that of the job: its rows lack the column.
    await execute();

    await maestro.send("PATCH", path, { cron: null });
    const doomed = await rowsOf(
      maestro,
      `SELECT COUNT(*) AS N FROM PUBLIC.PEDIDOS WHERE UPDATED_AT > '${BOOKMARK}'`,
    );
    await maestro.send("PATCH", `/platform/jobs/${job}/input`, {
      column_include_list: ["telefone"],
    });
    const { source_config } = (await maestro.send("GET", `/platform/jobs/jdbc/${job}`)).body;
    await maestro.send("POST", `/platform/jobs/${job}/reset-state`, {
      incremental_column_value: BOOKMARK,
    });
    const deleted = await executeSql(
      maestro,
      `DELETE FROM PUBLIC.PEDIDOS WHERE UPDATED_AT > '${BOOKMARK}'`,
    );
    await execute();
    const filled = await rowsOf(
      maestro,
      "SELECT COUNT(*) AS N, COUNT(TELEFONE) AS M FROM PUBLIC.PEDIDOS",
    );
    await maestro.send("POST", `/platform/jobs/jdbc/${job}/sync-mode`, {
      target_load_type: "incremental_with_qualify",
      incremental_column_name: "updated_at",
      incremental_column_type: "timestamp",
      primary_keys: ["id"],
    });
    await execute();
    await maestro.send("PATCH", path, { cron: "15 3 * * *" });

    assert.deepEqual([doomed, deleted], [["5"], 5]);
    assert.equal(source_config.column_include_list.at(-1), "telefone");
    assert.deepEqual(filled, ["10 5"]);
    assert.deepEqual(await rowsOf(maestro, "SELECT ID, TELEFONE FROM STAGED.PEDIDOS ORDER BY ID"), [
      "1 11 9000-0001",
      "2 11 9000-0002",
      "3 11 9000-0003",
      "4 11 9000-0004",
      "5 11 9000-0005",
    ]);
  });
});
