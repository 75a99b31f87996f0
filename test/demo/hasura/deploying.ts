import assert from "node:assert/strict";
import { narration } from "../narration.js";
import { appliedIn, applyByHand, studentsIn } from "./environment.js";
import { finishing } from "./program.js";
import type { Environment, Scene } from "./scene.js";
import { CREATE, PARTS, project, SQUASH, STUDENTS } from "./school.js";

const SCORES = ["8.5", "7", "7", "10", "8", "9.75"];
const VERSIONS = [CREATE, SQUASH].map((name) => name.split("_")[0]);

export interface Environments {
  /** Every migration was applied, as it was before the squash. */
  readonly production: Environment;
  /** Nothing was. */
  readonly fresh: Environment;
  /** Some were. */
  readonly staging: Environment;
}

export async function deploy(scene: Scene, environments: Environments): Promise<void> {
  const { production, fresh, staging } = environments;
  await applyByHand(production.emulator, project, [CREATE]);
  await production.emulator.hasura.query(STUDENTS);
  await applyByHand(production.emulator, project, PARTS);
  await applyByHand(staging.emulator, project, [CREATE]);
  await staging.emulator.hasura.query(STUDENTS);
  await applyByHand(staging.emulator, project, [PARTS[0], PARTS[1]]);
  await whereAllWereApplied(production);
  await whereNoneWas(fresh);
  await whereSomeWere(scene, staging);
}

async function whereAllWereApplied({ emulator, pulumi }: Environment): Promise<void> {
  narration.heading("4. Production has applied all three: the squash is marked, and not run");
  const before = await studentsIn(emulator);
  const statements = emulator.hasura.requests.length;
  await pulumi.run("up", "--yes");
  const after = await studentsIn(emulator);
  const versions = await appliedIn(emulator);
  narration.table("students", after);
  narration.claim("Hasura's state names the squash alone, and no score was touched.", () => {
    assert.deepEqual(versions, VERSIONS);
    assert.deepEqual(after, before);
    assert.deepEqual(
      after.map((row) => String(row["score"])),
      SCORES,
    );
    const ran = emulator.hasura.requests.slice(statements).map(({ body }) => JSON.stringify(body));
    assert.ok(!ran.some((body) => body?.includes("score_decimal")));
  });
}

async function whereNoneWas({ emulator, pulumi }: Environment): Promise<void> {
  narration.heading("5. A new environment has applied nothing: everything runs");
  await pulumi.run("up", "--yes");
  const columns = await emulator.hasura.query(
    "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'students' ORDER BY ordinal_position",
  );
  const versions = await appliedIn(emulator);
  narration.table("columns of students", columns);
  narration.claim("Its scores are numbers.", () => {
    assert.deepEqual(versions, VERSIONS);
    assert.deepEqual(columns.at(-1), { column_name: "score", data_type: "numeric" });
  });
}

async function whereSomeWere(scene: Scene, { emulator, pulumi }: Environment): Promise<void> {
  narration.heading("6. Staging has applied two of the three: refused, then finished");
  const before = await studentsIn(emulator);
  const text = await pulumi.refused("preview");
  const untouched = await studentsIn(emulator);
  narration.claim("The preview refuses, and names what was applied and what was not.", () => {
    assert.match(text, /1638852925397/);
    assert.deepEqual(untouched, before);
  });
  narration.edit("orders.ts", scene.folder.edit(finishing));
  await pulumi.run("up", "--yes");
  const after = await studentsIn(emulator);
  const versions = await appliedIn(emulator);
  narration.table("students", after);
  narration.claim(
    "The missing part ran, from the commit that holds it; then the squash was marked.",
    () => {
      assert.deepEqual(versions, VERSIONS);
      assert.deepEqual(
        after.map((row) => String(row["score"])),
        SCORES,
      );
    },
  );
}
