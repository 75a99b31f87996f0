import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SquashRecord } from "#src/domain/squash-record.js";
import { cliStateOf, emulatorWithHasura } from "../support/hasura.js";
import { aHistory, aProject, openHistory, writeMigrations } from "../support/migration-history.js";
import { squashIn } from "../support/squash-project.js";

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
const THREE = "INSERT INTO runs VALUES (4)";
const DOWN = "DELETE FROM runs WHERE migration IN (2, 3)";

describe("a squash, applied by a MigrationHistory", function () {
  this.timeout(60_000);
  const world = emulatorWithHasura();
  const state = async () => (await cliStateOf(world.emulator)).migrations?.["default"];
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

  it("has its tail run where a part of it was a squash, from the commit of that one's own parts", async () => {
    await using project = await aProject({ ...PARTS, "4_three": { "up.sql": THREE } });
    const { directory } = project;
    await openHistory(world.emulator).up(aHistory(world.emulator, directory, { target: "2" }));
    await squashIn(directory, ["2_one", "3_two"], "3_inner", { up: UP, down: DOWN });
    const files = { up: `${UP}; ${THREE}`, down: `DELETE FROM runs WHERE migration > 1` };
    await squashIn(directory, ["3_inner", "4_three"], "4_outer", files);
    const history = openHistory(world.emulator);

    await history.up(aHistory(world.emulator, directory, { partlyApplied: "finish" }));

    assert.deepEqual(history.shown, [
      'database "default":\n  run 3_two, a part of squash 4\n  run 4_three, a part of squash 4\n' +
        "  mark 4_outer as applied, and take its parts away: 2, 3",
    ]);
    assert.deepEqual(await rows(), ["2", "3", "4"]);
    assert.deepEqual(await state(), { 1: false, 4: false });
  });

  it("is not finished where git lacks the commit of an inner squash's parts", async () => {
    await using project = await aProject({ ...PARTS, "4_three": { "up.sql": THREE } });
    const { directory } = project;
    await openHistory(world.emulator).up(aHistory(world.emulator, directory, { target: "2" }));
    await squashIn(directory, ["2_one", "3_two"], "3_inner", { up: UP, down: DOWN });
    await forgetCommit(directory, "3_inner");
    const files = { up: `${UP}; ${THREE}`, down: `DELETE FROM runs WHERE migration > 1` };
    await squashIn(directory, ["3_inner", "4_three"], "4_outer", files);

    const { refusals } = await openHistory(world.emulator).check(
      aHistory(world.emulator, directory, { partlyApplied: "finish" }),
    );

    assert.match(
      refusals,
      /^Cannot finish squash 4_outer: 3_two could not be read from .*\nNothing was changed\.\n.*git fetch/,
    );
    assert.deepEqual(await rows(), ["2"]);
  });

  /** A project in which 2 and 3 became one; the database has applied them, one by one, up to a version. */
  async function squashed(applied?: string, major = 18) {
    const project = await aProject(PARTS);
    const { directory } = project;
    if (applied !== undefined) {
      await openHistory(world.emulator).up(
        aHistory(world.emulator, directory, { target: applied }),
      );
    }
    await squashIn(directory, ["2_one", "3_two"], "3_squashed", { up: UP, down: DOWN, major });
    return project;
  }
});

/** As after a shallow clone, or a history that was rewritten. */
async function forgetCommit(directory: string, squash: string): Promise<void> {
  const path = join(directory, "migrations", "default", squash, "squash.json");
  const record = JSON.parse(await readFile(path, "utf8")) as SquashRecord;
  await writeFile(path, JSON.stringify({ ...record, commit: "c".repeat(40) }));
}
