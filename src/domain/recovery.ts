import type { BackfillStep } from "./backfill-plan.js";
import { canonicalJson } from "./canonical-json.js";
import type { JobChange } from "./changes.js";
import { type ChangeRecord, isAfter, lastEntry } from "./journal.js";

/** What an unfinished change still needs. */
export type Recovery =
  | { readonly kind: "resume"; readonly at: BackfillStep["kind"] }
  | { readonly kind: "undo"; readonly reason: string };

/** What is asked of an unfinished change: what a program wants, or, without a program, its end as begun or its undoing. */
export type Wanted = readonly JobChange[] | "as-begun" | "undone";

/** Decides from the journal, and from what the program wants now, whether a change goes on or is undone. */
export function decideRecovery(record: ChangeRecord, wanted: Wanted): Recovery {
  const undoing = lastEntry(record, "undoing");
  if (undoing !== undefined) return { kind: "undo", reason: undoing.reason };
  if (wanted === "undone") return { kind: "undo", reason: "its undoing was asked for" };
  if (wanted !== "as-begun" && !wanted.some((change) => wantsTheSame(record, change))) {
    return { kind: "undo", reason: "the program no longer wants this change" };
  }
  return { kind: "resume", at: resumeAt(record) };
}

/** True if the program still asks for the columns, the rows and the load type that the change was begun for. */
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
  return sameColumns && windowText(begun.window) === rowsText(wanted.backfill.rows);
}

/**
 * Where a change goes on. Rows are never deleted nor a run started on the word of an old entry: unless the DELETE is
 * known to be committed and the state set since, a change begins again by waiting for runs to end.
 */
export function resumeAt(record: ChangeRecord): BackfillStep["kind"] {
  if (isAfter(record, "verified", "idle")) return "restore-schedule";
  const isReset =
    isAfter(record, "deleted-idle", "idle") && isAfter(record, "state-reset", "deleted-idle");
  return isReset && !isAfter(record, "run-ended", "state-reset") ? "run" : "wait-idle";
}

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
