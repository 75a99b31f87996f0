import type { BackfillRequest } from "../../domain/backfill-plan.js";
import { tableText } from "../../domain/destination.js";
import type { LastChange } from "../../domain/job.js";
import {
  backUpsOf,
  type ChangeRecord,
  hasDeleted,
  isAfter,
  isFinished,
  lastEntry,
  oldNewestOf,
} from "../../domain/journal.js";

/** What is true now, of a change that ended or was left: rows, state, schedule, columns. One sentence each. */
export function nowText(record: ChangeRecord, request: BackfillRequest): string {
  return [rowsText(record, request), stateText(record), scheduleText(record), columnsText(record)]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

/** What a job keeps of a change in its outputs: no row data, and no time that changes by itself. */
export function summaryOf(record: ChangeRecord, outcome: LastChange["outcome"]): LastChange {
  const request = lastEntry(record, "started")?.request;
  const verified = lastEntry(record, "verified");
  return {
    changeId: record.changeId,
    columns: request?.change.kind === "columns" ? request.change.filled : [],
    window:
      request?.window?.kind === "after"
        ? `after ${request.window.bookmark}`
        : (request?.window?.kind ?? "none"),
    outcome,
    rowsBefore: lastEntry(record, "started")?.rowsBefore ?? 0,
    deleted: deletedRows(record),
    ...loadedRows(verified),
    putBack: verified?.putBack ?? 0,
    versionsPutBack: verified?.versions ?? 0,
    runIds: lastEntry(record, "run-ended")?.runs.map((run) => run.runId) ?? [],
    backUps: backUpsOf(record).map(({ table }) => tableText(table)),
    ...secondsOf(record),
  };
}

function loadedRows(verified: Verified | undefined): Partial<LastChange> {
  const { loaded, filled, newest, versionsLost } = verified ?? {};
  return {
    ...(loaded !== undefined && { loaded }),
    ...(filled !== undefined && { filled }),
    ...(newest !== undefined && { newest }),
    ...(versionsLost !== undefined && { versionsLost }),
  };
}

type Verified = NonNullable<ReturnType<typeof lastEntry<"verified">>>;

/** Steps that took a tenth of a second or more; one that was done several times, with all its attempts. */
function secondsOf({ entries }: ChangeRecord): Pick<LastChange, "seconds"> {
  const sums = new Map<string, number>();
  for (const { step, seconds = 0 } of entries) {
    if (seconds > 0) sums.set(step, Math.round(((sums.get(step) ?? 0) + seconds) * 10) / 10);
  }
  return sums.size === 0 ? {} : { seconds: Object.fromEntries(sums) };
}

/** A change that began again deleted more than once: what was there, then what a failed run brought. */
function deletedRows({ entries }: ChangeRecord): number {
  return entries.reduce((sum, entry) => {
    if (entry.step === "deleted") return sum + entry.rows;
    return entry.step === "replaced" ? sum + entry.deleted - entry.inserted : sum;
  }, 0);
}

function rowsText(record: ChangeRecord, request: BackfillRequest): string {
  const table = tableText(request.table);
  const touched = touchOf(record);
  if (touched === "restored") return `The rows of ${table} are back as they were.`;
  if (touched === "none") return `No row of ${table} was deleted.`;
  const backUps = backUpsOf(record)
    .map((backUp) => tableText(backUp.table))
    .join(", ");
  if (touched === "loaded beside")
    return `No row of ${table} was deleted; rows that a run brought may stand beside their old copies (back-up: ${backUps}).`;
  const which =
    request.window?.kind === "after" ? `The rows beyond ${request.window.bookmark}` : "All rows";
  return touched === "replaced"
    ? `${which} of ${table} are those that the run brought (back-up: ${backUps}).`
    : `${which} of ${table} were deleted to be loaded again (back-up: ${backUps}).`;
}

/** What was done to the rows last, as far as the journal knows. */
function touchOf(record: ChangeRecord) {
  const { entries } = record;
  const last = entries.findLast((entry) =>
    ["deleted", "replaced", "restored", "run-requested"].includes(entry.step),
  );
  if (last?.step === "restored") return "restored";
  if (last?.step === "replaced") return last.reach === "window" ? "replaced" : "deleted";
  if (hasDeleted(record)) return "deleted";
  const isBeside = lastEntry(record, "started")?.request.strategy === "delete-after";
  return isBeside && last?.step === "run-requested" ? "loaded beside" : "none";
}

function stateText(record: ChangeRecord): string {
  const oldNewest = oldNewestOf(record);
  if (lastEntry(record, "undoing")?.keepsNewRows === true)
    return "The state of the job is where the run left it.";
  if (isAfter(record, "restored", "state-reset")) {
    return oldNewest === undefined || lastEntry(record, "state-reset") === undefined
      ? ""
      : `The state of the job is set to ${oldNewest}, the newest cursor there was.`;
  }
  const reset = lastEntry(record, "state-reset");
  return reset === undefined
    ? ""
    : `The state of the job is ${reset.to === null ? "cleared" : `set to ${reset.to}`}.`;
}

function scheduleText(record: ChangeRecord): string {
  const held = lastEntry(record, "schedule-held");
  if (isFinished(record)) {
    if (held === undefined) return "";
    return lastEntry(record, "finished")?.isHeld === true
      ? `The schedule "${held.cron}" stays held until the changes of the pipeline's other jobs have ended.`
      : `The schedule "${held.cron}" is back.`;
  }
  const schedule = held === undefined ? "" : ` and the schedule "${held.cron}" stays held`;
  return `The change is unfinished${schedule}.`;
}

function columnsText(record: ChangeRecord): string {
  const added = lastEntry(record, "columns-added");
  if (added === undefined) return "";
  const names = added.columns.map((column) => `"${column}"`).join(", ");
  return `${names} ${added.columns.length === 1 ? "was" : "were"} added to the job, and Maestro cannot take a column out again.`;
}
