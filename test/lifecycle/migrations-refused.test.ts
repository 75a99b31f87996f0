import assert from "node:assert/strict";
import { complaintOf } from "../support/complaint.js";
import { asked, emulatorWithHasura } from "../support/hasura.js";
import { aHistory, aProject, openHistory } from "../support/migration-history.js";

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
  afterEach(async () => {
    const { body } = await asked(world.emulator.hasura.url, "/v1/metadata", "get_catalog_state");
    assert.deepEqual((body as { cli_state: unknown }).cli_state, {}, "something was written");
  });

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
});
