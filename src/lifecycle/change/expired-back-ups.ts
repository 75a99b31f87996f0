import { tableText } from "../../domain/destination.js";
import { backUpsOf } from "../../domain/journal.js";
import type { Change } from "./change.js";
import { arrivedName } from "./replace-rows.js";

const KEEP_DAYS = 7;
/** A position behind every entry that a change writes itself. */
const AFTER_THE_END = 1_000_000;

/** Drops the back-ups of earlier changes of the job that have been kept long enough. Trouble with it fails no change. */
export async function dropExpiredBackUps(change: Change): Promise<void> {
  const { doors, job, context, request } = change;
  try {
    const expired = await doors.journal.expiredBackUps(
      request.jobId,
      job.backUp?.keepDays ?? KEEP_DAYS,
    );
    for (const old of expired) {
      const { table, backUpSchema } = request;
      await doors.tables.dropBackUp(arrivedName(table, backUpSchema, old.changeId));
      for (const backUp of backUpsOf(old)) await doors.tables.dropBackUp(backUp.table);
      const { changeId, jobId, pipelineId } = old;
      const identity = {
        changeId,
        jobId,
        pipelineId,
        table: tableText(request.table),
        owner: context.owner,
      };
      await doors.journal.append(
        identity,
        AFTER_THE_END,
        { step: "back-ups-dropped" },
        doors.warehouse,
      );
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    context.report.warning(`could not drop old back-ups of ${tableText(request.table)}: ${reason}`);
  }
}
