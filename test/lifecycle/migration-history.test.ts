import assert from "node:assert/strict";
import { complaintOf } from "../support/complaint.js";
import { asked, cliStateOf, emulatorWithHasura, setCliState } from "../support/hasura.js";
import {
  aHistory,
  aProject,
  openHistory,
  removeMigration,
  writeMigrations,
} from "../support/migration-history.js";

const FOLDER = {
  "1_students": {
    "up.sql":
      "CREATE TABLE students (id serial PRIMARY KEY, score text); INSERT INTO students (score) VALUES ('7')",
    "down.sql": "DROP TABLE students",
  },
  "2_graded_at": {
    "up.sql": "ALTER TABLE students ADD graded_at date",
    "down.sql": "ALTER TABLE students DROP graded_at",
  },
};

describe("a MigrationHistory", function () {
  this.timeout(30_000);
  const world = emulatorWithHasura();
  const state = () => cliStateOf(world.emulator);
  const columns = async () =>
    (
      await world.emulator.hasura.query(
        "SELECT string_agg(attname, ' ' ORDER BY attnum) AS names FROM pg_attribute WHERE attrelid = to_regclass('students') AND attnum > 0 AND NOT attisdropped",
      )
    )[0]?.["names"];
  const prepare = (cliState: unknown) => setCliState(world.emulator, cliState);

  it("applies each migration once, and says before which ones", async () => {
    await using project = await aProject(FOLDER);
    const history = openHistory(world.emulator);

    const outputs = await history.up(aHistory(world.emulator, project.directory));

    assert.equal(await columns(), "id score graded_at");
    assert.deepEqual(await state(), { migrations: { default: { 1: false, 2: false } } });
    assert.deepEqual(
      (outputs["versions"] as { version: string }[]).map(({ version }) => version),
      ["1", "2"],
    );
    assert.equal(history.shown[0], 'database "default":\n  run 1_students\n  run 2_graded_at');
  });

  it("has nothing to do afterwards, and asks nobody to know it", async () => {
    await using project = await aProject(FOLDER);
    const history = openHistory(world.emulator);
    const news = aHistory(world.emulator, project.directory);
    const outputs = await history.up(news);
    const requests = world.emulator.hasura.requests.length;

    const changes = await history.diff(outputs, news);

    assert.equal(changes, false);
    assert.equal(world.emulator.hasura.requests.length, requests);
  });

  it("shows the tracked tables with their columns", async () => {
    await using project = await aProject(FOLDER);
    const history = openHistory(world.emulator);
    const news = aHistory(world.emulator, project.directory, { target: "1" });
    const first = await history.up(news);
    await asked(world.emulator.hasura.url, "/v1/metadata", "pg_track_table", { table: "students" });

    const { tables } = await history.up(aHistory(world.emulator, project.directory), first);

    assert.deepEqual(first["tables"], {});
    assert.deepEqual(tables, {
      "public.students": {
        columns: [
          { name: "id", type: "integer" },
          { name: "score", type: "text" },
          { name: "graded_at", type: "date" },
        ],
      },
    });
  });

  it("knows in a preview what it foresees of tables", async () => {
    await using project = await aProject(FOLDER);
    const tables = {
      "public.students": { columns: [{ name: "id", type: "integer", migration: "1_students" }] },
    };
    const history = openHistory(world.emulator, { forecast: async () => tables });

    const { inputs } = await history.check(aHistory(world.emulator, project.directory));

    assert.deepEqual(inputs["tables"], tables);
    assert.partialDeepStrictEqual(inputs["migrations"], [{ version: "1", name: "students" }]);
  });

  it("leaves the other databases and keys of Hasura's state as they are", async () => {
    await using project = await aProject(FOLDER);
    await prepare({
      settings: { migration_mode: "true" },
      migrations: { sales: { 9: false }, default: { 1: false } },
    });
    await world.emulator.hasura.query("CREATE TABLE students (id int)");

    await openHistory(world.emulator).up(aHistory(world.emulator, project.directory));

    assert.deepEqual(await state(), {
      settings: { migration_mode: "true" },
      migrations: { sales: { 9: false }, default: { 1: false, 2: false } },
    });
    assert.equal(await columns(), "id graded_at");
  });

  it("stops at a migration that PostgreSQL refuses, and records what came before", async () => {
    await using project = await aProject({
      ...FOLDER,
      "3_typo": { "up.sql": "ALTER TABLE studens ADD a int" },
    });

    const { code, now, happened } = await complaintOf(
      openHistory(world.emulator).up(aHistory(world.emulator, project.directory)),
    );

    assert.equal(code, "MIGRATION_FAILED");
    assert.match(
      happened,
      /Could not run migration 3_typo: .*relation "studens" does not exist \[42P01\]/,
    );
    assert.match(now, /Nothing of it was done/);
    assert.deepEqual(await state(), { migrations: { default: { 1: false, 2: false } } });
  });

  it("takes migrations back only where a target asks for it, and counts what is at stake first", async () => {
    await using project = await aProject(FOLDER);
    const history = openHistory(world.emulator);
    const outputs = await history.up(aHistory(world.emulator, project.directory));

    await history.up(aHistory(world.emulator, project.directory, { target: "1" }), outputs);

    assert.equal(
      history.shown.at(-1),
      'database "default":\n  take back 2_graded_at (students holds 1 row)',
    );
    assert.equal(await columns(), "id score");
    assert.deepEqual(await state(), { migrations: { default: { 1: false } } });
  });

  it("takes nothing back by a down that is not proven", async () => {
    await using project = await aProject(FOLDER);
    const outputs = await openHistory(world.emulator).up(
      aHistory(world.emulator, project.directory),
    );
    const doubting = openHistory(world.emulator, {
      doubtsOfDown: async () => ["students.score: NOT NULL was lost"],
    });

    const { code, happened } = await complaintOf(
      doubting.up(aHistory(world.emulator, project.directory, { target: "1" }), outputs),
    );

    assert.equal(code, "MIGRATION_UNPROVEN");
    assert.match(
      happened,
      /take back migration 2_graded_at: its down is not proven \(students.score: NOT NULL was lost\)/,
    );
    assert.equal(await columns(), "id score graded_at");
  });

  it("refuses a file that was edited after it was applied", async () => {
    await using project = await aProject(FOLDER);
    const history = openHistory(world.emulator);
    const news = aHistory(world.emulator, project.directory);
    const outputs = await history.up(news);
    await writeMigrations(project.directory, {
      "2_graded_at": { "up.sql": "ALTER TABLE students ADD graded_at timestamp" },
    });

    const { code, happened } = await complaintOf(history.up(news, outputs));

    assert.equal(code, "MIGRATION_EDITED");
    assert.match(happened, /2_graded_at/);
  });

  it("refuses applied versions that the folder no longer has", async () => {
    await using project = await aProject(FOLDER);
    const history = openHistory(world.emulator);
    const news = aHistory(world.emulator, project.directory);
    const outputs = await history.up(news);
    await removeMigration(project.directory, "2_graded_at");

    const { code } = await complaintOf(history.up(news, outputs));

    assert.equal(code, "MIGRATION_NOT_FOUND");
  });

  it("warns of metadata that no longer fits", async () => {
    await using project = await aProject({
      ...FOLDER,
      "3_drop": { "up.sql": "DROP TABLE students" },
    });
    const history = openHistory(world.emulator);
    const outputs = await history.up(aHistory(world.emulator, project.directory, { target: "2" }));
    await asked(world.emulator.hasura.url, "/v1/metadata", "pg_track_table", { table: "students" });

    await history.up(aHistory(world.emulator, project.directory), outputs);

    assert.match(
      history.shown.at(-1) ?? "",
      /Hasura's metadata: table students in source default: .*no such table/,
    );
  });

  it("sees at a refresh what somebody applied or took away", async () => {
    await using project = await aProject(FOLDER);
    const history = openHistory(world.emulator);
    const news = aHistory(world.emulator, project.directory);
    const outputs = await history.up(news);
    await prepare({ migrations: { default: { 1: false } } });

    const refreshed = await history.read(outputs);

    assert.deepEqual(
      (refreshed["versions"] as { version: string }[]).map(({ version }) => version),
      ["1"],
    );
    assert.equal(await history.diff(refreshed, news), true);
  });

  it("is forgotten when it is destroyed, or taken back where that was asked for", async () => {
    await using project = await aProject(FOLDER);
    const history = openHistory(world.emulator);
    const kept = await history.up(aHistory(world.emulator, project.directory));
    await history.destroy(kept);
    const before = await columns();

    await history.destroy({ ...kept, onDestroy: "down" });

    assert.equal(before, "id score graded_at");
    assert.equal(await columns(), null);
    assert.deepEqual(await state(), { migrations: { default: {} } });
  });
});
