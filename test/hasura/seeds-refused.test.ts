import assert from "node:assert/strict";
import { type ScratchDatabase, SqlError } from "#src/hasura/scratch/scratch.js";
import { findRefusedRows, isDataError } from "#src/hasura/seeds/refused-rows.js";
import { removeRows } from "#src/hasura/seeds/removal.js";
import { seedTables } from "#src/hasura/seeds/seed-tables.js";
import { aDatabase } from "../support/pglite-database.js";
import { STUDENTS } from "../support/seeded-schemas.js";

let database: ScratchDatabase;

before(async function () {
  this.timeout(60_000);
  database = await aDatabase();
});

after(() => database[Symbol.asyncDispose]());

beforeEach(() => database.run("DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public"));

const run = (sql: string) => (on: ScratchDatabase) => on.run(sql);
const column = async (sql: string) =>
  (await database.query(sql)).map((row) => Object.values(row)[0] ?? null);

describe("rows that a migration refuses", () => {
  it("are those whose text is no number, when a column is cast", async () => {
    await database.run(STUDENTS);
    await seedTables(database);
    const cast = "ALTER TABLE students ALTER score TYPE numeric USING score::numeric";

    const refused = await findRefusedRows(database, ["students"], run(cast));

    assert.deepEqual(
      refused.filter(
        ({ row, error }) =>
          !Number.isNaN(Number(row["score"]?.trim() || "no")) || error.sqlState !== "22P02",
      ),
      [],
    );
    assert.equal(refused.length, 6);
  });

  it("are let go of with what depends on them, and the migration passes", async () => {
    await database.run(`${STUDENTS};
      CREATE TABLE grades (
        id serial PRIMARY KEY, student_id int NOT NULL REFERENCES students, mentor_id int REFERENCES students);
      CREATE TABLE marks (grade_id int NOT NULL REFERENCES grades)`);
    await seedTables(database);
    const cast = "ALTER TABLE students ALTER score TYPE numeric USING score::numeric";
    const refused = await findRefusedRows(database, ["students"], run(cast));

    const dependants = await removeRows(database, refused);

    await database.run(cast);
    assert.deepEqual(await column("SELECT count(*)::text FROM students"), ["6"]);
    assert.deepEqual(
      dependants.map(({ table }) => table),
      ["grades", "grades", "marks"],
    );
    assert.deepEqual(
      await column("SELECT count(*)::text FROM marks JOIN grades ON id = grade_id"),
      await column("SELECT count(*)::text FROM marks"),
    );
  });

  it("are the later ones of those that it refuses only together", async () => {
    await database.run(`CREATE TABLE a (id serial, code text);
      INSERT INTO a (code) VALUES ('x'), ('y'), ('x'), ('z'), ('y'), ('x')`);

    const refused = await findRefusedRows(database, ["a"], run("ALTER TABLE a ADD UNIQUE (code)"));

    assert.deepEqual(
      refused.map(({ row }) => row["id"]),
      ["3", "5", "6"],
    );
  });

  it("are looked for in all tables that it touches, parents before children", async () => {
    await database.run(`CREATE TABLE a (id int PRIMARY KEY, n text);
      CREATE TABLE b (a_id int NOT NULL REFERENCES a, m text);
      INSERT INTO a VALUES (1, '1'), (2, 'no'), (3, '3'); INSERT INTO b VALUES (1, 'no'), (2, '2'), (3, '3')`);
    const change =
      "ALTER TABLE a ALTER n TYPE int USING n::int; ALTER TABLE b ALTER m TYPE int USING m::int";

    const refused = await findRefusedRows(database, ["b", "a"], run(change));

    assert.deepEqual(
      refused.map(({ table, row }) => [table, row["n"] ?? row["m"]]),
      [
        ["a", "no"],
        ["b", "no"],
      ],
    );
  });

  it("are none if it fails without a row as well, or passes with all", async () => {
    await database.run(STUDENTS);
    await seedTables(database);

    const ofFailing = await findRefusedRows(database, ["students"], run("SELECT 1 / 0"));
    const ofPassing = await findRefusedRows(database, ["students"], run("SELECT 1"));

    assert.deepEqual([ofFailing, ofPassing], [[], []]);
  });

  it("are found without a trace: rows and sequences are as they were", async () => {
    await database.run(`${STUDENTS}; CREATE SEQUENCE unused`);
    await seedTables(database);
    const state = () =>
      database.query(`SELECT s.*, q.last_value::text, q.is_called::text, u.is_called::text AS unused
        FROM students s, students_id_seq q, unused u ORDER BY s.id`);
    const before = await state();

    await findRefusedRows(
      database,
      ["students"],
      run("INSERT INTO students (name, score) SELECT nextval('unused'), score::int FROM students"),
    );

    assert.deepEqual(await state(), before);
  });

  it("are given up in whole batches when the attempts are used up, never kept untried", async () => {
    await database.run(`CREATE TABLE a (n int); INSERT INTO a SELECT generate_series(1, 400)`);
    let attempts = 0;
    const change = "ALTER TABLE a ADD CHECK (n % 3 <> 0)";

    const refused = await findRefusedRows(database, ["a"], async (on) => {
      attempts++;
      await on.run(change);
    });
    await removeRows(database, refused);

    await database.run(change);
    assert.ok(attempts <= 60);
    assert.ok(refused.length < 400);
  });

  it("cannot be told where the migration ends its own transaction", async () => {
    await database.run("CREATE TABLE a (n int); INSERT INTO a VALUES (1), (2)");

    const search = findRefusedRows(database, ["a"], run("COMMIT; SELECT 1 / 0"));

    await assert.rejects(search, { sqlState: "2D000" });
  });
});

describe("an error over rows", () => {
  it("is one of data, of a constraint, or raised by a function", () => {
    const isOfRows = (sqlState: string) => isDataError(new SqlError("no", { sqlState }));

    assert.deepEqual(["22P02", "23505", "21000", "P0001", "42P01", "55006"].map(isOfRows), [
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
