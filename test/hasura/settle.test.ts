import assert from "node:assert/strict";
import type { Migration } from "#src/domain/migration.js";
import { settleMigration } from "#src/hasura/replay/settle.js";
import { startPglite } from "#src/hasura/scratch/pglite.js";
import type { Scratch, ScratchDatabase } from "#src/hasura/scratch/scratch.js";
import { findPostgres15 } from "../support/scratch.js";

const EARLIER = `
  CREATE TABLE students (id serial PRIMARY KEY, score text NOT NULL);
  CREATE VIEW passed AS SELECT id FROM students WHERE score > '5';
  CREATE FUNCTION half(n int) RETURNS int LANGUAGE sql AS 'SELECT n / 3';
  CREATE ROLE reader`;
const HIDDEN =
  "what it changes (rows, owners or the values of sequences) does not show in the catalogue";

/** A migration, and what nobody can tell of it. */
const SHAPES: readonly (readonly [string, string, string?])[] = [
  ["makes a table", "CREATE TABLE marks (id int, at timestamptz DEFAULT now())"],
  ["renames a column", "ALTER TABLE students RENAME score TO mark"],
  [
    "retypes a column with what is made of it",
    "DROP VIEW passed; ALTER TABLE students ALTER score TYPE numeric USING score::numeric; CREATE VIEW passed AS SELECT id FROM students WHERE score > 5",
  ],
  [
    "gives a function another body",
    "CREATE OR REPLACE FUNCTION half(n int) RETURNS int LANGUAGE sql AS 'SELECT n / 2'",
  ],
  [
    "drops a constraint and makes an index",
    "ALTER TABLE students ALTER score DROP NOT NULL; CREATE INDEX by_score ON students (score)",
  ],
  ["changes rows only", "INSERT INTO students (score) VALUES ('7')", HIDDEN],
  ["grants only", "GRANT SELECT ON students TO reader"],
];

describe("whether a migration that was begun has been carried out", function () {
  this.timeout(60_000);
  let scratch: Scratch;
  let server: Scratch | undefined;

  before(async () => {
    scratch = await startPglite({ extensions: [] });
    // Where there is one: the live database is most often of another version than PGlite.
    server = await findPostgres15();
  });
  after(async () => {
    await scratch[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  const settled = async (live: ScratchDatabase, migration: Migration) =>
    settleMigration(scratch, {
      migration,
      earlier: [aMigration("1", EARLIER)],
      prelude: undefined,
      seeds: [],
      query: async (select, settings) => {
        await live.run(`BEGIN; ${settings}`);
        const rows = await live.query(select);
        await live.run("ROLLBACK");
        return rows;
      },
    });
  const aLive = async () => {
    const live = await (server ?? scratch).database();
    await live.run(`DROP ROLE IF EXISTS reader; ${EARLIER}; CREATE TABLE by_hand (a int)`);
    return live;
  };

  for (const [what, up, unclear] of SHAPES) {
    const outcome = unclear === undefined ? "is seen" : "is not known";
    it(`${outcome} where it ${what}`, async () => {
      await using live = await aLive();
      const migration = aMigration("2", up);

      const before = await settled(live, migration);
      await live.run(up);
      const after = await settled(live, migration);

      if (unclear === undefined) {
        assert.deepEqual([before, after], [{ kind: "not applied" }, { kind: "applied" }]);
      } else {
        const standing = { kind: "unclear", differences: [unclear] };
        assert.deepEqual([before, after], [standing, standing]);
      }
    });
  }

  it("is not known where somebody carried out half of it by hand", async () => {
    await using live = await aLive();
    await live.run("ALTER TABLE students ADD a int");

    const standing = await settled(
      live,
      aMigration("2", "ALTER TABLE students ADD a int, ADD b int"),
    );

    assert.deepEqual(standing, {
      kind: "unclear",
      differences: [
        "column students.b is not as it would be if it were applied",
        "column students.a is not as it would be if it were not applied",
      ],
    });
  });

  it("is not known where it does not run here", async () => {
    await using live = await aLive();

    const standing = await settled(live, aMigration("2", "CREATE EXTENSION plv8"));

    assert.match(JSON.stringify(standing), /unclear.*it does not run on PGlite/);
  });
});

function aMigration(version: string, sql: string): Migration {
  return { version, name: "m", up: { path: `${version}_m/up.sql`, sql, hash: version.repeat(64) } };
}
