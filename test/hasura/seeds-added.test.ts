import assert from "node:assert/strict";
import type { ScratchDatabase } from "#src/hasura/scratch/scratch.js";
import { fillNew } from "#src/hasura/seeds/fill-new.js";
import { seedTables } from "#src/hasura/seeds/seed-tables.js";
import { runUserSeeds } from "#src/hasura/seeds/user-seeds.js";
import { aDatabase } from "../support/pglite-database.js";
import { STUDENTS } from "../support/seeded-schemas.js";

let database: ScratchDatabase;

before(async function () {
  this.timeout(60_000);
  database = await aDatabase();
});

after(() => database[Symbol.asyncDispose]());

beforeEach(() => database.run("DROP SCHEMA IF EXISTS public, sales CASCADE; CREATE SCHEMA public"));

describe("columns that a migration added", () => {
  it("are filled where they are null in every row, foreign keys too", async () => {
    await database.run(STUDENTS);
    await seedTables(database);
    await database.run(`CREATE TABLE schools (id int PRIMARY KEY); INSERT INTO schools VALUES (7), (8);
      ALTER TABLE students ADD grade numeric(4,1), ADD email text, ADD school_id int REFERENCES schools, ADD age int DEFAULT 3`);

    const filled = await fillNew(
      database,
      ["grade", "email", "school_id", "age"].map((column) => ({ table: "students", column })),
    );

    assert.deepEqual(filled, [
      { table: "students", column: "grade", filled: 11 },
      { table: "students", column: "email", filled: 11 },
      { table: "students", column: "school_id", filled: 12 },
    ]);
  });

  it("stay null where the database refuses a value, without the others losing theirs", async () => {
    await database.run(STUDENTS);
    await seedTables(database);
    await database.run(
      "ALTER TABLE students ADD one int, ADD two text CHECK (two <> note OR two IS NULL AND one IS NULL)",
    );

    const filled = await fillNew(
      database,
      ["one", "two"].map((column) => ({ table: "students", column })),
    );

    const [counts] = await database.query(
      "SELECT count(one)::text AS one, count(two)::text AS two FROM students",
    );
    assert.deepEqual(
      Object.fromEntries(filled.map((of) => [of.column, String(of.filled)])),
      counts,
    );
    assert.ok(Number(counts?.["two"]) > 8);
  });
});

describe("the user's own seeds", () => {
  it("run in the order of their paths", async () => {
    await database.run("CREATE TABLE a (id int)");

    const failed = await runUserSeeds(database, [
      { path: "seeds/default/2.sql", sql: "UPDATE a SET id = id + 1" },
      { path: "seeds/default/1.sql", sql: "INSERT INTO a VALUES (1); INSERT INTO a VALUES (2)" },
    ]);

    assert.deepEqual(failed, []);
    assert.deepEqual(await database.query("SELECT id::text FROM a ORDER BY 1"), [
      { id: "2" },
      { id: "3" },
    ]);
  });

  it("that fail are named, and the others run", async () => {
    await database.run("CREATE TABLE a (id int)");

    const failed = await runUserSeeds(database, [
      { path: "1.sql", sql: "BEGIN; INSERT INTO a VALUES (1); INSERT INTO b VALUES (2)" },
      { path: "2.sql", sql: "INSERT INTO a VALUES (3)" },
    ]);

    assert.deepEqual(
      failed.map(({ path, error }) => [path, error.message]),
      [["1.sql", 'relation "b" does not exist']],
    );
    assert.deepEqual(await database.query("SELECT id::text FROM a"), [{ id: "3" }]);
  });
});
