import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { MUTANTS, type Mutant } from "./mutants.js";
import { scripts } from "./scripts.js";
import { builtSubject, type Subject } from "./subject.js";
import { Tally } from "./tally.js";
import { atOrBeyond } from "./world/baseline.js";

const ROOT = resolve(__dirname, "../../..");
/** What a lifecycle is made of; inside the project, so that packages are found. */
const ROOMS = ["domain", "lifecycle", "maestro", "warehouse"];
const MOST_STORIES = 3000;

describe("the model of changes", function () {
  this.timeout(120_000);
  const told: string[] = [];

  for (const mutant of MUTANTS) {
    it(`notices a change that ${mutant.name}`, async () => {
      const stories = await storiesUntilNoticed(spoiled(mutant), mutant.seed);

      told.push(`${stories} for one that ${mutant.name}`);
      assert.ok(stories <= MOST_STORIES);
    });
  }

  it("notices a window that begins at the bookmark in place of beyond it", async () => {
    const stories = await storiesUntilNoticed({ ...builtSubject, beyond: atOrBeyond }, 2);

    told.push(`${stories} for a window that begins at the bookmark`);
    assert.ok(stories <= MOST_STORIES);
  });

  after(() => process.stdout.write(`      stories played: ${told.join("; ")}\n`));
});

/** How many stories it takes until one ends badly that ends well as built; infinity if none does. */
async function storiesUntilNoticed(subject: Subject, seed: number): Promise<number> {
  const tally = new Tally();
  const property = fc.asyncProperty(scripts, async (script) => {
    const found = await tally.judge(script, subject);
    const isOwn = found.length > 0 && (await tally.judge(script, builtSubject)).length === 0;
    return !isOwn;
  });
  const { failed, numRuns } = await fc.check(property, {
    numRuns: MOST_STORIES,
    endOnFailure: true,
    seed,
  });
  return failed ? numRuns : Number.POSITIVE_INFINITY;
}

/** The lifecycle of a copy of the built package with the mutant's mistake in it. */
function spoiled({ name, edits }: Mutant): Subject {
  const folder = join(ROOT, "build", "mutants", name.replaceAll(" ", "-"));
  for (const room of ROOMS)
    cpSync(join(ROOT, "dist", room), join(folder, room), { recursive: true, force: true });
  for (const { file, from, to } of edits) {
    const path = join(folder, file);
    const parts = readFileSync(path, "utf8").split(from);
    assert.equal(parts.length, 2, `"${from}" stands once in ${file}`);
    writeFileSync(path, parts.join(to));
  }
  const load = createRequire(join(folder, "loader.js"));
  const { job } = load("./lifecycle/job.js") as Pick<Subject, "job">;
  const { pipeline } = load("./lifecycle/pipeline.js") as Pick<Subject, "pipeline">;
  const { PipelineSessions } = load("./lifecycle/change/pipeline-session.js") as Pick<
    Subject,
    "PipelineSessions"
  >;
  return { ...builtSubject, job, pipeline, PipelineSessions };
}
