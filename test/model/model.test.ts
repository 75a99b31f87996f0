import assert from "node:assert/strict";
import fc from "fast-check";
import { breaches } from "./law.js";
import { play } from "./play.js";
import { scripts } from "./scripts.js";
import { builtSubject } from "./subject.js";

const RUNS = Number(process.env["MODEL_RUNS"] ?? 10_000);

describe("changes of a job, whatever happens to them", function () {
  this.timeout(60_000 + RUNS * 20);

  it("lose no row, double none, and leave the schedule as last wanted", async () => {
    await fc.assert(
      fc.asyncProperty(scripts, async (script) => {
        const ending = await play(script, builtSubject);
        assert.deepEqual(breaches(ending), []);
      }),
      replay(),
    );
  });
});

function replay(): fc.Parameters<unknown> {
  const { MODEL_SEED: seed, MODEL_PATH: path } = process.env;
  return {
    numRuns: RUNS,
    ...(seed !== undefined && { seed: Number(seed) }),
    ...(path !== undefined && { path }),
  };
}
