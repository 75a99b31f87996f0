import type { BackfillRequest } from "../../domain/backfill-plan.js";
import { tableText } from "../../domain/destination.js";
import { backUpsOf, type ChangeRecord, KEEP_DAYS } from "../../domain/journal.js";
import type { ChangeIdentity } from "../../warehouse/journal.js";
import type { WarehouseDoors } from "../context.js";
import type { Change } from "./change.js";
import { arrivedName } from "./replace-rows.js";

/** A position behind every entry that a change writes itself. */
const AFTER_THE_END = 1_000_000;

/** Drops the back-ups of earlier changes of the job that have been kept long enough. Trouble with it fails no change. */
export async function dropExpiredBackUps(change: Change): Promise<void> {
  const { doors, job, context, request } = change;
  const table = tableText(request.table);
  try {
    const expired = await doors.journal.expiredBackUps(
      request.jobId,
      job.backUp?.keepDays ?? KEEP_DAYS,
    );
    for (const old of expired) {
      const { changeId, jobId, pipelineId } = old;
      const identity = { changeId, jobId, pipelineId, table, owner: context.owner };
      await dropBackUps(old, request, identity, doors);
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    context.report.warning(`could not drop old back-ups of ${table}: ${reason}`);
  }
}

/** Drops what a change that has ended left beside its table, and says so in the journal. */
export async function dropBackUps(
  old: ChangeRecord,
  { table, backUpSchema }: Pick<BackfillRequest, "table" | "backUpSchema">,
  identity: ChangeIdentity,
  { tables, journal, warehouse }: WarehouseDoors,
): Promise<void> {
  await tables.dropBackUp(arrivedName(table, backUpSchema, old.changeId));
  for (const backUp of backUpsOf(old)) await tables.dropBackUp(backUp.table);
  await journal.append(identity, AFTER_THE_END, { step: "back-ups-dropped" }, warehouse);
}
