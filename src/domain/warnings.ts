import type { BackfillRequest } from "./backfill-plan.js";
import { isGapless } from "./destination.js";
import { deletesRows, newestText, type Seen, type WindowCounts } from "./preflight.js";

/** What a reviewer should know of a change although it stops nothing; one sentence or two each. */
export function warningsOf(request: BackfillRequest, { counts }: Seen): readonly string[] {
  const ofColumns = columnWarnings(request);
  if (counts === undefined) return ofColumns;
  if (request.isEmpty === true) return [...ofColumns, emptyWarning(request, counts)];
  return [...ofColumns, ...rowWarnings(request, counts), ...checkWarnings(request)];
}

function columnWarnings({ change }: BackfillRequest): readonly string[] {
  return change.kind === "columns" && change.added.length > 0
    ? ["An added column cannot be taken out of a job again: Maestro has no operation for it."]
    : [];
}

function rowWarnings(request: BackfillRequest, counts: WindowCounts): readonly string[] {
  return [
    ...(request.strategy === "delete-after" ? [TWICE_MEANWHILE] : []),
    ...edgeWarnings(request, counts),
    ...versionWarnings(request, counts),
  ];
}

function edgeWarnings(
  { window }: BackfillRequest,
  { atBookmark, nullCursor }: WindowCounts,
): readonly string[] {
  const warnings: string[] = [];
  if (isGapless(window) && atBookmark > 0) {
    warnings.push(
      `${atBookmark === 1 ? "1 row carries" : `${atBookmark} rows carry`} the bookmark itself: old copies go only for those that the run brings again.`,
    );
  }
  if (window?.kind === "after" && nullCursor > 0) {
    warnings.push(
      nullCursor === 1
        ? "1 row has no cursor value: it stays as it is, without the new column."
        : `${nullCursor} rows have no cursor value: they stay as they are, without the new column.`,
    );
  }
  return warnings;
}

function versionWarnings(
  request: BackfillRequest,
  { superseded }: WindowCounts,
): readonly string[] {
  return superseded > 0 && deletesRows(request) && !request.keepVersions
    ? [
        `${superseded} superseded versions will not return, since the source holds only the newest of each key; \`keepVersions: true\` puts them back.`,
      ]
    : [];
}

const TWICE_MEANWHILE =
  'While the run lasts, readers may see rows of the window twice, and never miss one; with `strategy: "delete-first"` they miss them instead.';

function checkWarnings({ identity, window }: BackfillRequest): readonly string[] {
  return identity.keys.length === 0 && window !== undefined
    ? [
        "No `primaryKeys`: the check afterwards compares counts and whole rows, and cannot tell an updated row from a lost one.",
      ]
    : [];
}

/** A bookmark beyond every row would skip what arrives up to it, if the state were set there. */
function emptyWarning({ window }: BackfillRequest, counts: WindowCounts): string {
  const bookmark = window?.kind === "after" ? window.bookmark : "";
  return `No row lies beyond ${bookmark}: ${newestText(counts)}. A time-zone slip is the usual cause. Nothing is deleted and the state stays where it is; rows already loaded keep null, and the next ones come with the column.`;
}
