import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { asked, emulatorWithHasura } from "../support/hasura.js";
import {
  aHistory,
  aProject,
  openHistory,
  removeMigration,
  writeMigrations,
} from "../support/migration-history.js";

const PARTS = {
  "1_runs": { "up.sql": "CREATE TABLE runs (migration int)", "down.sql": "DROP TABLE runs" },
  "2_one": {
    "up.sql": "INSERT INTO runs VALUES (2)",
    "down.sql": "DELETE FROM runs WHERE migration = 2",
  },
  "3_two": {
    "up.sql": "INSERT INTO runs VALUES (3)",
    "down.sql": "DELETE FROM runs WHERE migration = 3",
  },
};
const UP = "INSERT INTO runs VALUES (2); INSERT INTO runs VALUES (3)";
const DOWN = "DELETE FROM runs WHERE migration IN (2, 3)";
const run = promisify(execFile);

describe("a squash, applied by a MigrationHistory", function () {
  this.timeout(60_000);
  const world = emulatorWithHasura();
  const state = async () => {
    const { body } = await asked(world.emulator.hasura.url, "/v1/metadata", "get_catalog_state");
    return (body as { cli_state: { migrations: { default: unknown } } }).cli_state.migrations
      .default;
  };
  const rows = async () =>
    (await world.emulator.hasura.query("SELECT migration AS m FROM runs ORDER BY 1")).map(
      ({ m }) => m,
    );

  it("runs where none of its parts is applied", async () => {
    await using project = await squashed();

    await openHistory(world.emulator).up(aHistory(world.emulator, project.directory));

    assert.deepEqual(await rows(), ["2", "3"]);
    assert.deepEqual(await state(), { 1: false, 3: false });
  });

  it("is only marked where all of them are", async () => {
    await using project = await squashed("3");

    const history = openHistory(world.emulator);
    await history.up(aHistory(world.emulator, project.directory));

    assert.deepEqual(await rows(), ["2", "3"]);
    assert.deepEqual(await state(), { 1: false, 3: false });
    assert.deepEqual(history.shown, [
      'database "default":\n  mark 3_squashed as applied, and take its parts away: 2',
    ]);
  });

  it("is refused in the preview where some are", async () => {
    await using project = await squashed("2");

    const { refusals } = await openHistory(world.emulator).check(
      aHistory(world.emulator, project.directory),
    );

    assert.match(refusals, /squash 3_squashed: the database has applied 2 of the 2 migrations/);
    assert.deepEqual(await rows(), ["2"]);
  });

  it("has its tail run from the recorded commit where that is asked for", async () => {
    await using project = await squashed("2");

    await openHistory(world.emulator).up(
      aHistory(world.emulator, project.directory, { partlyApplied: "finish" }),
    );

    assert.deepEqual(await rows(), ["2", "3"]);
    assert.deepEqual(await state(), { 1: false, 3: false });
  });

  it("is refused if it was proven for another major version, unless that is allowed", async () => {
    await using project = await squashed(undefined, 12);
    const history = openHistory(world.emulator);

    const { refusals } = await history.check(aHistory(world.emulator, project.directory));
    await history.up(aHistory(world.emulator, project.directory, { allowProofOf: [12] }));

    assert.match(refusals, /proven on PostgreSQL 12\.1, and this database is PostgreSQL 18/);
    assert.deepEqual(await rows(), ["2", "3"]);
  });

  it("is refused if its proof cannot be read", async () => {
    await using project = await squashed();
    await writeMigrations(project.directory, { "3_squashed": { "squash.json": "{}" } });

    const { refusals } = await openHistory(world.emulator).check(
      aHistory(world.emulator, project.directory),
    );

    assert.match(refusals, /squash.json of version 3 cannot be read/);
  });

  /** A project in which 2 and 3 became one; the database has applied them, one by one, up to a version. */
  async function squashed(applied?: string, major = 18) {
    const project = await aProject(PARTS);
    const { directory } = project;
    const git = (...args: string[]) =>
      run("git", ["-c", "user.name=a", "-c", "user.email=a@b.c", ...args], { cwd: directory });
    await git("init", "-q");
    await git("add", ".");
    await git("commit", "-qm", "Parts");
    const commit = (await git("rev-parse", "HEAD")).stdout.trim();
    if (applied !== undefined) {
      await openHistory(world.emulator).up(
        aHistory(world.emulator, directory, { target: applied }),
      );
    }
    await removeMigration(directory, "2_one");
    await removeMigration(directory, "3_two");
    const replaces = (["2_one", "3_two"] as const).map((folder) => ({
      version: folder[0],
      name: folder.slice(2),
      up: hashOf(PARTS[folder]["up.sql"]),
      down: hashOf(PARTS[folder]["down.sql"]),
    }));
    const record = {
      format: 1,
      replaces,
      up: hashOf(UP),
      down: hashOf(DOWN),
      commit,
      folder: "migrations/default",
      proofs: [
        { engine: `PostgreSQL ${major}.1`, major, prelude: null, tables: 1, rows: 2, losses: [] },
      ],
    };
    await writeMigrations(directory, {
      "3_squashed": { "up.sql": UP, "down.sql": DOWN, "squash.json": JSON.stringify(record) },
    });
    return project;
  }
});

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
