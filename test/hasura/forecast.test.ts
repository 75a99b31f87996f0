import assert from "node:assert/strict";
import type { Migration } from "#src/domain/migration.js";
import type { SourceTables } from "#src/domain/source-table.js";
import type { MigrationFolder } from "#src/hasura/folder/folder.js";
import { forecastTables } from "#src/hasura/replay/forecast.js";
import type { Scratch } from "#src/hasura/scratch/scratch.js";
import { findPostgres15 } from "../support/scratch.js";

describe("the tables that migrations will make", function () {
  this.timeout(30_000);
  let scratch: Scratch;

  before(async function () {
    const found = await findPostgres15();
    if (found === undefined) return this.skip();
    scratch = found;
  });
  after(() => scratch?.[Symbol.asyncDispose]());

  const forecast = (ups: readonly string[], target?: string) =>
    forecastTables(scratch, aFolder(ups), target, { prelude: undefined, seeds: [] });

  it("name with each column the migration that made, renamed or retyped it last, and what took others away", async () => {
    const tables = await forecast([
      "CREATE TABLE students (id int, score text, mail text)",
      "ALTER TABLE students ADD points numeric(4,1)",
      "ALTER TABLE students RENAME mail TO email; ALTER TABLE students DROP score",
      "ALTER TABLE students ALTER id TYPE bigint",
    ]);

    assert.deepEqual(tables?.["public.students"], {
      columns: [
        { name: "id", type: "bigint", migration: "4_m" },
        { name: "email", type: "text", migration: "3_m" },
        { name: "points", type: "numeric(4,1)", migration: "2_m" },
      ],
      removed: [
        { name: "score", migration: "3_m" },
        { name: "mail", migration: "3_m" },
      ],
    });
  });

  it("know of a column that came back", async () => {
    const tables = await forecast([
      "CREATE TABLE a (b int, c int)",
      "ALTER TABLE a DROP b",
      "ALTER TABLE a ADD b int",
    ]);

    assert.deepEqual(columnsIn(tables), { "public.a": ["c integer 1_m", "b integer 3_m"] });
    assert.equal(tables?.["public.a"]?.removed, undefined);
  });

  it("know what a table lost that was dropped and made again", async () => {
    const tables = await forecast([
      "CREATE TABLE a (b int, c int)",
      "DROP TABLE a",
      "CREATE TABLE a (b text)",
    ]);

    assert.deepEqual(tables?.["public.a"], {
      columns: [{ name: "b", type: "text", migration: "3_m" }],
      removed: [{ name: "c", migration: "2_m" }],
    });
  });

  it("are those of every schema, views and materialized views among them, under the names they have at the end", async () => {
    const tables = await forecast([
      "CREATE SCHEMA sales; CREATE TABLE sales.orders (id int); CREATE TABLE a (id int)",
      "CREATE VIEW seen AS SELECT id AS number FROM a; CREATE MATERIALIZED VIEW sales.kept AS SELECT 1 AS one",
      "ALTER TABLE sales.orders RENAME TO purchases; CREATE SCHEMA hdb_catalog; CREATE TABLE hdb_catalog.log (a int)",
      "DROP TABLE a CASCADE",
    ]);

    assert.deepEqual(columnsIn(tables), {
      "sales.kept": ["one integer 2_m"],
      "sales.purchases": ["id integer 3_m"],
    });
  });

  it("are those after the target", async () => {
    const tables = await forecast(["CREATE TABLE a (b int)", "ALTER TABLE a ADD c int"], "1");

    assert.deepEqual(columnsIn(tables), { "public.a": ["b integer 1_m"] });
  });

  it("are not known where an up does not run here", async () => {
    const tables = await forecast(["CREATE TABLE a (b int)", "ALTER TABLE elsewhere.b ADD c int"]);

    assert.equal(tables, undefined);
  });
});

function aFolder(ups: readonly string[]): MigrationFolder {
  const migrations = ups.map((sql, index): Migration => {
    const version = String(index + 1);
    return { version, name: "m", up: { path: `${version}_m/up.sql`, sql, hash: "0".repeat(64) } };
  });
  return {
    database: "default",
    isNamed: true,
    directory: "/nowhere",
    path: "",
    migrations,
    squashes: new Map(),
    ignored: [],
  };
}

function columnsIn(tables: SourceTables | undefined) {
  return Object.fromEntries(
    Object.entries(tables ?? {}).map(([name, { columns }]) => [
      name,
      columns.map((column) => `${column.name} ${column.type} ${column.migration}`),
    ]),
  );
}
