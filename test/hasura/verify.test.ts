import assert from "node:assert/strict";
import {
  fileOf,
  migrationsOf,
  type Pair,
  sharedScratch,
  statusesOf,
  told,
  verified,
} from "../support/verified.js";

const start = sharedScratch();
const STUDENTS: Pair = [
  "CREATE TABLE students (id serial PRIMARY KEY, name text NOT NULL, score text NOT NULL)",
  "DROP TABLE students",
];
const UP = `
  ALTER TABLE students ADD score_decimal numeric;
  UPDATE students SET score_decimal = CAST(score AS decimal);
  ALTER TABLE students RENAME score TO score_text;
  ALTER TABLE students RENAME score_decimal TO score;
  ALTER TABLE students DROP score_text`;
const CONSOLE =
  "-- Could not auto-generate a down migration.\n-- Please write an appropriate down migration for the SQL below:\n";

describe("verify, on the students' scores", () => {
  it("names what the down that people write by hand loses, though every command succeeds", async () => {
    const byHand = `
      ALTER TABLE students ADD score_text text;
      ALTER TABLE students RENAME score TO score_decimal;
      ALTER TABLE students RENAME score_text TO score;
      ALTER TABLE students DROP score_decimal`;

    const report = await verified(start, migrationsOf(STUDENTS, [UP, byHand]));

    const words = told(report).slice(1).join("\n");
    assert.match(words, /^2 broken$/m);
    assert.match(words, /students\.score: NOT NULL was lost/);
    assert.match(words, /students\.score: (\d+) of \1 values became null/);
    assert.match(words, /rows-refused: the up refuses \d+ rows that students may hold/);
  });

  it("names the values that even a right down cannot give back", async () => {
    const right = `
      ALTER TABLE students RENAME score TO score_decimal;
      ALTER TABLE students ADD score text;
      UPDATE students SET score = score_decimal::text;
      ALTER TABLE students ALTER score SET NOT NULL;
      ALTER TABLE students DROP score_decimal`;

    const report = await verified(start, migrationsOf(STUDENTS, [UP, right]));

    const rules = report.verdicts[1]?.findings.map(({ rule }) => rule);
    assert.equal(report.verdicts[1]?.status, "lossy");
    assert.deepEqual(rules, ["rows-refused", "rows-differ"]);
    assert.match(told(report).at(-1) ?? "", /students\.score: \d+ of \d+ values differ \('0+7'/);
  });
});

describe("verify, on rows that no migration makes", () => {
  it("names them though rows made for the proof carry the same key", async () => {
    const schools: Pair = [
      "CREATE TABLE schools (id int PRIMARY KEY); CREATE TABLE courses (id int REFERENCES schools)",
      "DROP TABLE courses; DROP TABLE schools",
    ];

    const report = await verified(
      start,
      migrationsOf(schools, ["INSERT INTO courses VALUES (9)", "DELETE FROM courses WHERE id = 9"]),
    );

    assert.match(told(report).join("\n"), /needs a row that no migration makes: .*\(id\)=\(9\)/);
  });
});

describe("verify, on the texts", () => {
  it("names files that are missing, empty, comments only, or commented by half", async () => {
    const add = (column: string) => `ALTER TABLE students ADD ${column} text\n null;`;
    const half = `${CONSOLE}-- ALTER TABLE students ADD c text\n null;`;

    const report = await verified(
      start,
      migrationsOf(
        STUDENTS,
        [undefined, "SELECT 1"],
        [add("a"), undefined],
        [add("b"), `${CONSOLE}-- ${add("b").replace("\n", "\n-- ")}`],
        [add("c"), half],
        [add("d"), " \n-- nothing"],
      ),
    );

    const rules = report.verdicts.map(({ findings }) => findings.map(({ rule }) => rule));
    assert.deepEqual(rules.slice(1), [
      ["no-up"],
      ["no-down"],
      ["console-comment"],
      ["half-commented", "syntax"],
      ["no-statement"],
    ]);
    assert.deepEqual(new Set(statusesOf(report.verdicts).slice(1)), new Set(["broken"]));
  });

  it("knows the live tail of a half-commented statement where it can be read", async () => {
    const up = "DELETE FROM students\nWHERE id = 1;\nDELETE FROM students WHERE id = 2";
    const down = `${CONSOLE}-- DELETE FROM students\n-- WHERE id = 1;\nDELETE FROM students WHERE id = 2`;

    const report = await verified(start, migrationsOf(STUDENTS, [up, down]));

    const rules = report.verdicts[1]?.findings.map(({ rule }) => rule);
    assert.deepEqual(rules, ["half-commented", "rows-differ"]);
  });

  it("points at the file and line of a syntax error, and of a statement that fails", async () => {
    const down = "-- ção\nSELECT 'é';\nALTER TABLE students DROP COLUMN nowhere";

    const report = await verified(
      start,
      migrationsOf(STUDENTS, ["SELECT 1;\nALTER TABEL x", "SELECT 1"], ["SELECT 1", down]),
    );

    const places = report.verdicts.map(({ findings: [first] }) => [first?.file, first?.line]);
    assert.deepEqual(places[1], ["migrations/default/2_m/up.sql", 2]);
    assert.deepEqual(places[2]?.[0], "migrations/default/3_m/down.sql");
  });
});

describe("verify, on rows", () => {
  it("does not prove what becomes of the rows of a table that takes none", async () => {
    const report = await verified(
      start,
      migrationsOf(
        ["CREATE TABLE shut (n int NOT NULL CHECK (n > 1 AND n < 1))", "DROP TABLE shut"],
        ["ALTER TABLE shut ADD m int", "ALTER TABLE shut DROP m"],
      ),
    );

    assert.deepEqual(told(report), [
      "1 exact",
      "2 not proven",
      "no-rows: shut has no row here, so nothing shows what becomes of its rows",
    ]);
  });

  it("sees that rows are gone, not that others came in their place", async () => {
    const report = await verified(
      start,
      migrationsOf(STUDENTS, ["DELETE FROM students", "SELECT 1"]),
    );

    assert.match(
      told(report).join("\n"),
      /2 lossy\nrows-differ: .*students: (\d+) of \1 rows are gone/,
    );
  });

  it("blames no down for a clock, a chance or a number that a sequence gave out", async () => {
    const report = await verified(
      start,
      migrationsOf(
        STUDENTS,
        [
          "ALTER TABLE students ADD at timestamptz DEFAULT clock_timestamp(), ADD luck float8 DEFAULT random()",
          "ALTER TABLE students DROP at, DROP luck",
        ],
        [
          "INSERT INTO students (name, score) VALUES ('new one', '1')",
          "DELETE FROM students WHERE name = 'new one'",
        ],
      ),
    );

    assert.deepEqual(told(report), ["1 exact", "2 exact", "3 exact"]);
  });

  it("fills a new column of a table with a name in quotes, and fires no trigger by that", async () => {
    const table = `CREATE TABLE "Élève" (id serial PRIMARY KEY, changed timestamptz);
      CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.changed = clock_timestamp(); RETURN NEW; END';
      CREATE TRIGGER touch BEFORE UPDATE ON "Élève" FOR EACH ROW EXECUTE PROCEDURE touch()`;
    const undo = `ALTER TABLE "Élève" DROP note`;

    const report = await verified(
      start,
      migrationsOf(
        [table, `DROP TABLE "Élève"; DROP FUNCTION touch()`],
        [`ALTER TABLE "Élève" ADD note text`, undo],
        [`${undo}; ALTER TABLE "Élève" ADD note text`, "SELECT 1"],
      ),
    );

    assert.deepEqual(statusesOf(report.verdicts), ["exact", "exact", "lossy"]);
    assert.match(told(report).at(-1) ?? "", /"Élève"\.note: \d+ of \d+ values became null/);
  });

  it("takes a failure over rows that the migrations themselves make for one, not for bad luck with made-up rows", async () => {
    const cast = "ALTER TABLE marks ALTER mark TYPE int USING mark::int";
    const back = "ALTER TABLE marks ALTER mark TYPE text";
    const table: Pair = ["CREATE TABLE marks (id int PRIMARY KEY, mark text)", "DROP TABLE marks"];
    const row: Pair = [
      "INSERT INTO marks VALUES (9001, 'good')",
      "DELETE FROM marks WHERE id = 9001",
    ];

    const without = await verified(start, migrationsOf(table, [cast, back]));
    const withRow = await verified(start, migrationsOf(table, row, [cast, back]));

    assert.equal(without.verdicts[1]?.findings[0]?.rule, "rows-refused");
    assert.equal(withRow.verdicts[2]?.findings[0]?.rule, "up-failed");
  });

  it("uses the project's own seeds once their tables stand, beside rows made up here", async () => {
    const seed =
      "INSERT INTO students (id, name, score) VALUES (1, 'Ana', '1e1'), (2, 'Zoë', '010')";
    const down = "UPDATE students SET score = 'gone' WHERE name = 'Zoë'";

    const report = await verified(start, migrationsOf(STUDENTS, ["SELECT 1", down]), {
      seeds: [fileOf("seeds/default/1.sql", seed)],
    });

    assert.match(
      told(report).at(-1) ?? "",
      /students\.score: 1 of \d{2} values differs \('010' became 'gone'\)/,
    );
  });
});
