import assert from "node:assert/strict";
import { compareSnapshots } from "#src/domain/catalogue-comparison.js";
import { readSnapshot } from "#src/hasura/catalogue/snapshot.js";
import { startPglite } from "#src/hasura/scratch/pglite.js";
import type { Scratch, ScratchDatabase } from "#src/hasura/scratch/scratch.js";
import { changeOf, findPostgres15, RICH_SCHEMA } from "../support/scratch.js";

/** What was done, and every word that must be said about it. */
const CHANGES: readonly (readonly [string, readonly string[]])[] = [
  ["ALTER TABLE students ALTER name DROP NOT NULL", ["students.name: NOT NULL was lost"]],
  ["ALTER TABLE students ALTER born TYPE text", ["students.born: type date became text"]],
  [
    `ALTER TABLE students ALTER "Odd ""Name" TYPE numeric(5, 1)`,
    [
      'students."Odd ""Name": type integer became numeric(5,1)',
      `students."Odd ""Name": 1 of 2 values differs ('1' became '1.0')`,
    ],
  ],
  [
    "ALTER TABLE students ADD score_decimal numeric",
    ["students.score_decimal: column was left over"],
  ],
  ["ALTER TABLE students DROP born", ["students.born: column is gone"]],
  ["ALTER TABLE students RENAME born TO birth", ["students.born: column was renamed to birth"]],
  [
    "ALTER TABLE students ALTER score DROP DEFAULT",
    ["students.score: default was lost ('n/a'::text)"],
  ],
  ["ALTER TABLE students ALTER tags SET STORAGE MAIN", ["students.tags: storage e became m"]],
  [
    "ALTER TABLE sales.orders ALTER id SET GENERATED ALWAYS",
    ["sales.orders.id: identity by default became always"],
  ],
  ["DROP INDEX students_name_idx", ["students_name_idx: index is gone"]],
  [
    "ALTER INDEX students_name_idx RENAME TO by_name",
    ["students_name_idx: index was renamed to by_name"],
  ],
  [
    "ALTER TABLE students RENAME CONSTRAINT name_given TO given",
    ["students.name_given: constraint was renamed to given"],
  ],
  [
    "ALTER TABLE sales.orders VALIDATE CONSTRAINT positive",
    [
      "sales.orders.positive: definition CHECK ((amount > (0)::numeric)) NOT VALID became CHECK ((amount > (0)::numeric))",
    ],
  ],
  ["DROP TABLE sales.orders CASCADE", ["sales.orders: table is gone", "top: view is gone"]],
  ["CREATE TABLE extra (id serial PRIMARY KEY)", ["extra: table was left over"]],
  [
    "ALTER TYPE status RENAME VALUE 'sent' TO 'gone'",
    ["status: enum value 'sent' is gone, enum value 'gone' was left over"],
  ],
  [
    "CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
    ["touch(): function body changed"],
  ],
  [
    "ALTER FUNCTION add(int, int) VOLATILE",
    ["add(integer, integer): volatility immutable became volatile"],
  ],
  [
    "ALTER TABLE students ENABLE TRIGGER touch",
    ["students.touch: enabled disabled became enabled"],
  ],
  [
    "ALTER TABLE students NO FORCE ROW LEVEL SECURITY",
    ["students: row security forced became enabled"],
  ],
  ["DROP POLICY own ON students", ["students.own: policy is gone"]],
  ["REVOKE SELECT ON students FROM reader", ["students: grant reader: SELECT was lost"]],
  ["COMMENT ON COLUMN students.score IS NULL", ["students.score: comment was lost (ponto)"]],
  ["DROP VIEW guarded", ["guarded: view is gone"]],
  ["REFRESH MATERIALIZED VIEW counts WITH NO DATA", ["counts: populated true became false"]],
  ["DROP EVENT TRIGGER on_ddl", ["on_ddl: event trigger is gone"]],
  [
    "GRANT INSERT ON students TO PUBLIC; REVOKE TRUNCATE ON students FROM postgres",
    ["students: grant PUBLIC: INSERT was left over, not postgres: TRUNCATE was left over"],
  ],
  ["CREATE ROLE somebody", ["somebody: role was left over"]],
  ["SELECT setval('students_id_seq', 40)", ["students_id_seq: next value 3 became 41"]],
  ["SELECT setval('students_id_seq', 2, false)", ["students_id_seq: next value 41 became 2"]],
  ["ALTER SEQUENCE sales.numbers NO CYCLE", ["sales.numbers: cycle true became false"]],
  ["DELETE FROM students WHERE id = 2", ["students: 1 of 2 rows is gone"]],
  ["INSERT INTO parent VALUES (1), (2)", ["parent: 2 rows were left over"]],
  ["UPDATE students SET born = NULL", ["students.born: 1 of 2 values became null"]],
  [
    "UPDATE students SET score = '7'",
    ["students.score: 2 of 2 values differ ('007' became '7', '1e1' became '7')"],
  ],
  [
    "ALTER TABLE students ADD again date; UPDATE students SET again = born; ALTER TABLE students DROP born; ALTER TABLE students RENAME again TO born",
    ["students: column order changed (born from 4 to 9)"],
  ],
  ["SET search_path = sales; SET DateStyle = 'SQL, DMY'; SET TimeZone = 'America/Sao_Paulo'", []],
];

describe("a snapshot", function () {
  this.timeout(120_000);
  let pglite: Scratch;
  let database: ScratchDatabase;

  before(async () => {
    pglite = await startPglite({ extensions: [] });
    database = await pglite.database();
    await database.run(RICH_SCHEMA);
  });
  after(async () => pglite[Symbol.asyncDispose]());

  it("is equal on PGlite and on PostgreSQL 15 for the same schema and rows", async function () {
    await using postgres = await findPostgres15();
    if (postgres === undefined) return this.skip();
    const other = await postgres.database();
    await other.run(RICH_SCHEMA);

    const [one, two] = [await readSnapshot(database), await readSnapshot(other)];

    assert.deepEqual(compareSnapshots(one, two), []);
    assert.deepEqual(compareSnapshots(two, one), []);
  });

  it("holds an object of every kind", async () => {
    const { objects } = await readSnapshot(database);

    const kinds = new Set(objects.map((object) => object.kind));

    assert.equal(kinds.size, 21);
  });

  it("leaves out what belongs to Hasura, and the session as it was", async () => {
    await database.run("CREATE SCHEMA hdb_catalog; CREATE TABLE hdb_catalog.state (a int)");
    await database.run("SET search_path = sales, public; SET DateStyle = 'SQL, DMY'");

    const { objects } = await readSnapshot(database);

    const [path] = await database.query("SHOW search_path");
    const [style] = await database.query("SHOW DateStyle");
    await database.run("DROP SCHEMA hdb_catalog CASCADE; RESET search_path; RESET DateStyle");
    assert.equal(
      objects.some((object) => object.name.startsWith("hdb_catalog")),
      false,
    );
    assert.deepEqual([path?.["search_path"], style?.["DateStyle"]], ["sales, public", "SQL, DMY"]);
  });

  for (const [sql, words] of CHANGES) {
    it(`names what this does: ${sql.slice(0, 90)}`, async () => {
      const said = await changeOf(database, sql);

      assert.deepEqual(said, words);
    });
  }
});
