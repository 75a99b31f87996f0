import assert from "node:assert/strict";
import type { ScratchDatabase } from "#src/hasura/scratch/scratch.js";
import { type SeedReport, seedTables } from "#src/hasura/seeds/seed-tables.js";
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
    assert.deepEqual(report.unseeded, []);
    assert.deepEqual(
      Object.entries(counts).filter(([, count]) => Number(count) < 2),
      [],
    );
  });

  it("fill a hundred tables within seconds", async function () {
    this.timeout(20_000);
    await database.run(HUNDRED_TABLES);

    const begun = performance.now();
    const report = await seedTables(database);

    assert.equal(report.tables.length, 100);
    assert.ok(performance.now() - begun < 10_000);
  });

  it("are nowhere refused by a trigger without a plain row in their place", async () => {
    await database.run(FIFTEEN_TABLES);

    const report = await seedTables(database);

    const amounts = valuesIn(report, "sales.payments", "amount");
    assert.ok(amounts.length >= 10);
    assert.ok(amounts.every((amount) => amount === "NaN" || Number(amount) >= 0));
  });

  it("are more where an enum has more labels, so that each occurs", async () => {
    const labels = Array.from({ length: 30 }, (_, index) => `label ${index}`);
    await database.run(`CREATE TYPE many AS ENUM (${labels.map((label) => `'${label}'`)});
      CREATE TABLE enums (one many, other many NOT NULL)`);

    const report = await seedTables(database);

    assert.equal(new Set(valuesIn(report, "enums", "one")).size, 31);
    assert.equal(new Set(valuesIn(report, "enums", "other")).size, 30);
  });

  it("meet a CHECK at its bounds, with a text of the length or form it asks for", async () => {
    await database.run(`CREATE TABLE checked (
      state text NOT NULL CHECK (state IN ('on', 'off')), code text NOT NULL CHECK (char_length(code) = 8),
      mail text NOT NULL CHECK (mail LIKE '%@%.%'), level int NOT NULL CHECK (level BETWEEN -3 AND 40))`);

    const report = await seedTables(database);

    assert.deepEqual(report.tables, [{ table: "checked", rows: 12, refused: 0 }]);
    assert.deepEqual([...new Set(valuesIn(report, "checked", "state"))].sort(), ["off", "on"]);
    assert.ok(valuesIn(report, "checked", "level").includes("-3"));
  });

  it("leave tables alone that have rows", async () => {
    await database.run(
      "CREATE TABLE a (id int); INSERT INTO a VALUES (5); CREATE TABLE b (id int)",
    );

    const report = await seedTables(database);

    assert.deepEqual(
      report.tables.map(({ table }) => table),
      ["b"],
    );
  });

  it("refer to rows that a table had", async () => {
    await database.run(`CREATE TABLE a (id int PRIMARY KEY); INSERT INTO a VALUES (5);
      CREATE TABLE b (a_id int NOT NULL REFERENCES a)`);

    const report = await seedTables(database);

    assert.deepEqual([...new Set(valuesIn(report, "b", "a_id"))], ["5"]);
  });

  it("name the tables that stay empty, and why", async () => {
    await database.run(`CREATE TABLE never (id int CHECK (false)); CREATE TABLE documents (body xml NOT NULL);
      CREATE TABLE parted (id int) PARTITION BY LIST (id);
      CREATE TABLE hens (id int PRIMARY KEY, egg_id int NOT NULL);
      CREATE TABLE eggs (id int PRIMARY KEY, hen_id int NOT NULL REFERENCES hens);
      ALTER TABLE hens ADD FOREIGN KEY (egg_id) REFERENCES eggs`);

    const { unseeded } = await seedTables(database);

    assert.deepEqual(unseeded.map(({ table }) => table).sort(), [
      "documents",
      "eggs",
      "hens",
      "never",
      "parted",
    ]);
    assert.match(unseeded.find(({ table }) => table === "documents")?.why ?? "", /body \(xml\)/);
    assert.match(unseeded.find(({ table }) => table === "parted")?.why ?? "", /no partition/);
  });

  it("say nothing of a table that a trigger on another one filled", async () => {
    await database.run(`CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE profiles (user_id int PRIMARY KEY REFERENCES users);
      CREATE FUNCTION profile() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN INSERT INTO profiles VALUES (NEW.id); RETURN NULL; END $$;
      CREATE TRIGGER profile AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION profile()`);

    const report = await seedTables(database);

    assert.deepEqual(report.unseeded, []);
  });

  it("refer to plain rows before them where a table refers to itself", async () => {
    await database.run("CREATE TABLE tree (id int PRIMARY KEY, parent_id int REFERENCES tree)");

    const report = await seedTables(database);

    const plain = report.rows.filter(({ rank }) => rank === 0).map(({ row }) => row["id"]);
    const [first, ...others] = valuesIn(report, "tree", "parent_id");
    assert.equal(first, null);
    assert.deepEqual(
      others.filter((parent) => !plain.includes(parent ?? null)),
      [],
    );
  });
});
