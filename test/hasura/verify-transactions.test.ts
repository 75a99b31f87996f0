import assert from "node:assert/strict";
import type { Migration } from "#src/domain/migration.js";
import { lowerInTransaction, lowerOnCopy, type Tried } from "#src/hasura/verify/lower.js";
import { runFile } from "#src/hasura/verify/run-file.js";
import { Stage } from "#src/hasura/verify/stage.js";
import { verifyMigration } from "#src/hasura/verify/verify-migration.js";
import { migrationsOf, type Pair, sharedScratch, told, verified } from "../support/verified.js";

const start = sharedScratch();
const TABLE = `CREATE TYPE mood AS ENUM ('ok');
  CREATE TABLE a (id serial PRIMARY KEY, n int DEFAULT 1, t text NOT NULL UNIQUE, m mood);
  CREATE TABLE b (id int PRIMARY KEY REFERENCES a DEFERRABLE INITIALLY DEFERRED);
  CREATE TABLE one (n int); INSERT INTO one VALUES (1)`;
const PAIRS: readonly Pair[] = [
  ["ALTER TABLE a ADD x text", "ALTER TABLE a DROP x"],
  ["ALTER TABLE a ADD x text", "ALTER TABLE a ALTER x SET DEFAULT 'y'"],
  ["ALTER TABLE a ALTER n DROP DEFAULT", "ALTER TABLE a ALTER n SET DEFAULT 2"],
  ["ALTER TABLE a ALTER n TYPE bigint", "ALTER TABLE a ALTER n TYPE int"],
  ["ALTER TABLE a DROP t", "ALTER TABLE a ADD t text"],
  ["UPDATE a SET t = t || '!'", "UPDATE a SET t = rtrim(t, '!')"],
  ["UPDATE one SET n = 2", "UPDATE one SET n = 3"],
  ["DELETE FROM one", "INSERT INTO one VALUES (1)"],
  ["INSERT INTO one VALUES (nextval('a_id_seq'))", "DELETE FROM one WHERE n > 1"],
  ["SET search_path = pg_catalog; SELECT 1", "CREATE TABLE left_over (n int)"],
  [
    "DELETE FROM b",
    "INSERT INTO b SELECT id FROM a LIMIT 1; ALTER TABLE b ADD n int; ALTER TABLE b DROP n",
  ],
  ["CREATE INDEX i ON a (n)", "DROP INDEX j"],
  ["CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "DROP FUNCTION f()"],
];

describe("a down that is tried in one transaction", () => {
  for (const [index, pair] of PAIRS.entries()) {
    it(`leads where it leads on a copy, file by file: ${pair[1]}`, async () => {
      await using stage = await Stage.open(await start(), { prelude: undefined, seeds: [] });
      const [table, tried] = migrationsOf([TABLE, undefined], pair);
      await verifyMigration(stage, table as Migration);
      await stage.seed();
      const before = await stage.look();
      await runFile(stage.database, tried?.up?.sql ?? "");
      await stage.look();
      const both = { ...tried, before } as Tried;

      const inOne = await lowerInTransaction(stage, both);
      const onCopy = await lowerOnCopy(stage, both);

      if (inOne !== undefined) assert.deepEqual(inOne, onCopy);
      assert.equal(inOne === undefined, index === 10, "only deferred checks need the copy");
      assert.deepEqual(await stage.look(), stage.seen);
    });
  }
});

describe("a migration with transactions of its own", () => {
  it("that fails half-way leaves nothing of itself to the next", async () => {
    const report = await verified(
      start,
      migrationsOf(
        ["CREATE TABLE a (n int)", "DROP TABLE a"],
        [
          "BEGIN; ALTER TABLE a ADD x int; COMMIT; BEGIN; ALTER TABLE a ADD n int; COMMIT",
          "ALTER TABLE a DROP x",
        ],
        ["ALTER TABLE a ADD x int", "ALTER TABLE a DROP x"],
      ),
    );

    assert.deepEqual(told(report), [
      "1 exact",
      "2 broken",
      'up-failed: the up fails: column "n" of relation "a" already exists (42701)',
      "3 exact",
    ]);
  });

  it("lets go of the rows it refuses, and of no others", async () => {
    const table: Pair = ["CREATE TABLE a (id serial PRIMARY KEY, t text NOT NULL)", "DROP TABLE a"];
    const casting = "BEGIN; ALTER TABLE a ALTER t TYPE int USING t::int; COMMIT;";
    const back = "BEGIN; ALTER TABLE a ALTER t TYPE text; COMMIT;";

    const alone = await verified(start, migrationsOf(table, [casting, back]));
    const plain = await verified(
      start,
      migrationsOf(
        table,
        [casting, back].map((sql) => sql.replace(/BEGIN; |COMMIT;/g, "")) as unknown as Pair,
      ),
    );

    assert.equal(alone.verdicts[1]?.findings[0]?.rule, "rows-refused");
    assert.deepEqual(told(alone), told(plain));
  });

  it("is proven too where PostgreSQL takes it only alone, or only in two steps", async () => {
    const report = await verified(
      start,
      migrationsOf(
        [
          "CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE a (m mood, n int)",
          "DROP TABLE a; DROP TYPE mood",
        ],
        ["CREATE INDEX CONCURRENTLY i ON a (n)", "DROP INDEX CONCURRENTLY i"],
        ["ALTER TYPE mood ADD VALUE 'sad'", "SELECT 1"],
        ["UPDATE a SET m = 'sad' WHERE false; ALTER TABLE a ADD k int", "ALTER TABLE a DROP k"],
      ),
    );

    assert.deepEqual(told(report), [
      "1 exact",
      "2 exact",
      "3 broken",
      'up-again-differs: after the down, the up fails: enum label "sad" already exists (42710)',
      "schema-differs: after the down, mood: enum value 'sad' was left over",
      "4 exact",
    ]);
  });
});
