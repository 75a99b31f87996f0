import { isDadosferaError } from "../domain/errors.js";
import { jobId } from "../domain/job-id.js";
import { hasDeleted, hasRunWell, isAfter, lastEntry } from "../domain/journal.js";
import { restoreWindow } from "../warehouse/effects.js";
import { patienceOf } from "./backfill-run.js";
import type { Change } from "./change.js";
import { setState, switchLoadType } from "./job-state.js";
import { waitIdle } from "./runs.js";
import { restoreSchedule } from "./schedule-hold.js";

/** Puts things back as they were before the change. Doing it twice changes nothing. */
export async function undo(change: Change, reason: string): Promise<void> {
  const { record, context } = change;
  context.report.warning(`undoing the change: ${reason}`);
  if (lastEntry(record, "undoing") === undefined) await change.write({ step: "undoing", reason });
  if (touchedRows(change)) {
    await waitIdle(change.pipelineId, patienceOf(change), context);
    await restoreRows(change);
  }
  await restoreJob(change);
  await restoreSchedule(change, "undone");
}

/** True if rows were deleted, or a run that replaces the table was asked for, and nothing was restored since. */
function touchedRows({ record, request, backUps }: Change): boolean {
  if (request.window === undefined || backUps.length === 0) return false;
  return hasDeleted(record) || isAfter(record, "run-requested", "restored");
}

/**
 * What a run that ended well brought beyond the old newest cursor stays, since Maestro will not bring it again; and
 * nothing beyond it is put back, since Maestro will bring that again.
 */
async function restoreRows(change: Change): Promise<void> {
  const { record, request, compared } = change;
  const isAppended = request.loadType !== "full_load" && request.change.kind === "columns";
  const oldNewest = isAppended ? lastEntry(record, "started")?.oldNewest : undefined;
  await change.effect(async (runner) => ({
    step: "restored",
    rows: await restoreWindow(runner, compared, {
      deletedUpTo: keepsNewRows(change) ? oldNewest : undefined,
      restoredUpTo: oldNewest,
    }),
  }));
  change.context.report.info(`restored: the rows of ${request.table.name} are back as they were`);
}

function keepsNewRows({ record, request }: Change): boolean {
  return (
    request.loadType !== "full_load" && request.change.kind === "columns" && hasRunWell(record)
  );
}

/** Sets the load type back, and the state forward to the newest cursor there was, which is where Maestro stood. */
async function restoreJob(change: Change): Promise<void> {
  const { record, request } = change;
  const { maestro } = change.context.doors;
  const wanted = request.change;
  const before = wanted.kind === "load-type" ? wanted.from : request.loadType;
  const live = await maestro.findJob(jobId.parse(request.jobId));
  const hasSwitched =
    wanted.kind === "load-type" && live !== undefined && live.loadType !== wanted.from;
  if (hasSwitched) await switchLoadType(wanted.from, change);
  const wasMoved =
    wanted.kind === "columns"
      ? isAfter(record, "deleted", "finished")
      : hasSwitched && wanted.to === "full_load";
  const oldNewest = lastEntry(record, "started")?.oldNewest;
  if (before === "full_load" || !wasMoved || oldNewest === undefined || keepsNewRows(change))
    return;
  await setState(oldNewest, change).catch((error: unknown) => {
    // A cut fraction is seen in the echo: the state is set all the same, and the message says where.
    if (!isDadosferaError(error) || error.code !== "MAESTRO_REFUSED") throw error;
    change.context.report.warning(error.happened);
  });
}
