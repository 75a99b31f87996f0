import type { BackfillStep } from "../../domain/backfill-plan.js";
import { isGapless, tableText } from "../../domain/destination.js";
import { DadosferaError, isDadosferaError } from "../../domain/errors.js";
import type { LoadType } from "../../domain/job.js";
import { jobId } from "../../domain/job-id.js";
import { hasDeleted, lastEntry, oldNewestOf, runsBefore } from "../../domain/journal.js";
import { bookmarkRefusal, budgetRefusal, type WindowCounts } from "../../domain/preflight.js";
import { expectCount } from "../../warehouse/effects.js";
import { type Next, next, patienceOf, runJob } from "./backfill-run.js";
import type { Change } from "./change.js";
import { expectIntact, tableGone } from "./intact.js";
import { setState, switchLoadType } from "./job-state.js";
import { budgetOf } from "./prepare.js";
import { addColumnsTo } from "./read-back.js";
import { atBoundary, replaceRows } from "./replace-rows.js";
import { newRuns, waitIdle } from "./runs.js";
import { noteHold } from "./schedule-hold.js";
import { verify } from "./verify.js";

const MOST_LOOKS = 4;
const MOST_COUNTS = 10;

/** Carries out one step. Each may be entered again: what is done already is seen and left alone. */
export async function perform(step: BackfillStep, change: Change): Promise<Next> {
  switch (step.kind) {
    case "take-lease":
      return next;
    case "hold-schedule":
      return hold(change);
    case "wait-idle":
      return noteIdle(change);
    case "back-up":
      return backUp(change);
    case "add-columns":
      return addColumns(step.columns, change);
    case "delete-rows":
      return deleteRows(change);
    case "reset-state":
      return resetState(step.to, change);
    case "sync-mode":
      return setLoadType(step.to, change);
    case "run":
      return runJob(change);
    case "replace-rows":
      return replaceRows(step.reach, change);
    case "verify":
      await verify(change);
      return next;
    case "restore-schedule":
      await change.session.leave(change, "done");
      return next;
  }
}

async function hold(change: Change): Promise<Next> {
  const cron = await change.session.hold(change);
  if (cron !== undefined) await noteHold(cron, change);
  return next;
}

async function noteIdle(change: Change): Promise<Next> {
  await change.session.quiet(change.context);
  const runIds = await waitIdle(change.pipelineId, patienceOf(change), change.context);
  await change.write({ step: "idle", runIds });
  return next;
}

/**
 * Rows are counted only once every one of them is safe, and it is this count that the DELETE has to find. Rows that
 * arrive between the clone and the count are not in the clone: then another one is taken.
 */
async function backUp(change: Change): Promise<Next> {
  const outcome = await save(change);
  if (outcome.kind === "next" && wasStateMoved(change)) await clearAttempt(change);
  return outcome;
}

/** True if an earlier attempt moved the state, so that any run since may have brought the window again. */
function wasStateMoved({ record }: Change): boolean {
  return lastEntry(record, "resetting") !== undefined;
}

/**
 * What runs of an earlier attempt brought beside old rows would be taken for the next one's. Rows that are deleted
 * first need no clearing, but for those that carry the bookmark.
 */
async function clearAttempt(change: Change): Promise<void> {
  const { request, record, reloaded } = change;
  const reach = { deletedUpTo: undefined, restoredUpTo: oldNewestOf(record) };
  if (request.strategy === "delete-after") {
    await change.effect(async (tables) => ({
      step: "restored",
      rows: await tables.restoreWindow(reloaded, reach),
    }));
  } else if (isGapless(request.window)) {
    const boundary = atBoundary(change.compared);
    await change.effect(async (tables) => {
      const { inWindow } = await tables.countWindow(request.table, boundary.window, { keys: [] });
      const inserted = await tables.restoreWindow(boundary, reach);
      const nothing = { putBack: 0, versions: 0 };
      return { step: "replaced", reach: "boundary", deleted: inWindow, inserted, ...nothing };
    });
  }
}

async function save(change: Change): Promise<Next> {
  const { request, doors } = change;
  const { table, identity, window = { kind: "all" } } = request;
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const counts = await doors.tables.countWindow(table, window, identity);
    const isSaved =
      change.backUps.length > 0 && (await doors.tables.countUnsaved(change.reloaded)) === 0;
    if (isSaved) return noteCounts(counts, change);
    await takeClone(change);
  }
  return { kind: "again", because: "rows keep arriving while they are backed up" };
}

async function takeClone(change: Change): Promise<void> {
  const { request, doors } = change;
  const { table, identity, window = { kind: "all" } } = request;
  const source = await doors.tables.find(table.database, table.schema, table.name);
  if (source === undefined) throw tableGone(change.request);
  const copy = { ...table, schema: request.backUpSchema, name: backUpName(change) };
  const backUp = await doors.tables.takeBackUp(source, copy);
  const { newest } = await doors.tables.countWindow(copy, window, identity);
  await change.write({
    step: "backed-up",
    ...backUp,
    ...(newest !== undefined && { newest }),
    ...(source.createdAt !== undefined && { tableCreatedAt: source.createdAt }),
  });
}

async function noteCounts(counts: WindowCounts, change: Change): Promise<Next> {
  const refusal =
    hasDeleted(change.record) || wasStateMoved(change)
      ? undefined
      : (bookmarkRefusal(change.request, { counts }) ??
        budgetRefusal(change.request, counts, budgetOf(change.job)));
  if (refusal !== undefined) throw new DadosferaError(refusal);
  await change.write({ step: "counted", inWindow: counts.inWindow });
  return next;
}

async function addColumns(columns: readonly string[], change: Change): Promise<Next> {
  const { maestro } = change.context.doors;
  const id = jobId.parse(change.request.jobId);
  await change.atMaestro((beforeSend) => addColumnsTo(id, columns, maestro, beforeSend));
  if (lastEntry(change.record, "columns-added") !== undefined) return next;
  const outcome = change.request.isEmpty === true ? await expectEmpty(columns, change) : next;
  if (outcome.kind === "next") await change.write({ step: "columns-added", columns });
  return outcome;
}

/** Where nothing is loaded again, no row may arrive in the window before the job loads the column. */
async function expectEmpty(columns: readonly string[], change: Change): Promise<Next> {
  const { request, record, context, doors } = change;
  const { table, window = { kind: "all" } } = request;
  if ((await newRuns(change.pipelineId, runsBefore(record), context)).length > 0)
    return { kind: "again", because: "a run started before the job loaded the column" };
  const { inWindow } = await doors.tables.countWindow(table, window, { keys: [] });
  if (inWindow === 0) return next;
  throw new DadosferaError({
    code: "TABLE_MOVED",
    happened: `${inWindow === 1 ? "1 row" : `${inWindow} rows`} arrived in the window of ${tableText(table)} before the job loaded ${columns.join(", ")}.`,
    now: "",
    next: "Run `pulumi up` again: it loads them again.",
  });
}

async function deleteRows(change: Change): Promise<Next> {
  const { table, window = { kind: "all" } } = change.request;
  const expected = lastEntry(change.record, "counted")?.inWindow ?? 0;
  const deleted = change.effect(async (tables) => {
    await expectIntact(change, tables);
    const rows = await tables.deleteWindow(table, window);
    expectCount("in the window", expected, rows);
    // The driver may have sent the DELETE twice and counted the second: look.
    expectCount(
      "left in the window",
      0,
      (await tables.countWindow(table, window, { keys: [] })).inWindow,
    );
    return { step: "deleted", rows };
  });
  const moved = await deleted.then(
    () => false,
    (error: unknown) => hasMoved(error, change),
  );
  if (moved) return { kind: "again", because: "the table moved between back-up and DELETE" };
  const runIds = (await change.context.doors.maestro.listRuns(change.pipelineId)).map(
    (each) => each.runId,
  );
  await change.write({ step: "deleted-idle", runIds });
  const before = lastEntry(change.record, "idle")?.runIds ?? [];
  const isUndisturbed = runIds.every((id) => before.includes(id));
  return isUndisturbed ? next : { kind: "again", because: "a run started while rows were deleted" };
}

/** A table that moved under the DELETE is counted again; one that never stands still is given up. */
function hasMoved(error: unknown, { record }: Change): boolean {
  const counts = record.entries.filter((entry) => entry.step === "counted").length;
  if (isDadosferaError(error) && error.code === "TABLE_MOVED" && counts < MOST_COUNTS) return true;
  throw error;
}

/** A run that began before the reset will end by writing the bookmark that it began with, over the new one. */
async function resetState(to: string | undefined, change: Change): Promise<Next> {
  await change.write({ step: "resetting", to: to ?? null });
  await setState(to, change);
  const known = runsBefore(change.record);
  if ((await newRuns(change.pipelineId, known, change.context)).length > 0)
    return { kind: "again", because: "a run started before the state was reset" };
  await change.write({ step: "state-reset", to: to ?? null });
  return next;
}

/** A job that was incremental already may have run since: its state is cleared, as a change from `full_load` would have done. */
async function setLoadType(to: LoadType, change: Change): Promise<Next> {
  const { maestro } = change.context.doors;
  const live = await maestro.findJob(jobId.parse(change.request.jobId));
  if (change.request.window !== undefined) await change.write({ step: "resetting", to: null });
  if (live?.loadType !== to) await switchLoadType(to, change);
  const isCleared = to === "full_load" || live?.loadType === "full_load";
  if (change.request.window !== undefined && !isCleared) await setState(undefined, change);
  const known = runsBefore(change.record);
  if ((await newRuns(change.pipelineId, known, change.context)).length > 0)
    return { kind: "again", because: "a run started before the load type was set" };
  await change.write({ step: "load-type-set", to });
  return next;
}

function backUpName({ request, record, backUps }: Change): string {
  const ordinal = backUps.length === 0 ? "" : `_${backUps.length + 1}`;
  return `${request.table.name}__BK_${record.changeId.slice(0, 8).toUpperCase()}${ordinal}`;
}
