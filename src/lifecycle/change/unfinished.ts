import type { JobInputs } from "../../domain/job.js";
import type { JournalledChange } from "../../warehouse/journal.js";
import type { Context } from "../context.js";
import { recoverBackfill } from "./backfill.js";

/** The change of a job that the journal says has not ended; undefined without one, or without warehouse settings. */
export async function unfinishedChange(
  jobId: string,
  { doors }: Context,
): Promise<JournalledChange | undefined> {
  const changes = await doors.warehouse?.journal.unfinished(jobId);
  return changes?.at(-1);
}

/** Undoes the unfinished change of a job, if there is one. */
export async function undoUnfinished(job: JobInputs, context: Context): Promise<void> {
  const change = await unfinishedChange(job.jobId, context);
  if (change !== undefined) await recoverBackfill(change, job, [], context);
}
