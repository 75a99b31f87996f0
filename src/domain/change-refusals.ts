import { canonicalJson } from "./canonical-json.js";
import { addedColumns, removedColumns, sameColumns } from "./changes.js";
import type { Trouble } from "./errors.js";
import { type JobInputs, loadedColumns } from "./job.js";
import { quoted, refused, tableOf } from "./job-refusals.js";
import { columnsOf } from "./source-table.js";

/** What Maestro cannot do, or the program has not said, on the way from one description of a job to the next. */
export function refusalsOfChange(olds: JobInputs, news: JobInputs): readonly Trouble[] {
  return [
    ...fixedRefusals(olds, news),
    ...removalRefusals(olds, news),
    ...silenceRefusals(olds, news),
  ];
}

function fixedRefusals(olds: JobInputs, news: JobInputs): readonly Trouble[] {
  const fixed: readonly (readonly [string, unknown, unknown])[] = [
    ["jobId", olds.jobId, news.jobId],
    ["input.connector", olds.input.connector, news.input.connector],
    ["input.plugin", olds.input.plugin, news.input.plugin],
    ["input.tableSchema", olds.input.tableSchema, news.input.tableSchema],
    ["input.tableName", olds.input.tableName, news.input.tableName],
    ["input.authParameters", olds.input.authParameters, news.input.authParameters],
    ["input.networkConfig", olds.input.networkConfig ?? null, news.input.networkConfig ?? null],
    ["output", olds.output, news.output],
    ["transformations", olds.transformations ?? [], news.transformations ?? []],
    ...cursorIfKept(olds, news),
    ...keysIfKept(olds, news),
  ];
  return fixed
    .filter(([, one, other]) => canonicalJson(one) !== canonicalJson(other))
    .map(([field, one]) =>
      refused(
        olds,
        `\`${field}\` changed, and Maestro has no operation that changes it and keeps the job's state`,
        `Set \`${field}\` back to ${JSON.stringify(one)}, or make a new pipeline for the table.`,
      ),
    );
}

/** A cursor may be named when a job becomes incremental, and not be changed after. */
function cursorIfKept(
  olds: JobInputs,
  news: JobInputs,
): readonly (readonly [string, unknown, unknown])[] {
  if (olds.input.loadType === "full_load" || news.input.loadType === "full_load") return [];
  // A refresh that found the load type changed elsewhere knows no cursor to compare with.
  if (olds.input.incrementalColumnName === undefined) return [];
  return [
    [
      "input.incrementalColumnName",
      olds.input.incrementalColumnName,
      news.input.incrementalColumnName,
    ],
    [
      "input.incrementalColumnType",
      olds.input.incrementalColumnType,
      news.input.incrementalColumnType,
    ],
  ];
}

function keysIfKept(
  olds: JobInputs,
  news: JobInputs,
): readonly (readonly [string, unknown, unknown])[] {
  const both = [olds, news].every((job) => job.input.loadType === "incremental_with_qualify");
  return both ? [["primaryKeys", olds.primaryKeys, news.primaryKeys]] : [];
}

function removalRefusals(olds: JobInputs, news: JobInputs): readonly Trouble[] {
  if (loadedColumns(olds) === undefined && loadedColumns(news) !== undefined) {
    return [
      refused(
        olds,
        "it loads every column of its source, and Maestro cannot narrow it to a list",
        "Leave `columnIncludeList` out, or make a new pipeline with the list.",
      ),
    ];
  }
  if (loadedColumns(olds) !== undefined && loadedColumns(news) === undefined) {
    return [
      refused(
        olds,
        "`columnIncludeList` was taken out, and Maestro cannot widen a list to every column",
        "Put `columnIncludeList` back and list the columns to add.",
      ),
    ];
  }
  const removed = removedColumns(olds, news);
  if (removed.length === 0) return [];
  return [
    {
      code: "CHANGE_REFUSED",
      happened: `Will not take ${quoted(removed)} out of the job of table ${tableOf(olds)}: Maestro cannot remove a column from a job.`,
      now: `Nothing was changed; ${quoted(removed)} ${removed.length === 1 ? "is" : "are"} still loaded at every run.`,
      next: `Put ${removed.length === 1 ? "it" : "them"} back into \`columnIncludeList\`, or say that you know: \`retainedColumns: ${JSON.stringify(removed)}\`.`,
    },
  ];
}

function silenceRefusals(olds: JobInputs, news: JobInputs): readonly Trouble[] {
  const added = addedColumns(olds, news);
  const example = `\`backfill: { columns: ${JSON.stringify(added)}, rows: "none" | "all" | { after: … } }\``;
  const known = news.sourceColumns && columnsOf(news.sourceColumns).map(({ name }) => name);
  const unknown = known && added.filter((column) => !known.includes(column));
  if (unknown !== undefined && unknown.length > 0) {
    return [
      refused(
        news,
        `its source has no column ${quoted(unknown)}, and a run would fail for it`,
        "Add the column to the source first, or correct its name: it cannot be taken out of the job later.",
      ),
    ];
  }
  if (added.length === 0) return triggerRefusals(olds, news);
  if (news.backfill === undefined) {
    return [
      refused(
        news,
        `${quoted(added)} ${added.length === 1 ? "is" : "are"} new, and nothing says what happens to the rows already loaded`,
        `Add ${example}.`,
      ),
    ];
  }
  if (sameColumns(news.backfill.columns, added)) return [];
  return [
    refused(
      news,
      `its \`backfill\` is for ${quoted(news.backfill.columns)}, but the columns being added are ${quoted(added)}`,
      `Make it ${example}.`,
    ),
  ];
}

function triggerRefusals(olds: JobInputs, news: JobInputs): readonly Trouble[] {
  if (
    canonicalJson(olds.triggers ?? []) === canonicalJson(news.triggers ?? []) ||
    news.backfill !== undefined
  )
    return [];
  return [
    refused(
      news,
      "`triggers` changed, which repeats the backfill, and there is none",
      "Add the `backfill` to repeat, or set `triggers` back.",
    ),
  ];
}
