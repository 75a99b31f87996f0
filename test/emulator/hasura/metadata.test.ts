import assert from "node:assert/strict";
import { startEmulator } from "pulumi-dadosfera/testing";
import { asked, emulatorWithHasura } from "../../support/hasura.js";

const STUDENTS = "CREATE TABLE students (id serial PRIMARY KEY, score text NOT NULL)";

describe("Hasura's metadata in the emulator", function () {
  this.timeout(30_000);
  const world = emulatorWithHasura();
  const sql = (text: string, args = {}) =>
    asked(world.emulator.hasura.url, "/v2/query", "run_sql", { sql: text, ...args });
  const metadata = (type: string, args: unknown = {}) =>
    asked(world.emulator.hasura.url, "/v1/metadata", type, args);

  it("replaces the state as a whole, and keeps every key as it was sent", async () => {
    const state = {
      settings: { migration_mode: "true" },
      foreign: [1],
      migrations: { default: { 7: false } },
    };
    await metadata("set_catalog_state", { type: "cli", state: { old: true } });

    await metadata("set_catalog_state", { type: "cli", state });

    const { body } = await metadata("get_catalog_state");
    assert.partialDeepStrictEqual(body, { console_state: {} });
    assert.deepEqual((body as { cli_state: unknown }).cli_state, state);
  });

  it("exports metadata of version 3, also at the address that the CLI asks", async () => {
    await sql(STUDENTS);
    await metadata("pg_track_table", { source: "default", table: "students" });

    const { body } = await asked(world.emulator.hasura.url, "/v1/query", "export_metadata");

    assert.deepEqual(body, {
      version: 3,
      sources: [
        {
          name: "default",
          kind: "postgres",
          tables: [{ table: { schema: "public", name: "students" } }],
        },
      ],
    });
  });

  it("refuses to drop a tracked table, unless told not to look", async () => {
    await sql(STUDENTS);
    await metadata("pg_track_table", { table: { schema: "public", name: "students" } });

    const looked = await sql("DROP TABLE students");
    const unseen = await sql("DROP TABLE students", { check_metadata_consistency: false });

    assert.partialDeepStrictEqual(looked.body, { code: "dependency-error" });
    assert.equal(unseen.status, 200);
  });

  it("learns that a tracked table or column is gone when its metadata is reloaded, not before", async () => {
    await sql(`${STUDENTS}; CREATE TABLE grades (id int)`);
    await metadata("pg_track_table", {
      table: "students",
      configuration: { column_config: { score: { custom_name: "grade" } } },
    });
    await metadata("pg_track_table", { table: "grades" });
    await sql("DROP TABLE grades; ALTER TABLE students DROP COLUMN score", {
      check_metadata_consistency: false,
    });

    const before = await metadata("get_inconsistent_metadata");
    await metadata("reload_metadata");
    const after = await metadata("get_inconsistent_metadata");

    assert.deepEqual(before.body, { is_consistent: true, inconsistent_objects: [] });
    assert.partialDeepStrictEqual(after.body, {
      is_consistent: false,
      inconsistent_objects: [
        { reason: 'Inconsistent object: column "score" does not exist in table "students"' },
        { reason: 'Inconsistent object: no such table/view exists in source: "grades"' },
      ],
    });
  });

  it("neither tracks what is not there nor untracks what is not tracked", async () => {
    const tracked = await metadata("pg_track_table", { table: "nobody" });
    const untracked = await metadata("pg_untrack_table", { table: "nobody" });

    assert.deepEqual([tracked.status, untracked.status], [400, 400]);
    assert.partialDeepStrictEqual(tracked.body, { code: "not-exists" });
  });
});

describe("an emulator without Hasura", () => {
  it("says so to whoever asks for it", async () => {
    await using emulator = await startEmulator();

    assert.throws(() => emulator.hasura, /started without `hasura`/);
    assert.ok(!("HASURA_GRAPHQL_ENDPOINT" in emulator.environment));
  });
});
