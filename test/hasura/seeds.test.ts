import assert from "node:assert/strict";
import type { ScratchDatabase } from "#src/hasura/scratch/scratch.js";
import { fillNew } from "#src/hasura/seeds/fill-new.js";
import { type SeedReport, seedTables } from "#src/hasura/seeds/seed-tables.js";
import { runUserSeeds } from "#src/hasura/seeds/user-seeds.js";
import { aDatabase } from "../support/pglite-database.js";
import { EVERY_TYPE, FIFTEEN_TABLES, HUNDRED_TABLES, STUDENTS } from "../support/seeded-schemas.js";

let database: ScratchDatabase;

before(async function () {
  this.timeout(60_000);
  database = await aDatabase();
});

after(() => database[Symbol.asyncDispose]());

beforeEach(() => database.run("DROP SCHEMA IF EXISTS public, sales CASCADE; CREATE SCHEMA public"));

/** The values of a column in the rows put in. */
const valuesIn = ({ rows }: SeedReport, table: string, column: string) =>
  rows.filter((row) => row.table === table).map(({ row }) => row[column]);

describe("seeds", () => {
  it("hold the texts that a cast to a number and back does not return", async () => {
    await database.run(STUDENTS);

    const report = await seedTables(database);

    const scores = valuesIn(report, "students", "score");
    assert.deepEqual(
      ["007", "1e1", " 8 ", "-1.50", ""].filter((text) => !scores.includes(text)),
      [],
    );
  });

  it("are the same in an equal database", async () => {
    await database.run(FIFTEEN_TABLES);
    const first = await seedTables(database);
    await database.run("DROP SCHEMA public, sales CASCADE; CREATE SCHEMA public");
    await database.run(FIFTEEN_TABLES);

    const second = await seedTables(database);

    assert.deepEqual(
      second.rows.map(({ table, row, rank }) => ({ table, row, rank })),
      first.rows.map(({ table, row, rank }) => ({ table, row, rank })),
    );
  });

  it("show two columns that were swapped", async () => {
    await database.run("CREATE TABLE people (first_name text, last_name text, a bool, b bool)");

    const report = await seedTables(database);

    assert.notDeepEqual(
      valuesIn(report, "people", "first_name"),
      valuesIn(report, "people", "last_name"),
    );
    assert.notDeepEqual(valuesIn(report, "people", "a"), valuesIn(report, "people", "b"));
  });

  it("fill every table of a schema with all kinds of constraints", async () => {
    await database.run(FIFTEEN_TABLES);

    const report = await seedTables(database);

    assert.deepEqual(report.unseeded, []);
    assert.equal(report.tables.length, 15);
    console.log(report.tables);
    assert.deepEqual(
      report.tables.filter(({ rows }) => rows < 2),
      [],
    );
  });

  it("hold a value and a null of every type that PostgreSQL and its usual extensions have", async () => {
    await database.run(EVERY_TYPE);

    const report = await seedTables(database);

    const [counts = {}] = await database.query(
      `SELECT ${Object.keys(report.rows[0]?.row ?? {})
        .map((column) => `count(DISTINCT "${column}"::text) AS "${column}"`)
        .join(", ")} FROM everything`,
    );
    console.log(report.tables, JSON.stringify(counts));
    assert.deepEqual(report.unseeded, []);
    assert.deepEqual(
      Object.entries(counts).filter(([, count]) => Number(count) < 2),
      [],
    );
  });

  it("fill a hundred tables within seconds", async function () {
    this.timeout(20_000);
    await database.run(HUNDRED_TABLES);

    const cpu = process.cpuUsage();
    const begun = performance.now();
    const report = await seedTables(database);

    console.log("hundred", performance.now() - begun, report.rows.length, process.cpuUsage(cpu));
    assert.equal(report.tables.length, 100);
  });
});
