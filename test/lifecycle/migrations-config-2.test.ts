import assert from "node:assert/strict";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { asked, emulatorWithHasura } from "../support/hasura.js";
import { aHistory, aProject, openHistory } from "../support/migration-history.js";

describe("a MigrationHistory of a project of config v2", function () {
  this.timeout(30_000);
  const world = emulatorWithHasura();

  it("keeps the state in the database itself, where that version of Hasura's CLI looks", async () => {
    await using project = await aProject({
      "1_runs": { "up.sql": "CREATE TABLE runs (a int)" },
      "2_more": { "up.sql": "INSERT INTO runs VALUES (2)" },
    });
    const { directory } = project;
    await writeFile(join(directory, "config.yaml"), "version: 2\n");
    await rename(join(directory, "migrations"), join(directory, "named"));
    await rename(join(directory, "named", "default"), join(directory, "migrations"));
    const news = aHistory(world.emulator, directory);

    const outputs = await openHistory(world.emulator).up(news);
    const refreshed = await openHistory(world.emulator).read(outputs);

    const { url, query } = world.emulator.hasura;
    const { body } = await asked(url, "/v1/metadata", "get_catalog_state");
    assert.deepEqual((body as { cli_state: unknown }).cli_state, {});
    assert.deepEqual(
      await query("SELECT version, dirty FROM hdb_catalog.schema_migrations ORDER BY version"),
      [
        { version: "1", dirty: "f" },
        { version: "2", dirty: "f" },
      ],
    );
    assert.deepEqual(refreshed["versions"], outputs["versions"]);
  });
});
