import { type BackfillRequest, type BackfillStep, planSteps } from "../../domain/backfill-plan.js";
import { DadosferaError, isDadosferaError } from "../../domain/errors.js";
import type { JobInputs, LastChange } from "../../domain/job.js";
import { pipelineId } from "../../domain/job-id.js";
import {
  type ChangePolicy,
  type ChangeRecord,
  isFinished,
  lastEntry,
} from "../../domain/journal.js";
import { decideRecovery, type Recovery, type Wanted } from "../../domain/recovery.js";
import { type Context, requireWarehouse } from "../context.js";
import { type Next, next } from "./backfill-run.js";
import { perform } from "./backfill-steps.js";
import { beginBackfill } from "./begin.js";
import { Change } from "./change.js";
import { endless, left, messageOf, undone, unfinished } from "./change-errors.js";
import { summaryOf } from "./change-text.js";
import { dropExpiredBackUps } from "./expired-back-ups.js";
import { explained, isLoss, mayHaveTouchedRows } from "./intact.js";
import { seeLive } from "./live.js";
import { deedText } from "./plan-text.js";
import type { RowsChange } from "./request.js";
import { undo } from "./undo.js";

const MOST_STEPS = 200;

/**
 * Carries out a change, from its preflight to its last step. A change that fails is undone before this throws. Answers
 * nothing, and does nothing, if somebody else meanwhile made it, or left another change of the job unfinished.
 */
export async function applyBackfill(
  wanted: RowsChange,
  job: JobInputs,
  changeId: string,
  context: Context,
): Promise<LastChange | undefined> {
  const change = await beginBackfill(wanted, job, changeId, context);
  return change && settled(change, () => carryOut(change, undefined));
}

/** What became of an unfinished change: the wanted change that it was, if it was finished; its summary. */
export type Recovered =
  | { readonly kind: "finished"; readonly lastChange: LastChange }
  | { readonly kind: "gone" };

/**
 * Goes on with an unfinished change if the program still wants it, and undoes it otherwise. What is to be done is
 * decided under the lease, from a journal read anew: whoever held the lease may have ended the change meanwhile.
 * @throws if it cannot be undone: the change then stays unfinished.
 */
export async function recoverBackfill(
  found: ChangeRecord,
  job: ChangePolicy,
  wanted: Wanted,
  context: Context,
): Promise<Recovered> {
  const change = await takeUp(found, job, context);
  if (change === undefined) return { kind: "gone" };
  const recovery = await decided(change, wanted);
  if (recovery.kind === "undo") {
    await undoRecovered(change, recovery.reason);
    return { kind: "gone" };
  }
  context.report.info(`resuming change ${change.record.changeId} at "${recovery.at}"`);
  const lastChange = await settled(change, () => carryOut(change, recovery.at));
  return { kind: "finished", lastChange };
}

/** Enters the session of an unfinished change, with its journal read anew; undefined if somebody ended it meanwhile. */
export function takeUp(
  found: ChangeRecord,
  job: ChangePolicy,
  context: Context,
): Promise<Change | undefined> {
  const parts = { request: requestOf(found), job, record: found };
  return enter(parts, context, async (entered) =>
    isFinished(await entered.refresh()) ? undefined : entered,
  );
}

/** Decides under the lease; what a person has to put right first is thrown, and the lease given back. */
async function decided(
  change: Change,
  wanted: Wanted,
): Promise<Exclude<Recovery, { kind: "person" }>> {
  const { record, context, session } = change;
  try {
    await session.quiet(context);
    const recovery = decideRecovery(record, await seeLive(record, context), wanted);
    if (recovery.kind === "person") throw new DadosferaError(recovery.trouble);
    return recovery;
  } catch (error) {
    await session.abandon(change);
    throw isDadosferaError(error) || !context.signal.aborted ? error : left(change, error);
  }
}

async function undoRecovered(change: Change, reason: string): Promise<void> {
  change.context.report.warning(`undoing change ${change.record.changeId}: ${reason}`);
  try {
    await undo(change, reason);
  } catch (error) {
    await change.session.abandon(change);
    const isLeft = isLoss(error) || change.context.signal.aborted;
    throw isLeft ? left(change, error) : unfinished(change, error);
  }
}

/** Has the change take part in the session of its pipeline, once `begin` has seen to its journal. */
function enter<C extends Change | undefined>(
  parts: Pick<Change, "request" | "job" | "record">,
  context: Context,
  begin: (change: Change) => Promise<C>,
): Promise<C> {
  const doors = requireWarehouse(context.doors, "finish a change of rows");
  const { jobId, pipelineId: id } = parts.request;
  const session = context.sessions.of(pipelineId.parse(id));
  return session.enter(jobId, context, doors, (lease) =>
    begin(new Change({ ...parts, context, doors, lease, session })),
  );
}

/** The steps in order; "again" goes back to where runs are waited for. A resumed change takes its lease and its hold first. */
async function carryOut(change: Change, at: BackfillStep["kind"] | undefined): Promise<LastChange> {
  const steps = planSteps(change.request);
  const begin = positionOf(steps, "wait-idle");
  const entry = at === undefined ? begin : positionOf(steps, at);
  for (let index = 0; index < begin; index += 1) await carryOutStep(steps, index, change);
  let index = entry;
  for (let taken = 0; index < steps.length; taken += 1) {
    if (taken > MOST_STEPS) throw endless(change);
    const outcome = await carryOutStep(steps, index, change);
    index = outcome.kind === "again" ? begin : index + 1;
  }
  await dropExpiredBackUps(change);
  return summaryOf(change.record, "done");
}

async function carryOutStep(
  steps: readonly BackfillStep[],
  index: number,
  change: Change,
): Promise<Next> {
  const step = steps[index];
  if (step === undefined) return next;
  const { report, signal } = change.context;
  // Whoever is interrupted has a few seconds to leave, and keeps its lease if it has not left by then.
  signal.throwIfAborted();
  report.info(
    `step ${index + 1} of ${steps.length}, ${step.kind}: ${deedText(step, change.request)}`,
  );
  const outcome = await perform(step, change);
  if (outcome.kind === "again")
    report.warning(`${outcome.because}: waiting for runs to end, then once more`);
  return outcome;
}

function positionOf(steps: readonly BackfillStep[], kind: BackfillStep["kind"]): number {
  return steps.findIndex((step) => step.kind === kind);
}

/** Undoes what failed; what was only cut short is left for the next `pulumi up`. */
async function settled(change: Change, work: () => Promise<LastChange>): Promise<LastChange> {
  try {
    return await work();
  } catch (refusal) {
    const error = await explained(refusal, change);
    if (isCutShort(error, change)) {
      await change.session.abandon(change);
      throw left(change, error);
    }
    change.context.report.warning("the change failed: putting things back as they were");
    await undo(change, messageOf(error)).catch(async (second: unknown) => {
      await change.session.abandon(change);
      throw isLoss(second) ? left(change, second, error) : unfinished(change, error, second);
    });
    throw undone(change, error);
  }
}

function isCutShort(error: unknown, change: Change): boolean {
  const { context } = change;
  if (context.signal.aborted) return true;
  if (isLoss(error)) return mayHaveTouchedRows(change);
  return isDadosferaError(error) && ["RUN_TIMEOUT", "LEASE_LOST"].includes(error.code);
}

function requestOf(record: ChangeRecord): BackfillRequest {
  const started = lastEntry(record, "started");
  if (started !== undefined) return started.request;
  throw new DadosferaError({
    code: "JOURNAL_UNREADABLE",
    happened: `The journal holds change ${record.changeId} without its beginning.`,
    now: "Nothing was changed by this command.",
    next: "Look at the change in PULUMI_DADOSFERA_CHANGES; somebody has deleted entries.",
  });
}
