import { type BackfillRequest, isFromFullLoad, movesRows } from "./backfill-plan.js";
import { isGapless, tableText } from "./destination.js";
import type { Trouble } from "./errors.js";

/** What stands in the way of a change, or should be known before it: all of it read, nothing touched. */
export interface Seen {
  readonly pipelineName: string;
  readonly isPaused: boolean;
  /** What the table holds; undefined where the change moves no rows. */
  readonly counts?: WindowCounts;
  /** Privileges that the role lacks, each as one would grant it. */
  readonly missingPrivileges: readonly string[];
  /** The nearest lower bookmark with a free second on both sides, where the given one is taken. */
  readonly freeBookmark?: string;
}

/** What a window of a table holds. Cursor values are text: `YYYY-MM-DD HH:MM:SS[.fraction]` in UTC, a date, or digits. */
export interface WindowCounts {
  readonly total: number;
  readonly inWindow: number;
  /** Rows with a null cursor, which `{ after }` never touches. */
  readonly nullCursor: number;
  /** Rows whose cursor is the bookmark itself. */
  readonly atBookmark: number;
  /** Rows of the window beyond the newest of each key; 0 without keys. */
  readonly superseded: number;
  readonly oldestInWindow?: string;
  readonly newest?: string;
}

/** What the user allows a change to delete. */
export interface Budget {
  readonly deletedRows: number;
  readonly deletedPercent: number;
}

/** Why the change is refused, whatever is wrong first; undefined if it may begin. */
export function refusalOf(
  request: BackfillRequest,
  seen: Seen,
  budget: Budget,
): Trouble | undefined {
  return (
    privilegeRefusal(request, seen) ??
    pausedRefusal(request, seen) ??
    bookmarkRefusal(request, seen) ??
    (seen.counts && budgetRefusal(request, seen.counts, budget))
  );
}

/** Whether the rows that would be deleted are within the budget. Checked once more when the back-up is taken. */
export function budgetRefusal(
  request: BackfillRequest,
  { total, inWindow }: Pick<WindowCounts, "total" | "inWindow">,
  budget: Budget,
): Trouble | undefined {
  if (!deletesRows(request)) return undefined;
  const percent = percentOf(inWindow, total);
  const table = tableText(request.table);
  // Compared by rows: the percentage is rounded for people.
  const isTooMuch =
    request.window?.kind === "after" && inWindow * 100 > budget.deletedPercent * total;
  if (inWindow <= budget.deletedRows && !isTooMuch) return undefined;
  const limit = isTooMuch
    ? `\`limits.deletedPercent\` allows ${budget.deletedPercent} %`
    : `\`limits.deletedRows\` allows ${budget.deletedRows}`;
  return {
    code: "BUDGET_EXCEEDED",
    happened: `Will not delete ${inWindow} of ${total} rows (${percent} %) from ${table}: ${limit}.`,
    now: "Nothing was deleted.",
    next: "Choose a later bookmark, or raise the limit in the program if so many rows are meant to be loaded again.",
  };
}

/** True if the change itself deletes rows; a `full_load` run replaces them by itself. */
export function deletesRows(request: BackfillRequest): boolean {
  const { change, loadType } = request;
  if (!movesRows(request)) return false;
  return change.kind === "load-type" ? isFromFullLoad(change) : loadType !== "full_load";
}

/** Percent with one decimal. */
export function percentOf(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 1000) / 10;
}

function privilegeRefusal(
  request: BackfillRequest,
  { missingPrivileges }: Seen,
): Trouble | undefined {
  if (missingPrivileges.length === 0) return undefined;
  return {
    code: "WAREHOUSE_PRIVILEGE_MISSING",
    happened: `Cannot change the rows of ${tableText(request.table)}: the role lacks ${missingPrivileges.join(", ")}.`,
    now: "Nothing was changed, on Maestro or in the warehouse.",
    next: `Grant ${missingPrivileges.length === 1 ? "it" : "them"} to the role in SNOWFLAKE_ROLE and run \`pulumi up\` again.`,
  };
}

function pausedRefusal(
  request: BackfillRequest,
  { isPaused, pipelineName }: Seen,
): Trouble | undefined {
  if (!isPaused) return undefined;
  return {
    code: "PIPELINE_PAUSED",
    happened: `Will not change job ${request.jobId}: its pipeline "${pipelineName}" is paused, and a paused pipeline cannot be run.`,
    now: "Nothing was changed.",
    next: "Unpause the pipeline (`paused: false`), then run `pulumi up` again.",
  };
}

/** A bookmark that rows carry may have been free before: checked once more when the back-up is taken. */
export function bookmarkRefusal(
  request: BackfillRequest,
  { counts, freeBookmark }: Pick<Seen, "counts" | "freeBookmark">,
): Trouble | undefined {
  const { window } = request;
  if (window?.kind !== "after" || counts === undefined) return undefined;
  const table = tableText(request.table);
  if (counts.atBookmark > 0 && !isGapless(window)) {
    return {
      code: "BOOKMARK_TAKEN",
      happened: `Will not use ${window.bookmark} as the bookmark of ${table}: ${counts.atBookmark === 1 ? "a row carries" : `${counts.atBookmark} rows carry`} it, and nobody can say on which side of it Maestro would begin.`,
      now: "Nothing was changed.",
      next:
        freeBookmark === undefined
          ? 'Choose a value of `backfill.rows.after` that no row carries, or `rows: "all"`.'
          : `Use the nearest lower value that is free: \`after: "${freeBookmark}"\`.`,
    };
  }
  if (counts.inWindow > 0 || request.isEmpty === true) return undefined;
  return {
    code: "BOOKMARK_BEYOND_ROWS",
    happened: `Will not use ${window.bookmark} as the bookmark of ${table}: no row lies beyond it any more; ${newestText(counts)}.`,
    now: "No row was deleted. Setting the state there would skip every row that arrives up to that time.",
    next: "Run `pulumi up` again: it plans anew from what stands in the table.",
  };
}

/** Where the table stands, for a bookmark that lies beyond it. */
export function newestText({ newest }: WindowCounts): string {
  return newest === undefined
    ? "the table holds no cursor value"
    : `the newest cursor in the table is ${newest} (UTC)`;
}
