import type { Compared } from "../../domain/destination.js";
import { DadosferaError } from "../../domain/errors.js";
import type { LoadType } from "../../domain/job.js";
import { jobId } from "../../domain/job-id.js";
import {
  backUpsBefore,
  hasRunWell,
  isAfter,
  isReplaced,
  lastEntry,
  oldNewestOf,
  runsBefore,
} from "../../domain/journal.js";
import { patienceOf } from "./backfill-run.js";
import type { Change } from "./change.js";
import { expectIntact, mayHaveTouchedRows } from "./intact.js";
import { sendState, switchLoadType } from "./job-state.js";
import { newRuns, waitIdle } from "./runs.js";

const ATTEMPTS = 5;

/**
 * Puts things back as they were before the change. Doing it twice changes nothing, and heals what a run brought in
 * between: until the end is written, rows and state are put back together every time.
 */
export async function undo(change: Change, reason: string): Promise<void> {
  if (mayHaveTouchedRows(change)) await expectIntact(change, change.doors.tables);
  await change.session.quiet(change.context);
  if (lastEntry(change.record, "undoing") === undefined) {
    await change.write({ step: "undoing", reason, keepsNewRows: await hasBroughtRows(change) });
  }
  await putBack(change);
  await change.session.leave(change, "undone");
}

/**
 * True if a run that ended well brought rows of the window again: what it brought beyond the old newest cursor stays,
 * since Maestro stands there now. A run that brought nothing may have looked before the state was reset.
 */
async function hasBroughtRows({ record, request, doors }: Change): Promise<boolean> {
  const { loadType, change, window, table } = request;
  const isAppended = loadType !== "full_load" && change.kind === "columns";
  if (!isAppended || window === undefined || !hasRunWell(record)) return false;
  // Where no cursor stood before, nothing tells what a run brought: everything is put back, to be extracted again.
  if (oldNewestOf(record) === undefined) return false;
  const { inWindow } = await doors.tables.countWindow(table, window, { keys: [] });
  const isBeside = request.strategy === "delete-after" && !isReplaced(record, "window");
  return inWindow > (isBeside ? (lastEntry(record, "counted")?.inWindow ?? 0) : 0);
}

/** Rows, then the state; once more if a run began meanwhile, which ends by writing a bookmark of its own. */
async function putBack(change: Change): Promise<void> {
  const { pipelineId, context } = change;
  if (!mayHaveTouchedRows(change)) return restoreJob(change);
  await outlastRequestedRun(change);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const known = await waitIdle(pipelineId, patienceOf(change), context);
    await restoreRows(change);
    await restoreJob(change);
    if ((await newRuns(pipelineId, known, context)).length === 0) return;
  }
  throw disturbed(change);
}

/** A run that was asked for is waited for; one that is not listed may have been asked for a moment ago, or in vain. */
async function outlastRequestedRun({ record, pipelineId, context }: Change): Promise<void> {
  if (!isAfter(record, "run-requested", "run-ended")) return;
  if ((await newRuns(pipelineId, runsBefore(record), context)).length > 0) return;
  await context.clock.wait(context.doors.maestro.deadlineMs, context.signal);
}

/**
 * Up to the old newest cursor the window is as the back-ups hold it. Nothing beyond that is put back, since Maestro
 * brings it again from there.
 */
async function restoreRows(change: Change): Promise<void> {
  const { record, request } = change;
  const oldNewest = loadTypeBefore(change) === "full_load" ? undefined : oldNewestOf(record);
  const compared = await comparedForRestore(change);
  await change.effect(async (tables) => ({
    step: "restored",
    rows: await tables.restoreWindow(compared, {
      deletedUpTo: keepsNewRows(change) ? oldNewest : undefined,
      restoredUpTo: oldNewest,
    }),
  }));
  change.context.report.info(`restored: the rows of ${request.table.name} are back as they were`);
}

/** What a `full_load` run replaced is in the first back-up whole; what came twice outside the window is replaced there too. */
async function comparedForRestore(change: Change): Promise<Compared> {
  const { compared, doors, record } = change;
  const reloaded = { ...change.reloaded, backUps: backUpsBefore(record) };
  if (loadTypeBefore(change) === "full_load")
    return { ...compared, backUps: compared.backUps.slice(0, 1) };
  const { before, now } = await doors.tables.countOutside(reloaded);
  return now > before ? { ...reloaded, window: { kind: "all" } } : reloaded;
}

function keepsNewRows({ record }: Change): boolean {
  return lastEntry(record, "undoing")?.keepsNewRows === true;
}

function loadTypeBefore({ request: { change, loadType } }: Change): LoadType {
  return change.kind === "load-type" ? (change.live ?? change.from) : loadType;
}

/**
 * Sets the load type back, and the state forward to the newest cursor there was, which is where Maestro stood. Where there
 * was none, it stood at the beginning.
 */
async function restoreJob(change: Change): Promise<void> {
  const { request, record } = change;
  const before = loadTypeBefore(change);
  if (request.change.kind === "load-type") {
    const live = await change.context.doors.maestro.findJob(jobId.parse(request.jobId));
    if (live !== undefined && live.loadType !== before) await switchLoadType(before, change);
  }
  if (before === "full_load" || !wasStateMoved(change) || keepsNewRows(change)) return;
  // A cut fraction is seen in the echo: the state is set all the same, and the message says where.
  const difference = await sendState(oldNewestOf(record), change);
  if (difference !== undefined) change.context.report.warning(difference.happened);
}

/** Two incremental load types share their bookmark; on the way from `full_load` and back Maestro clears it. */
function wasStateMoved({ record, request }: Change): boolean {
  const moving =
    request.window === undefined ? [] : (["deleted", "resetting", "load-type-set"] as const);
  return moving.some((step) => lastEntry(record, step));
}

function disturbed({ pipelineId }: Change): DadosferaError {
  return new DadosferaError({
    code: "RUN_OUTCOME_UNKNOWN",
    happened: `Runs of pipeline ${pipelineId} keep starting while its rows are being put back.`,
    now: "",
    next: "Find out who starts them, stop that, and run `pulumi up` again.",
  });
}
