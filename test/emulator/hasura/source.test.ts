import assert from "node:assert/strict";
import { emulatorWithHasura } from "../../support/hasura.js";
import { loadTable } from "../../support/loaded-table.js";

describe("the PostgreSQL behind Hasura as the pipelines' source", function () {
  this.timeout(30_000);
  const world = emulatorWithHasura();

  it("carries every type that can be loaded, with its value", async () => {
    await world.emulator.hasura.query(`
      CREATE DOMAIN grade AS numeric(4,2);
      CREATE TABLE kinds (
        id int, a text, b varchar(5), c smallint, e bigint, f numeric(20,4), g numeric, h boolean, i date,
        j timestamp, k timestamptz, l uuid, m jsonb, o double precision, p grade);
      INSERT INTO kinds VALUES (1, 'ção ''x''', '007', -1, 9223372036854775807, 1234567890.1234, 7.5, true,
        '2025-12-17', '2025-12-17 16:49:00.123456', '2025-12-17 16:49:00-03', '5e0c9a41-2d7f-4b86-a3c4-9f61d208be73',
        '{"a": [1]}', 0.25, 9.75);
      INSERT INTO kinds (id) VALUES (2)`);

    const { rows } = await run("kinds");

    const [filled, empty] = rows.map(({ ID: _id, ...values }) => values);
    assert.deepEqual(filled, {
      A: "ção 'x'",
      B: "007",
      C: -1,
      E: "9223372036854775807",
      F: 1234567890.1234,
      G: 7.5,
      H: true,
      I: "2025-12-17",
      J: "2025-12-17 16:49:00.123",
      K: "2025-12-17 19:49:00.000 +0000",
      L: "5e0c9a41-2d7f-4b86-a3c4-9f61d208be73",
      M: '{"a": [1]}',
      O: 0.25,
      P: 9.75,
    });
    assert.deepEqual(new Set(Object.values(empty ?? {})), new Set([null]));
  });

  it("fails a run for a column that cannot be loaded, by its name, and only if it is wanted", async () => {
    await world.emulator.hasura.query(
      "CREATE TABLE files (id int, body bytea, tags text[]); INSERT INTO files VALUES (1, '\\x00', '{a}')",
    );

    const wanted = await run("files", ["id", "body"]);
    const unwanted = await run("files", ["id"]);

    assert.equal(wanted.failure, 'Column "body" has the type bytea, which cannot be loaded');
    assert.deepEqual(unwanted.rows, [{ ID: 1 }]);
  });

  it("brings what was changed since the last run, a new column among it", async () => {
    await world.emulator.hasura.query("CREATE TABLE marks (id int); INSERT INTO marks VALUES (1)");
    const before = await run("marks");
    await world.emulator.hasura.query("ALTER TABLE marks ADD graded_at date DEFAULT '2026-01-02'");

    const after = await run("marks");

    assert.deepEqual(before.rows, [{ ID: 1 }]);
    assert.deepEqual(after.rows, [{ ID: 1, GRADED_AT: "2026-01-02" }]);
  });

  it("leaves a table that only the emulator's own source has to that source", async () => {
    await world.emulator.source.run(
      "CREATE SCHEMA IF NOT EXISTS own; CREATE OR REPLACE TABLE own.counts AS SELECT 5 AS id",
    );

    const { rows } = await run("counts", null, "own");

    assert.deepEqual(rows, [{ ID: 5 }]);
  });

  function run(table: string, columns: readonly string[] | null = null, schema = "public") {
    return loadTable(world.emulator, { schema, table, columns });
  }
});
