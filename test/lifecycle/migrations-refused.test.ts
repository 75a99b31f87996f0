import assert from "node:assert/strict";
import { complaintOf } from "../support/complaint.js";
import { cliStateOf, emulatorWithHasura, setCliState } from "../support/hasura.js";
import { aHistory, aProject, openHistory, writeMigrations } from "../support/migration-history.js";
import { squashIn } from "../support/squash-project.js";

const FOLDER = { "1_runs": { "up.sql": "CREATE TABLE runs (a int)" } };

describe("a MigrationHistory with arguments that are wrong", function () {
  this.timeout(30_000);
  const world = emulatorWithHasura();
  const refusalsOf = async (directory: string, changes = {}) => {
    const { refusals } = await openHistory(world.emulator).check(
      aHistory(world.emulator, directory, changes),
    );
    return refusals.split("\n");
  };
  const tables = () =>
    world.emulator.hasura.query(
      "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1",
    );
  let before: unknown = {};
  beforeEach(() => {
    before = {};
  });
  afterEach(async () => {
    assert.deepEqual(await cliStateOf(world.emulator), before, "something was written");
    assert.deepEqual(await tables(), [], "something was run");
  });
  const stand = async (migrations: Readonly<Record<string, boolean>>) => {
    before = { migrations: { default: migrations } };
    await setCliState(world.emulator, before);
  };

  it("says that a folder is not Hasura's", async () => {
    const lines = await refusalsOf("/proc/self/attr");

    assert.equal(lines.length, 3);
    assert.match(lines[0] ?? "", /\/proc\/self\/attr/);
  });

  it("says that a target is not in the folder", async () => {
    await using project = await aProject(FOLDER);

    const lines = await refusalsOf(project.directory, { target: "2" });

    assert.deepEqual(lines, [
      "Will not migrate to version 2: the folder has no such migration.",
      "Nothing was changed.",
      "Correct `target`, or leave it out to apply every migration.",
    ]);
  });

  it("says that the folder has no such database", async () => {
    await using project = await aProject(FOLDER);

    const lines = await refusalsOf(project.directory, { database: "sales" });

    assert.equal(lines.length, 3);
    assert.match(lines[0] ?? "", /holds no migrations of a database "sales"/);
  });

  it("says that the secret is wrong, and never which one was tried", async () => {
    await using project = await aProject(FOLDER);
    const environment = { ...world.emulator.environment, HASURA_GRAPHQL_ADMIN_SECRET: "gu3ss" };

    const { refusals } = await openHistory({ environment }).check(
      aHistory(world.emulator, project.directory),
    );

    assert.match(
      refusals,
      /answered 401[\s\S]*\nNothing was changed\.\nCheck HASURA_GRAPHQL_ADMIN_SECRET/,
    );
    assert.doesNotMatch(refusals, /gu3ss/);
  });

  it("takes no endpoint with a credential in it", async () => {
    await using project = await aProject(FOLDER);

    const lines = await refusalsOf(project.directory, {
      endpoint: "https://me:gu3ss@hasura.example.com",
    });

    assert.match(lines[0] ?? "", /`endpoint` is not an http or https URL without credentials/);
    assert.ok(lines.every((line) => !line.includes("gu3ss")));
  });

  it("only warns in a preview of a Hasura that is not there yet, and says so when it is needed", async () => {
    await using project = await aProject(FOLDER);
    const history = openHistory(world.emulator);
    const news = aHistory(world.emulator, project.directory, { endpoint: "http://127.0.0.1:9" });

    const { inputs, refusals } = await history.check(news);
    const { code, now } = await complaintOf(history.create(inputs));

    assert.equal(refusals, "");
    assert.match(history.shown[0] ?? "", /which migrations will run is not known/);
    assert.deepEqual([code, now], ["HASURA_UNAVAILABLE", "Nothing was changed."]);
  });

  it("says that Hasura has no such database", async () => {
    await using project = await aProject(FOLDER, "sales");

    const lines = await refusalsOf(project.directory);

    assert.match(lines[0] ?? "", /source with name "sales" does not exist/);
  });

  it("says that no secret is set", async () => {
    await using project = await aProject(FOLDER);

    const { refusals } = await openHistory({ environment: {} }).check(
      aHistory(world.emulator, project.directory),
    );

    assert.match(
      refusals,
      /answered 401[^\n]*\nNothing was changed\.\nCheck HASURA_GRAPHQL_ADMIN_SECRET[^\n]*$/,
    );
  });

  it("says that another service listens at the endpoint", async () => {
    await using project = await aProject(FOLDER);
    world.emulator.hasura.faults.on(() => ({ kind: "status", status: 404, body: "no such page" }));

    const lines = await refusalsOf(project.directory);

    world.emulator.hasura.faults.clear();
    assert.equal(lines.length, 3);
    assert.match(lines[0] ?? "", /answered 404/);
    assert.match(lines[2] ?? "", /`endpoint` is the address of Hasura's server/);
  });

  it("says that a file was edited after it was applied", async () => {
    await using project = await aProject(FOLDER);
    const news = aHistory(world.emulator, project.directory);
    const { inputs } = await openHistory(world.emulator).check(news);
    await stand({ 1: false });
    await writeMigrations(project.directory, {
      "1_runs": { "up.sql": "CREATE TABLE walks (a int)" },
    });

    const { message, code } = await complaintOf(
      openHistory(world.emulator).up(news, { ...inputs, versions: inputs["migrations"] }),
    );

    assert.equal(code, "MIGRATION_EDITED");
    assert.deepEqual(message.split("\n"), [
      "Will not migrate: the up.sql of migration 1_runs is not the one that was applied.",
      "Nothing was changed.",
      "Put the file back as it was (`git log` finds it), and write what is new as a migration of its own.",
    ]);
  });

  it("says that the proof of a squash is for other files", async () => {
    await using project = await aSquash(18);
    await writeMigrations(project.directory, {
      "2_both": { "up.sql": "CREATE TABLE walks (a int)" },
    });

    const lines = await refusalsOf(project.directory);

    assert.deepEqual(lines, [
      "Will not apply squash 2_both: the proof in its squash.json is for other files than those beside it.",
      "Nothing was changed.",
      "Put up.sql and down.sql back as they were proven, or squash again.",
    ]);
  });

  it("says that the proof of a squash is for another major version", async () => {
    await using project = await aSquash(12);

    const lines = await refusalsOf(project.directory);

    assert.deepEqual(lines, [
      "Will not apply squash 2_both: it was proven on PostgreSQL 12.1, and this database is PostgreSQL 18.",
      "Nothing was changed.",
      "Prove it with `dadosfera migrations prove --engine postgres@18`, or say `allowProofOf: [12]`.",
    ]);
  });

  it("says that a squash.json cannot be read", async () => {
    await using project = await aSquash(18);
    await writeMigrations(project.directory, { "2_both": { "squash.json": "{" } });

    const lines = await refusalsOf(project.directory);

    assert.equal(lines.length, 3);
    assert.match(lines[0] ?? "", /squash\.json of version 2 cannot be read \(.*JSON.*\)\.$/);
    assert.match(lines[2] ?? "", /^Put squash\.json back/);
  });

  it("says which version somebody else left dirty, where neither folder nor squash knows it", async () => {
    await using project = await aProject(FOLDER);
    await stand({ 7: true });
    const history = openHistory(world.emulator);
    const { inputs } = await history.check(aHistory(world.emulator, project.directory));

    const { code, message } = await complaintOf(history.create(inputs));

    assert.match(history.shown[0] ?? "", /^7 is dirty: an update first finds out/);
    assert.equal(code, "MIGRATION_DIRTY");
    assert.match(
      message,
      /migration 7 of database "default" was carried out: neither the folder nor a squash in it knows it\./,
    );
  });

  it("says that several versions are dirty, and settles none of them", async () => {
    await using project = await aProject({ ...FOLDER, "2_more": { "up.sql": "SELECT 1" } });
    await stand({ 1: true, 2: true });
    const history = openHistory(world.emulator);
    const { inputs } = await history.check(aHistory(world.emulator, project.directory));

    const { code, happened } = await complaintOf(history.create(inputs));

    assert.equal(code, "MIGRATION_DIRTY");
    assert.match(happened, /1_runs .*: 2 is dirty, too\.$/);
  });
});

/** A squash of two migrations of which none is applied. */
async function aSquash(major: number) {
  const project = await aProject({ ...FOLDER, "2_more": { "up.sql": "SELECT 1" } });
  const files = { up: "CREATE TABLE runs (a int); SELECT 1", down: "DROP TABLE runs", major };
  await squashIn(project.directory, ["1_runs", "2_more"], "2_both", files);
  return project;
}
