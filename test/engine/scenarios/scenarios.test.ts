import assert from "node:assert/strict";
import { circumstancesOf } from "./circumstances.js";
import { play, sideBySide } from "./comparison.js";
import { embedded, findPulumi } from "./engines.js";
import { differenceOf, refusalOf } from "./exceptions.js";
import { hasRecordings, listScenarios, readSteps, type Step } from "./recordings.js";

/** Those that tell most; the others, like these, with PEERS=all. */
const drawn = new Set([
  "03-update/2-dependent-only.preview.json",
  "04-replace/2-delete-before-replace.up.txt",
  "06-create-fails/1-fails.up.txt",
  "07-partial/6-update-partial.up.txt",
  "08-refresh/8-gone.refresh.txt",
  "09-destroy/1-protected.destroy.txt",
  "10-secrets/3-secret-changes.up.txt",
  "12-options/1-ignore-and-depends.up.txt",
  "13-import/6-change-right-after-import.preview.txt",
  "15-outputs/4-program-throws.up.txt",
  "18-hooks/1-create.preview.txt",
  "19-check-and-diff-failures/1-check-failures.preview.json",
]);

const all = hasRecordings ? listScenarios().flatMap(readSteps) : [];
const steps = all.filter(isDrawn);

describe("the embedded engine, beside what was recorded from the Pulumi CLI", function () {
  this.timeout(120_000);

  it("has recordings to be compared with (skipped where ../shared/engine is not)", function () {
    if (!hasRecordings) this.skip();
  });

  for (const step of steps.filter((each) => refusalOf(each) === undefined)) {
    const difference = differenceOf(step);
    const reason =
      difference === undefined ? "" : `, but for its exit code, since ${difference.reason}`;
    it(`does as recorded in ${nameOf(step)}${reason}`, async () => {
      const left = await play(embedded, step);

      const { run, recorded } = await sideBySide(step, left);
      const { exitCode } = difference ?? step;
      assert.deepEqual(run, { ...recorded, exitCode });
    });
  }

  for (const step of steps) {
    const refusal = refusalOf(step);
    if (refusal === undefined) continue;
    it(`refuses ${nameOf(step)}, since ${refusal.reason}`, async () => {
      const { exitCode, stateBefore, stateText, calls, stdout, stderr } = await play(
        embedded,
        step,
      );

      const { bystanders = [] } = circumstancesOf(step);
      const changed = calls
        .filter(({ event, call }) => event === "start" && /Create|Update|Delete/.test(call))
        .map(({ request }) => String(request?.["urn"]).split("::").at(-1))
        .filter((name) => !bystanders.includes(name ?? ""));
      assert.equal(exitCode, refusal.exitCode ?? 2, stdout + stderr);
      assert.deepEqual(changed, []);
      if (bystanders.length === 0) assert.equal(stateText, stateBefore);
    });
  }
});

describe("the Pulumi CLI, beside its own recordings", function () {
  this.timeout(120_000);
  // What its display shows at the end of a refresh hangs on which event came first.
  this.retries(2);
  const pulumi = findPulumi();

  it("is there (skipped where there is no pulumi on the PATH)", function () {
    if (pulumi === undefined) this.skip();
  });

  for (const step of pulumi === undefined ? [] : steps) {
    if (refusalOf(step)?.isAside) continue;
    it(`does as recorded in ${nameOf(step)}`, async () => {
      const left = await play(pulumi ?? embedded, step);

      const { run, recorded } = await sideBySide(step, left);
      assert.deepEqual(run, recorded);
    });
  }
});

function nameOf({ scenario, file }: Step): string {
  return `${scenario}/${file}`;
}

/** All of them with PEERS=all, or those whose names match STEPS; else a few. */
function isDrawn(step: Step): boolean {
  const { PEERS, STEPS } = process.env;
  if (STEPS !== undefined) return new RegExp(STEPS).test(nameOf(step));
  return PEERS === "all" || drawn.has(nameOf(step));
}
