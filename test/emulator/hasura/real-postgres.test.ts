import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "pulumi-dadosfera/testing";
import { findBinaries } from "#src/hasura/scratch/postgres-binaries.js";
import { type Server, startServer } from "#src/hasura/scratch/postgres-server.js";
import { asked } from "../../support/hasura.js";

describe("Hasura in the emulator over a real PostgreSQL", function () {
  this.timeout(60_000);
  let server: Server | undefined;
  let url = "";
  /** It listens on a socket in a folder of its own. */
  const urlOf = (database: string) => {
    const { host = "", port, user } = server?.address ?? {};
    return `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`;
  };

  before(async function () {
    const binaries = await findBinaries(15).catch(() => undefined);
    if (binaries === undefined) return this.skip();
    server = await startServer(binaries);
    url = urlOf("postgres");
  });
  after(() => server?.[Symbol.asyncDispose]());

  const sql = ({ hasura }: Emulator, text: string, args = {}) =>
    asked(hasura.url, "/v2/query", "run_sql", { sql: text, ...args });

  it("refuses the same as over the one in this process", async () => {
    await using emulator = await startEmulator({ hasura: { postgres: url } });

    const [empty, syntax, index] = [
      await sql(emulator, "-- nothing"),
      await sql(emulator, "CREATE TABLE undone (a int); SELEC"),
      await sql(emulator, "CREATE INDEX CONCURRENTLY i ON pg_class (oid)"),
    ];

    assert.partialDeepStrictEqual(empty.body, {
      internal: { error: { exec_status: "EmptyQuery" } },
    });
    assert.partialDeepStrictEqual(syntax.body, { internal: { error: { status_code: "42601" } } });
    assert.partialDeepStrictEqual(index.body, { internal: { error: { status_code: "25001" } } });
    assert.deepEqual(await emulator.hasura.query("SELECT to_regclass('undone') AS name"), [
      { name: null },
    ]);
  });

  it("answers rows as text, and its version", async () => {
    await using emulator = await startEmulator({ hasura: { postgres: url } });

    const { body } = await sql(
      emulator,
      "SELECT 1 AS a, ARRAY[1] AS b, NULL AS c, DATE '2026-01-02' AS d",
    );
    const [version] = await emulator.hasura.query("SHOW server_version_num");

    assert.deepEqual(body, {
      result_type: "TuplesOk",
      result: [
        ["a", "b", "c", "d"],
        ["1", "{1}", "NULL", "2026-01-02"],
      ],
    });
    assert.match(version?.["server_version_num"] ?? "", /^15/);
  });

  it("keeps state and metadata there: two of them agree, and the next one as well", async () => {
    await using one = await startEmulator({ hasura: { postgres: url } });
    await using other = await startEmulator({ hasura: { postgres: url } });
    const state = { migrations: { default: { 7: false } } };
    await asked(one.hasura.url, "/v1/metadata", "set_catalog_state", { type: "cli", state });

    const { body } = await asked(other.hasura.url, "/v1/metadata", "get_catalog_state");

    assert.deepEqual((body as { cli_state: unknown }).cli_state, state);
  });

  it("runs statements side by side, and lets one wait for the lock of another", async () => {
    await using emulator = await startEmulator({ hasura: { postgres: url } });
    await sql(emulator, "CREATE TABLE waited (a int); INSERT INTO waited VALUES (0)");

    await Promise.all(
      Array.from({ length: 12 }, () =>
        sql(emulator, "UPDATE waited SET a = a + 1; SELECT pg_sleep(0.01)"),
      ),
    );

    assert.deepEqual(await emulator.hasura.query("SELECT a FROM waited"), [{ a: "12" }]);
  });

  it("answers for a second database that was added by its URL", async () => {
    await using emulator = await startEmulator({ hasura: { postgres: url } });
    await emulator.hasura.query("CREATE DATABASE sales");
    const configuration = { connection_info: { database_url: urlOf("sales") } };
    await asked(emulator.hasura.url, "/v1/metadata", "pg_add_source", {
      name: "sales",
      configuration,
    });

    const { body } = await sql(emulator, "SELECT current_database() AS name", { source: "sales" });

    assert.deepEqual(body, { result_type: "TuplesOk", result: [["name"], ["sales"]] });
  });

  it("says that the database is away", async () => {
    await using emulator = await startEmulator({
      hasura: { postgres: "postgres://postgres@127.0.0.1:9/none" },
    });

    const { status, body } = await sql(emulator, "SELECT 1");

    assert.equal(status, 500);
    assert.partialDeepStrictEqual(body, { error: "connection error" });
  });
});
