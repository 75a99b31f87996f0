import { type BackfillRequest, type BackfillStep, planSteps } from "./backfill-plan.js";
import { canonicalJson } from "./canonical-json.js";
import type { JobChange } from "./changes.js";
import { type TableName, tableText } from "./destination.js";
import type { Trouble } from "./errors.js";
import type { Backfill, LoadType } from "./job.js";
import { type ChangeRecord, isAfter, isReplaced, lastEntry, runsBefore } from "./journal.js";

/** What is seen of an unfinished change where it left its traces; it goes before what the journal says. */
export interface Live {
  /** Every run of the pipeline that Maestro lists. */
  readonly runIds: readonly string[];
  readonly isTableThere: boolean;
  /** Back-ups that the journal names and the warehouse does not show. */
  readonly lostBackUps: readonly TableName[];
}

/** What an unfinished change still needs. */
export type Recovery =
  | { readonly kind: "resume"; readonly at: BackfillStep["kind"] }
  | { readonly kind: "undo"; readonly reason: string }
  /** Neither is safe before somebody has put something right. */
  | { readonly kind: "person"; readonly trouble: Trouble };

/** What is asked of an unfinished change: what a program wants, or, without a program, its end as begun or its undoing. */
export type Wanted = readonly JobChange[] | "as-begun" | "undone";

/** Decides from the journal, from what is live, and from what the program wants now, whether a change goes on or is undone. */
export function decideRecovery(record: ChangeRecord, live: Live, wanted: Wanted): Recovery {
  const trouble = troubleOf(record, live);
  if (trouble !== undefined) return { kind: "person", trouble };
  const undoing = lastEntry(record, "undoing");
  if (undoing !== undefined) return { kind: "undo", reason: undoing.reason };
  if (wanted === "undone") return { kind: "undo", reason: "its undoing was asked for" };
  if (wanted !== "as-begun" && !wanted.some((change) => wantsTheSame(record, change))) {
    return { kind: "undo", reason: "the program no longer wants this change" };
  }
  if (live.lostBackUps.length > 0) {
    return { kind: "undo", reason: "its back-up is gone, and no row was touched yet" };
  }
  return { kind: "resume", at: resumeAt(record, live) };
}

/** True if the program still asks for the columns, the rows, the strategy and the load type that the change was begun for. */
export function wantsTheSame(record: ChangeRecord, wanted: JobChange): boolean {
  const begun = lastEntry(record, "started")?.request;
  if (begun === undefined) return false;
  if (begun.change.kind === "load-type") {
    return (
      wanted.kind === "load-type" &&
      wanted.from === begun.change.from &&
      wanted.to === begun.change.to
    );
  }
  if (wanted.kind !== "columns") return false;
  const sameColumns =
    canonicalJson([...begun.change.filled].sort()) ===
    canonicalJson([...wanted.backfill.columns].sort());
  return (
    sameColumns &&
    windowText(begun.window) === rowsText(wanted.backfill.rows) &&
    begun.strategy === strategyOf(wanted.backfill, begun.loadType)
  );
}

/** How rows are replaced: as asked for, or so that readers never miss one, where the load type leaves a choice. */
export function strategyOf(
  { strategy = "delete-after" }: Pick<Backfill, "strategy">,
  loadType: LoadType,
): BackfillRequest["strategy"] {
  return loadType === "incremental" ? strategy : "delete-first";
}

/**
 * Where a change goes on. Rows are never deleted nor a run started on the word of an old entry: unless the DELETE (where
 * one comes first) is known to be committed, the state set since, and no other run listed, a change begins again by
 * waiting for runs to end.
 */
export function resumeAt(record: ChangeRecord, { runIds }: Live): BackfillStep["kind"] {
  if (isAfter(record, "verified", "idle")) return "restore-schedule";
  if (!isReset(record)) return "wait-idle";
  const known = runsBefore(record);
  const others = runIds.filter((id) => !known.includes(id));
  if (!isAfter(record, "run-ended", "state-reset")) {
    return others.length === 0 || isAfter(record, "run-requested", "state-reset")
      ? "run"
      : "wait-idle";
  }
  const ended = lastEntry(record, "run-ended")?.runs ?? [];
  const isLoaded =
    ended.every((run) => run.kind === "succeeded") &&
    others.every((id) => ended.some((run) => run.runId === id));
  return isLoaded ? afterRun(record) : "wait-idle";
}

/** What comes after a run that ended well: `verify`, unless copies have to go before it. */
function afterRun(record: ChangeRecord): BackfillStep["kind"] {
  const request = lastEntry(record, "started")?.request;
  const isLeft =
    request &&
    planSteps(request).some(
      (step) => step.kind === "replace-rows" && !isReplaced(record, step.reach),
    );
  return isLeft === true ? "replace-rows" : "verify";
}

/** True if the state was set back in this attempt, and the rows deleted before it where that comes first. */
function isReset(record: ChangeRecord): boolean {
  const isFirst = lastEntry(record, "started")?.request.strategy !== "delete-after";
  if (!isFirst) return isAfter(record, "state-reset", "idle");
  return isAfter(record, "deleted-idle", "idle") && isAfter(record, "state-reset", "deleted-idle");
}

/** What neither going on nor undoing could do without. */
function troubleOf(record: ChangeRecord, { isTableThere, lostBackUps }: Live): Trouble | undefined {
  const request = lastEntry(record, "started")?.request;
  const isTouched = (["deleted", "resetting", "run-requested"] as const).some((step) =>
    lastEntry(record, step),
  );
  if (request?.window === undefined || !isTouched || isAfter(record, "verified", "idle"))
    return undefined;
  const table = tableText(request.table);
  if (!isTableThere) {
    return {
      code: "DESTINATION_UNKNOWN",
      happened: `Cannot go on with change ${record.changeId} of job ${request.jobId}: table ${table} is not there any more.`,
      now: UNTOUCHED,
      next: `Find out who renamed or dropped it, put it back (UNDROP TABLE, or ALTER TABLE … RENAME TO), then run \`pulumi up\` again. ${closing(record)}`,
    };
  }
  if (lostBackUps.length === 0) return undefined;
  const names = lostBackUps.map(tableText).join(", ");
  return {
    code: "BACK_UP_GONE",
    happened: `Cannot go on with change ${record.changeId} of job ${request.jobId}, nor undo it: its back-up ${names} is not there any more.`,
    now: `${UNTOUCHED} Rows of ${table} may be missing.`,
    next: `Put the back-up back (UNDROP TABLE, while Time Travel reaches), then run \`pulumi up\` again. ${closing(record)}`,
  };
}

/** The way out where what is missing cannot be put back. */
export function closing({ changeId }: ChangeRecord): string {
  return `Where that cannot be, \`dadosfera doctor --heal --close ${changeId}\` ends the change as it stands.`;
}

const UNTOUCHED = "Nothing was changed by this command; the change is unfinished.";

function windowText(
  window: { readonly kind: string; readonly bookmark?: string } | undefined,
): string {
  if (window === undefined) return "none";
  return window.kind === "all" ? "all" : plainBookmark(window.bookmark ?? "");
}

function rowsText(rows: "none" | "all" | { readonly after: string | number }): string {
  return typeof rows === "string" ? rows : plainBookmark(String(rows.after));
}

function plainBookmark(text: string): string {
  return text.replace("T", " ").replace(/Z$/, "").replace(/\.0+$/, "");
}
