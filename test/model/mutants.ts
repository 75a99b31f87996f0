/** A way to spoil the built package: where `from` stands in the file, once, `to` is put. */
export interface Mutant {
  readonly name: string;
  /** A seed under which the model comes upon it soon. */
  readonly seed: number;
  readonly edits: readonly Edit[];
}

interface Edit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const STEPS = "lifecycle/change/backfill-steps.js";
const UNDO = "lifecycle/change/undo.js";
const RUN = "lifecycle/change/backfill-run.js";
const HOLD = "lifecycle/change/schedule-hold.js";
const CHANGE = "lifecycle/change/change.js";
const BACK_UP = '...(movesRows(request) ? [{ kind: "back-up" }] : []),';

/** Seeds under which rarer mistakes are come upon within some hundred stories. */
const SEEDS: Readonly<Record<string, number>> = {
  "writes its mark outside the transaction": 6,
  "records a hold over a hold": 7,
  "does not outlast late attempts": 12,
  "minds no run beside the DELETE": 8,
  "is content with the first back-up": 2,
};

function one(name: string, file: string, from: string, to: string): Mutant {
  return { name, seed: SEEDS[name] ?? 1, edits: [{ file, from, to }] };
}

/** Mistakes that the model has to notice. */
export const MUTANTS: readonly Mutant[] = [
  one(
    "deletes before it backs up",
    "domain/backfill-plan.js",
    `${BACK_UP}\n        ...jobSteps(request),`,
    `...jobSteps(request),\n        ${BACK_UP}`,
  ),
  one(
    "undoes without setting the state forward",
    UNDO,
    'if (before === "full_load" || !wasStateMoved(change) || keepsNewRows(change))',
    "if (before)",
  ),
  one(
    "writes its mark outside the transaction",
    CHANGE,
    "await journal.append(this.#identity, position, entry, runner);",
    "await journal.append(this.#identity, position, entry, warehouse);",
  ),
  one(
    "starts a run twice",
    RUN,
    "if (!(await startRun(before, change)))",
    "if (!((await startRun(before, change)) && (await startRun(before, change))))",
  ),
  {
    name: "records a hold from a held cron",
    seed: 1,
    edits: [
      { file: HOLD, from: "if (cron === null)\n", to: "if (!change)\n" },
      { file: HOLD, from: "if (!(0, schedule_js_1.firesAgain)(cron))", to: "if (!change)" },
      { file: HOLD, from: "if (earlier === undefined) {", to: "if (change) {" },
    ],
  },
  one("records a hold over a hold", HOLD, "if (earlier === undefined) {", "if (change) {"),
  one(
    "skips the verification",
    "lifecycle/change/verify.js",
    "if ((0, backfill_plan_js_1.movesRows)(change.request))",
    "if (!change)",
  ),
  one("inverts what an undo keeps", UNDO, ".keepsNewRows === true", ".keepsNewRows !== true"),
  one(
    "does not outlast late attempts",
    "lifecycle/change/job-state.js",
    "await outlast(sentAt.at(-2));",
    "",
  ),
  one(
    "does not put the schedule back",
    HOLD,
    "if (held !== undefined)\n            await putBack(held, change);",
    "",
  ),
  one(
    "does not look for unfinished changes under the lease",
    "lifecycle/change/begin.js",
    "if ((await doors.journal.unfinished(job.jobId)).length > 0)",
    "if (!lease)",
  ),
  one("minds no run beside the DELETE", STEPS, "return isUndisturbed ?", "return runIds ?"),
  one("takes a failed run for a good one", RUN, "if (failed === undefined)", "if (runs)"),
  one(
    "is content with the first back-up",
    STEPS,
    "change.backUps.length > 0 && (await doors.tables.countUnsaved(change.reloaded)) === 0",
    "change.backUps.length > 0",
  ),
  one(
    "leaves what a failed attempt brought",
    STEPS,
    'if (outcome.kind === "next" && wasStateMoved(change))',
    "if (!outcome)",
  ),
  one(
    "does not put lost keys back",
    "lifecycle/change/verify.js",
    "const isKept = isKeyed(change) &&",
    "const isKept = !change &&",
  ),
  one("does not undo rows", UNDO, "await restoreRows(change);", ""),
];
