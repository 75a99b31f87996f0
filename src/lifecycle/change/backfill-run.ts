import { DadosferaError, isDadosferaError } from "../../domain/errors.js";
import { isAfter, runsBefore } from "../../domain/journal.js";
import type { Change } from "./change.js";
import { followRuns, newRuns, type Patience } from "./runs.js";

/** Where a change goes on after a step. */
export type Next = { readonly kind: "next" } | { readonly kind: "again"; readonly because: string };
export const next: Next = { kind: "next" };

const RUN_SECONDS = 6 * 3600;
const ATTEMPTS = 3;

/** How long a change waits for runs. */
export function patienceOf({ job, context }: Change): Patience {
  return { seconds: job.timeouts?.run ?? RUN_SECONDS, startedAt: context.clock.elapsed() };
}

/**
 * Starts a run unless the journal says that one was asked for already, and follows every run since the DELETE to its
 * end. A run that somebody else started does not stand in for this one: it may have looked before the state was reset.
 */
export async function runJob(change: Change): Promise<Next> {
  const { context, pipelineId, record } = change;
  const known = runsBefore(record);
  const isUnderWay =
    isAfter(record, "run-requested", "idle") &&
    (await newRuns(pipelineId, known, context)).length > 0;
  const before = isUnderWay ? known : await shareRun(known, change);
  if (before === undefined)
    return { kind: "again", because: "the answer to execute was lost, and no run began" };
  const runs = await followRuns(pipelineId, { known, before }, patienceOf(change), context);
  // A trace is shown and not kept: it may repeat what the source was given to sign in with.
  const ended = runs.map(({ runId, kind }) => ({
    runId,
    kind: kind === "succeeded" ? ("succeeded" as const) : ("failed" as const),
  }));
  await change.write({ step: "run-ended", runs: ended });
  const failed = runs.find((each) => each.kind === "failed");
  if (failed === undefined) return next;
  if (failuresOf(change) < ATTEMPTS) return { kind: "again", because: "the run failed" };
  throw new DadosferaError({
    code: "RUN_FAILED",
    happened: `Run ${failed.runId} of pipeline ${pipelineId} failed, the third in a row: ${failed.trace ?? "Maestro gives no trace"}.`,
    now: "",
    next: "Mend what the trace names (a column that the source lacks, its credentials, memory), then run `pulumi up` again.",
  });
}

/**
 * A run for this change and for those of the pipeline's other jobs that have come as far: one of them starts it and
 * follows it to its end. Answers the runs that there were before it; undefined if none began.
 */
function shareRun(
  known: readonly string[],
  change: Change,
): Promise<readonly string[] | undefined> {
  const { context, pipelineId } = change;
  const patience = () => patienceOf(change);
  return change.session.run({
    patienceSeconds: patience().seconds,
    prepare: () => change.write({ step: "run-requested", attempt: failuresOf(change) + 1 }),
    async work() {
      const before = (await newRuns(pipelineId, [], context)).map((run) => run.runId);
      if (!(await startRun(before, change))) return undefined;
      await followRuns(pipelineId, { known, before }, patience(), context);
      return before;
    },
  });
}

/** `execute` is not idempotent: after a lost answer the list tells, once no late request can arrive any more. */
async function startRun(before: readonly string[], change: Change): Promise<boolean> {
  const { context, pipelineId } = change;
  const { maestro } = context.doors;
  try {
    await change.atMaestro((beforeSend) => maestro.executePipeline(pipelineId, beforeSend));
    return true;
  } catch (error) {
    if (!isDadosferaError(error) || error.code !== "MAESTRO_OUTCOME_UNKNOWN") throw error;
    await context.clock.wait(maestro.deadlineMs, context.signal);
    return (await newRuns(pipelineId, before, context)).length > 0;
  }
}

function failuresOf({ record }: Change): number {
  return record.entries.filter(
    (entry) => entry.step === "run-ended" && entry.runs.some((each) => each.kind === "failed"),
  ).length;
}
