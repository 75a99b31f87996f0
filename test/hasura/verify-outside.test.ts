import assert from "node:assert/strict";
import {
  fileOf,
  migrationsOf,
  sharedScratch,
  statusesOf,
  told,
  verified,
} from "../support/verified.js";

const start = sharedScratch();

describe("what a folder needs and no migration makes", () => {
  const migrations = migrationsOf(
    [
      "CREATE TABLE a (id text PRIMARY KEY DEFAULT encode(gen_random_bytes(8), 'hex'), n int)",
      "DROP TABLE a",
    ],
    ["GRANT SELECT ON a TO leitor_of_a", "REVOKE SELECT ON a FROM leitor_of_a"],
    ["CREATE VIEW failed AS SELECT id FROM hdb_catalog.event_log WHERE error", "DROP VIEW failed"],
    ["CREATE TABLE sales.b (n int)", "DROP TABLE sales.b"],
  );

  it("is found, and kept as a prelude gives the same verdicts with nothing to add", async () => {
    const found = await verified(start, migrations);
    const prelude = fileOf("prelude.sql", found.made.join("\n"));

    const again = await verified(start, migrations, { prelude });

    assert.deepEqual(statusesOf(found.verdicts), ["exact", "exact", "exact", "exact"]);
    assert.deepEqual(again.verdicts, found.verdicts);
    assert.deepEqual(again.made, []);
    assert.match(
      found.made.join("\n"),
      /pgcrypto[\s\S]*CREATE ROLE leitor_of_a[\s\S]*event_log[\s\S]*SCHEMA IF NOT EXISTS sales/,
    );
  });

  it("is said where nobody can guess it: a table, an extension that the engine lacks, a row", async () => {
    const report = await verified(
      start,
      migrationsOf(
        ["ALTER TABLE legacy ADD cpf text", "ALTER TABLE legacy DROP cpf"],
        ["CREATE EXTENSION pg_cron_of_old", "DROP EXTENSION pg_cron_of_old"],
        ["CREATE TABLE i (v vector(3))", "DROP TABLE i"],
        [
          "CREATE TABLE roles (role text PRIMARY KEY); CREATE TABLE u (role text REFERENCES roles)",
          "DROP TABLE u, roles",
        ],
        ["INSERT INTO u VALUES ('admin')", "DELETE FROM u WHERE role = 'admin'"],
      ),
    );

    const name = (await start()).engine.name;
    assert.deepEqual(told(report), [
      "1 not proven",
      'needs-object: needs what no migration makes: relation "legacy" does not exist (42P01)',
      "2 not proven",
      `engine-lacks: cannot prove here: ${name} does not have the extension pg_cron_of_old`,
      "3 not proven",
      `engine-lacks: cannot prove here: ${name} does not have the extension vector`,
      "4 exact",
      "5 not proven",
      "needs-rows: needs a row that no migration makes: roles (role)=(admin)",
    ]);
  });

  it("is told of later migrations as following from it, and of no others", async () => {
    const report = await verified(
      start,
      migrationsOf(
        [
          "CREATE EXTENSION pg_cron_of_old; CREATE TABLE jobs (id int); CREATE TYPE mood AS ENUM ('ok')",
          "DROP TABLE jobs",
        ],
        ["ALTER TABLE jobs ADD note text", "ALTER TABLE jobs DROP note"],
        ["CREATE TABLE moods (m mood)", "DROP TABLE moods"],
        ["COMMENT ON COLUMN jobs.note IS 'x'", "COMMENT ON COLUMN jobs.note IS NULL"],
        ["ALTER TABLE other ADD note2 text", "ALTER TABLE other DROP note2"],
      ),
    );

    const words = report.verdicts.map(({ findings }) => findings[0]?.words ?? "");
    assert.deepEqual(new Set(statusesOf(report.verdicts)), new Set(["not proven"]));
    for (const at of [1, 2, 3])
      assert.match(words[at] ?? "", /^needs what 1_m would make, which could not run here/);
    assert.match(words[4] ?? "", /^needs what no migration makes/);
  });

  it("is refused in three lines where the prelude does not run", async () => {
    const prelude = fileOf("prelude.sql", "SELECT 1;\n-- ção\nSELECT nothing;");

    const running = verified(start, migrations, { prelude });

    await assert.rejects(running, {
      code: "SCRATCH_REFUSED",
      happened: 'The prelude prelude.sql:3 does not run: column "nothing" does not exist (42703).',
    });
  });
});
