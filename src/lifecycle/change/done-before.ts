import type { JobChange } from "../../domain/changes.js";
import type { JobInputs, LastChange } from "../../domain/job.js";
import { wantsTheSame } from "../../domain/recovery.js";
import type { JobRecord } from "../../maestro/records.js";
import type { Context } from "../context.js";
import { summaryOf } from "./change-text.js";
import type { RowsChange } from "./request.js";

/**
 * The summary of a change of columns or load type that ended well, although Pulumi's state does not know it: its `up` was killed after
 * the end, another part of the update failed, or the doctor or somebody else's `up` finished it. What was only triggered
 * is not told from an earlier trigger, and is done again.
 */
export async function doneBefore(
  change: JobChange,
  { jobId }: JobInputs,
  { doors, report }: Context,
): Promise<LastChange | undefined> {
  if (!movesRows(change)) return undefined;
  const record = await doors.warehouse?.journal.lastDone(jobId);
  if (record === undefined || !wantsTheSame(record, change)) return undefined;
  const live = await doors.maestro.findJob(jobId);
  if (live === undefined || !shows(live, change)) return undefined;
  report.info(
    `change ${record.changeId} (${change.kind === "columns" ? change.added.join(", ") : change.to}) ended well before: nothing is done again; a new value in \`triggers\` would load its rows again`,
  );
  return summaryOf(record, "done");
}

function movesRows(change: JobChange): change is RowsChange {
  if (change.kind === "memory") return false;
  return change.kind === "load-type" || !(change.repeated || change.backfill.rows === "none");
}

/** True if the job is at Maestro what the change made of it. */
function shows({ columnIncludeList, loadType }: JobRecord, change: RowsChange): boolean {
  if (change.kind === "load-type") return loadType === change.to;
  return change.added.every((column) => columnIncludeList?.includes(column));
}
