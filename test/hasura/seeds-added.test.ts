import assert from "node:assert/strict";
import type { ScratchDatabase } from "#src/hasura/scratch/scratch.js";
import { fillNew } from "#src/hasura/seeds/fill-new.js";
import { seedTables } from "#src/hasura/seeds/seed-tables.js";
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
