import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Files } from "../../support/hasura-folder.js";
import { narration } from "../narration.js";
import { applyByHand, runSql, studentsIn } from "./environment.js";
import type { Environment, Scene } from "./scene.js";
import {
  CREATE,
  FROM,
  fileOf,
  PARTS,
  project,
  RENAME,
  rightDowns,
  SQUASH,
  STUDENTS,
  sqlOf,
} from "./school.js";

const NULLS = [null, null, null, null, null, null];

/** Scores become numbers, by hand and by Hasura's own squash: every command succeeds, and every score is gone. */
export async function loseScores(scene: Scene, laptop: Environment): Promise<void> {
  narration.heading("1. Scores become numbers, in three migrations that people write");
  for (const name of PARTS) narration.program(`-- ${name}, up\n${sqlOf(project, name, "up")}`);
  narration.program(
    `-- ${RENAME}, the down that people arrive at\n${sqlOf(project, RENAME, "down")}`,
  );
  scene.hasura.git("init", "--quiet");
  scene.commit("Scores are numbers");
  const { hasura } = laptop.emulator;
  await applyByHand(laptop.emulator, project, [CREATE]);
  await hasura.query(STUDENTS);
  narration.table("students before", await studentsIn(laptop.emulator));
  narration.text("Squashed as Hasura's CLI does it, one text after the other, then up, and down:");
  await runSql(hasura.url, PARTS.map((name) => sqlOf(project, name, "up")).join("\n"));
  const downs = PARTS.toReversed().map((name) => sqlOf(project, name, "down"));
  await runSql(hasura.url, downs.join("\n"));
  const after = await studentsIn(laptop.emulator);
  narration.table("students after up and down", after);
  narration.claim("Hasura answered every command with success, and every score is null.", () =>
    assert.deepEqual(
      after.map((row) => row["score"]),
      NULLS,
    ),
  );
}

export async function verify(scene: Scene): Promise<void> {
  narration.heading("2. Verification finds it");
  const text = await scene.migrationsRefused("verify");
  narration.claim(
    "It names the NOT NULL that was lost, the scores that became null, and the down that holds no statement.",
    () => {
      assert.match(text, /students\.score: NOT NULL was lost/);
      assert.match(text, /students\.score: (\d+) of \1 values became null/);
      assert.match(text, /broken +1638852925396_cast.*\n.*holds only the console's comment/);
    },
  );
  narration.text("The downs as they should be:");
  for (const [path, sql] of Object.entries(rightDowns)) narration.program(`-- ${path}\n${sql}`);
  scene.hasura.write(rightDowns);
  scene.commit("Downs that bring scores back");
  const again = await scene.migrationsRefused("verify");
  narration.claim(
    "Nothing is broken any more; what text loses as a number is named, and how many values it is.",
    () => {
      assert.doesNotMatch(again, /broken/);
      assert.match(again, /students\.score: \d+ of \d+ values differ \('007' became '7'/);
    },
  );
}

export async function squash(scene: Scene): Promise<Files> {
  narration.heading("3. Three become one, with proof");
  const name = ["squash", "--from", FROM, "--name", "changing_column_type"];
  const refused = await scene.migrationsRefused(...name, "--write");
  narration.claim("A squash is refused until somebody accepts by name what its down loses.", () => {
    assert.match(refused, /accept the loss by name: `students\.score`/);
    assert.deepEqual(scene.hasura.list(), [...Object.keys(project)].sort());
  });
  const accepted = ["--accept-loss", "students.score", "--accept-loss", "students.score_decimal"];
  await scene.migrations(...name, ...accepted, "--write");
  scene.commit("Squash");
  const up = readFileSync(scene.hasura.path(fileOf(SQUASH, "up")), "utf8");
  const down = readFileSync(scene.hasura.path(fileOf(SQUASH, "down")), "utf8");
  narration.claim("One migration is left in the place of three; git holds the originals.", () => {
    const names = scene.hasura.list().map((path) => path.split("/")[2]);
    assert.deepEqual([...new Set(names.filter((one) => one !== undefined))], [CREATE, SQUASH]);
    assert.ok(scene.hasura.git("show", `HEAD~:${fileOf(RENAME, "up")}`).includes("score_text"));
  });
  const proven = await scene.migrations("prove");
  narration.claim("Anybody can prove it once more, from what git holds.", () =>
    assert.match(proven, /1 squash: all proven/),
  );
  return { [fileOf(SQUASH, "up")]: up, [fileOf(SQUASH, "down")]: down };
}
