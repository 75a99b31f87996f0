import assert from "node:assert/strict";
import { startEmulator } from "pulumi-dadosfera/testing";
import { findBinaries } from "#src/hasura/scratch/postgres-binaries.js";
import { startServer } from "#src/hasura/scratch/postgres-server.js";
import type { DirtyMigration, Settlement } from "#src/lifecycle/migrations/doors.js";
import { asked } from "../support/hasura.js";
import { aHistory, aProject, openHistory } from "../support/migration-history.js";

const UP = "INSERT INTO runs VALUES ('it''s \\'); SELECT pg_sleep(1.2)";

describe("a migration that outlives whoever sent it", function () {
  this.timeout(60_000);

  it("is waited for, and not run a second time", async function () {
    const binaries = await findBinaries(15).catch(() => undefined);
    if (binaries === undefined) return this.skip();
    await using server = await startServer(binaries);
    const { host = "", port } = server.address;
    const postgres = `postgres://postgres@localhost:${port}/postgres?host=${encodeURIComponent(host)}`;
    await using emulator = await startEmulator({ hasura: { postgres } });
    await emulator.hasura.query("CREATE TABLE runs (a text)");
    await asked(emulator.hasura.url, "/v1/metadata", "set_catalog_state", {
      type: "cli",
      state: { migrations: { default: { 1: true } } },
    });
    await using project = await aProject({ "1_long": { "up.sql": UP } });
    const killed = asked(emulator.hasura.url, "/v2/query", "run_sql", { sql: UP });

    await openHistory(emulator, { settle }).up(aHistory(emulator, project.directory));

    await killed;
    assert.deepEqual(await emulator.hasura.query("SELECT a FROM runs"), [{ a: "it's \\" }]);
  });
});

async function settle({ query }: DirtyMigration): Promise<Settlement> {
  const rows = await query("SELECT a FROM runs", "");
  return rows.length === 0 ? { kind: "not applied" } : { kind: "applied" };
}
