import assert from "node:assert/strict";
import { asked } from "../../support/hasura-request.js";
import { narration } from "../narration.js";
import { loading, withGradedAt } from "./program.js";
import type { Environment, Scene } from "./scene.js";
import { gradedAt, RENAMING, renaming } from "./school.js";

/** One change carries a column from the source to the warehouse; another is refused, since it cannot flow. */
export async function carry(scene: Scene, production: Environment): Promise<void> {
  await load(scene, production);
  await carryColumn(scene, production);
  await refuseRename(scene, production);
}

async function load(scene: Scene, { emulator, pulumi }: Environment): Promise<void> {
  narration.heading("7. A pipeline loads the same table into Snowflake");
  await asked(emulator.hasura.url, "/v1/metadata", "pg_track_table", {
    source: "default",
    table: { schema: "public", name: "students" },
  });
  narration.edit("orders.ts", scene.folder.edit(loading));
  await pulumi.run("up", "--yes", "--skip-preview");
  const loaded = await loadedIn(emulator);
  narration.table("In Snowflake, PUBLIC.STUDENTS", loaded);
  narration.claim("The six students are in Snowflake.", () => assert.equal(loaded.length, 6));
}

async function carryColumn(scene: Scene, { emulator, pulumi }: Environment): Promise<void> {
  narration.heading("8. One pull request carries a column all the way");
  for (const [path, sql] of Object.entries(gradedAt))
    narration.program(`-- hasura/${path}\n${sql}`);
  scene.hasura.write(gradedAt);
  scene.commit("Students have a date of grading");
  narration.edit("orders.ts", scene.folder.edit(withGradedAt));
  const text = await pulumi.run("preview");
  narration.claim(
    "The preview names the migration that will run, and the column that will be loaded.",
    () => {
      assert.match(text, /1638852930000_add_graded_at/);
      assert.match(text, /graded_at/);
    },
  );
  await pulumi.run("up", "--yes", "--skip-preview");
  const source = await emulator.hasura.query("SELECT graded_at::text FROM students ORDER BY id");
  const loaded = await loadedIn(emulator);
  narration.table("In Snowflake, PUBLIC.STUDENTS", loaded);
  narration.claim("The column is at the source and in Snowflake, with the same values.", () => {
    assert.equal(source.length, 6);
    assert.deepEqual(
      loaded.map((row) => String(row["GRADED_AT"]).slice(0, 19)),
      source.map((row) => String(row["graded_at"])),
    );
  });
}

async function refuseRename(scene: Scene, { emulator, pulumi }: Environment): Promise<void> {
  narration.heading("9. What cannot flow is refused in the preview");
  for (const [path, sql] of Object.entries(renaming))
    narration.program(`-- hasura/${path}\n${sql}`);
  scene.hasura.write(renaming);
  scene.commit("Rename a column that is loaded");
  const runs = emulator.runs.all.length;
  const text = await pulumi.refused("preview");
  narration.claim("It names the migration, the job and the table; nothing ran.", () => {
    assert.match(text, new RegExp(RENAMING));
    assert.match(text, /students-public-students/);
    assert.match(text, /public\.students/);
    assert.equal(emulator.runs.all.length, runs);
  });
}

function loadedIn({ warehouse }: Environment["emulator"]) {
  return warehouse.rows("SELECT * FROM PUBLIC.STUDENTS ORDER BY ID");
}
