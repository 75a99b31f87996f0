import assert from "node:assert/strict";
import { scratchProving } from "#src/adapter/scratch-proving.js";
import { emulatorWithHasura } from "../support/hasura.js";
import { aHistory, aProject, openHistory, writeMigrations } from "../support/migration-history.js";

const TABLES = {
  "public.runs": { columns: [{ name: "a", type: "integer", migration: "1_runs" }] },
};

describe("what a MigrationHistory foresees of tables", function () {
  this.timeout(30_000);
  const world = emulatorWithHasura();

  it("is foreseen once for a folder, and again when the folder changes", async () => {
    await using project = await aProject({ "1_runs": { "up.sql": "CREATE TABLE runs (a int)" } });
    const asked: (string | undefined)[] = [];
    const forecast = async (_folder: unknown, target: string | undefined) => {
      asked.push(target);
      return TABLES;
    };
    const history = openHistory(world.emulator, { forecast });
    const news = aHistory(world.emulator, project.directory);

    const first = await history.check(news);
    const same = await history.check(news, first.inputs);
    await writeMigrations(project.directory, { "2_more": { "up.sql": "SELECT 1" } });
    const changed = await history.check(news, first.inputs);

    assert.equal(asked.length, 2);
    assert.deepEqual([same.inputs["tables"], changed.inputs["tables"]], [TABLES, TABLES]);
  });

  it("is not tried again while nothing changed, also where nothing could be foreseen", async () => {
    await using project = await aProject({ "1_runs": { "up.sql": "CREATE TABLE runs (a int)" } });
    const news = aHistory(world.emulator, project.directory);
    const unforeseen = await openHistory(world.emulator).check(news);
    const foreseen = await openHistory(world.emulator, { forecast: async () => TABLES }).check(
      news,
    );
    // To start a scratch database of this name would be refused.
    const history = openHistory(world.emulator, scratchProving("no engine"));

    const again = await history.check(news, unforeseen.inputs);
    const same = await history.check(news, foreseen.inputs);
    const fresh = await history.check(news);

    assert.deepEqual([again.refusals, same.refusals], ["", ""]);
    assert.deepEqual([again.inputs["tables"], same.inputs["tables"]], [undefined, TABLES]);
    assert.match(fresh.refusals, /^"no engine" is not an engine: [^\n]+\n[^\n]+\n[^\n]+$/);
  });
});
