import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPglite } from "#src/hasura/scratch/pglite.js";
import { hasExtension } from "#src/hasura/scratch/pglite-extensions.js";
import type { Scratch, ScratchDatabase } from "#src/hasura/scratch/scratch.js";
import { PACKAGE_ROOT } from "../support/package-root.js";
import { findPostgres15 } from "../support/scratch.js";

const ENGINES: readonly (readonly [string, () => Promise<Scratch | undefined>])[] = [
  ["PGlite", () => startPglite({ extensions: ["citext", "uuid-ossp", "vector"] })],
  ["PostgreSQL 15", findPostgres15],
];

for (const [name, start] of ENGINES) {
  describe(`a scratch database on ${name}`, function () {
    this.timeout(60_000);
    let scratch: Scratch | undefined;
    let database: ScratchDatabase;

    before(async function () {
      scratch = await start();
      if (scratch === undefined) return this.skip();
    });
    beforeEach(async () => {
      if (scratch !== undefined) database = await scratch.database();
    });
    afterEach(async () => database[Symbol.asyncDispose]());
    after(async () => scratch?.[Symbol.asyncDispose]());

    it("runs a text as one transaction", async () => {
      const complaint = run(
        database,
        "CREATE TABLE t (a int); INSERT INTO t VALUES (1); SELECT 1 / 0",
      );

      await assert.rejects(complaint, { name: "SqlError", sqlState: "22012" });
      await assert.rejects(database.query("SELECT * FROM t"), { sqlState: "42P01", position: 15 });
    });

    it("joins a transaction that is open", async () => {
      await database.run("BEGIN");
      await database.run("CREATE TABLE t (a int); INSERT INTO t VALUES (1)");
      await database.run("ROLLBACK");

      const rows = await database.query("SELECT to_regclass('t') AS t");

      assert.deepEqual(rows, [{ t: null }]);
    });

    it("tells which constraint was broken", async () => {
      await database.run("CREATE TABLE t (a int CONSTRAINT low CHECK (a < 9), b int NOT NULL)");

      const [low, lacking] = [
        run(database, "INSERT INTO t VALUES (9, 1)"),
        run(database, "INSERT INTO t VALUES (1)"),
      ];

      await assert.rejects(low, { sqlState: "23514", table: "t", constraint: "low" });
      await assert.rejects(lacking, { sqlState: "23502", table: "t", column: "b" });
    });

    it("writes every value as PostgreSQL does, in UTC", async () => {
      const rows =
        await database.query(`SELECT 1.50::numeric AS n, true AS b, NULL AS x, '{"a": 1}'::jsonb AS j,
        '2026-01-01 00:00:00-03'::timestamptz AS t, '\\x00ff'::bytea AS y, upper('ação') AS u, current_user AS me`);

      assert.deepEqual(rows, [
        {
          n: "1.50",
          b: "t",
          x: null,
          j: '{"a": 1}',
          t: "2026-01-01 03:00:00+00",
          y: "\\x00ff",
          u: "AÇÃO",
          me: "postgres",
        },
      ]);
    });

    it("is copied with its rows and sequences, and neither changes the other", async () => {
      await database.run(
        "CREATE TABLE t (id serial PRIMARY KEY, a text); INSERT INTO t (a) VALUES ('x'), ('y')",
      );
      await using copy = await (scratch as Scratch).database(database);

      await copy.run("INSERT INTO t (a) VALUES ('z')");
      await database.run("DELETE FROM t");

      assert.deepEqual(await copy.query("SELECT id, a FROM t ORDER BY id"), [
        { id: "1", a: "x" },
        { id: "2", a: "y" },
        { id: "3", a: "z" },
      ]);
      assert.deepEqual(await database.query("SELECT last_value FROM t_id_seq"), [
        { last_value: "2" },
      ]);
    });

    it("has contrib's extensions, and says of others that they are not there", async () => {
      await database.run('CREATE EXTENSION citext; CREATE EXTENSION "uuid-ossp"');

      const unknown = run(database, "CREATE EXTENSION vector");

      await assert.rejects(unknown, { sqlState: "0A000" });
    });

    it("refuses a text with a NUL, which would be cut there", async () => {
      await assert.rejects(database.run("SELECT 1;\0SELECT 2"), { sqlState: "22021" });
    });
  });
}

describe("PGlite", function () {
  this.timeout(60_000);

  it("will not copy rows that its recovery would lose", async () => {
    await using scratch = await startPglite({ extensions: [] });
    const database = await scratch.database();
    await database.run("CREATE UNLOGGED TABLE t (a int)");
    const empty = await scratch.database(database);

    await database.run("INSERT INTO t VALUES (1)");

    await assert.rejects(scratch.database(database), { code: "SCRATCH_REFUSED" });
    assert.deepEqual(await empty.query("SELECT * FROM t"), []);
  });

  it("knows its extensions by the names that SQL uses", () => {
    const known = ["uuid-ossp", "citext", "plpgsql"].map(hasExtension);

    assert.deepEqual(known, [true, true, true]);
    assert.deepEqual(["vector", "postgis", "uuid_ossp"].map(hasExtension), [false, false, false]);
  });
});

describe("a PostgreSQL from binaries", function () {
  this.timeout(60_000);
  let temporary = "";

  // A folder of its own: other test files start servers at the same time.
  beforeEach(() => {
    temporary = mkdtempSync(join(tmpdir(), "dadosfera-leftovers-"));
    chmodSync(temporary, 0o755);
  });
  afterEach(() => rmSync(temporary, { recursive: true }));

  it("leaves nothing behind when it is ended", async function () {
    if (!(await hasPostgres15())) return this.skip();
    const child = startInside(temporary, "await using _ = server; await server.database();");

    const [code] = await once(child, "exit");

    assert.equal(code, 0);
    assert.deepEqual(readdirSync(temporary), []);
  });

  it("leaves nothing behind when its process is interrupted", async function () {
    if (!(await hasPostgres15())) return this.skip();
    const child = startInside(temporary, "console.log('ready'); ");
    await once(child.stdout, "data");
    const during = readdirSync(temporary);

    child.kill("SIGINT");
    const [, signal] = await once(child, "exit");

    assert.equal(signal, "SIGINT");
    assert.deepEqual([during.length, readdirSync(temporary)], [1, []]);
  });
});

async function hasPostgres15(): Promise<boolean> {
  const server = await findPostgres15();
  await server?.[Symbol.asyncDispose]();
  return server !== undefined;
}

/** Starts a PostgreSQL in a process that has its temporary files in the folder, and does something with it there. */
function startInside(temporary: string, work: string) {
  const file = JSON.stringify(join(PACKAGE_ROOT, "dist/hasura/scratch/postgres.js"));
  const program = `require(${file}).startPostgres({ major: 15 }).then(async (server) => { ${work} })`;
  return spawn(process.execPath, ["-e", program], {
    env: { ...process.env, TMPDIR: temporary },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

function run(database: ScratchDatabase, sql: string): Promise<void> {
  return database.run(sql);
}
