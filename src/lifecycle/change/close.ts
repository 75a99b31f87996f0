import { DadosferaError } from "../../domain/errors.js";
import { type ChangeRecord, lastEntry } from "../../domain/journal.js";
import type { Context } from "../context.js";
import { takeUp } from "./backfill.js";
import type { Change } from "./change.js";
import { nowText } from "./change-text.js";
import { expectIntact, isLoss, mayHaveTouchedRows } from "./intact.js";

/**
 * Ends a change that can be neither finished nor undone, since its table or a back-up is gone for good: rows and state
 * stay as they are, the schedule comes back, and the job can be changed again. Whoever asks for it has looked at the rows.
 * @throws `CHANGE_NOT_LOST` if nothing is missing: what can be finished or undone must not be given up.
 */
export async function closeLost(found: ChangeRecord, context: Context): Promise<void> {
  const change = await takeUp(found, lastEntry(found, "started")?.policy ?? {}, context);
  if (change === undefined) return;
  try {
    await change.session.quiet(context);
    if (!(await isLost(change))) throw notLost(change);
    await change.session.leave(change, "closed");
  } catch (error) {
    await change.session.abandon(change);
    throw error;
  }
  context.report.warning(
    `closed change ${found.changeId} as it stands: ${nowText(change.record, change.request)}`,
  );
}

/** True if rows may have been touched, and what would put them right is gone. */
async function isLost(change: Change): Promise<boolean> {
  if (!mayHaveTouchedRows(change)) return false;
  try {
    await expectIntact(change, change.doors.tables);
    return false;
  } catch (error) {
    if (isLoss(error)) return true;
    throw error;
  }
}

function notLost({ record, request }: Change): DadosferaError {
  return new DadosferaError({
    code: "CHANGE_NOT_LOST",
    happened: `Did not close change ${record.changeId} of job ${request.jobId}: its table and its back-ups are there.`,
    now: nowText(record, request),
    next: "Run `dadosfera doctor --heal` to finish it, or with `--undo` to undo it.",
  });
}
