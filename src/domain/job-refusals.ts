import { cursorKindOf, parseBookmark } from "./bookmark.js";
import type { Trouble } from "./errors.js";
import { type JobCreation, type JobInputs, loadedColumns } from "./job.js";

type Described = JobCreation &
  Partial<Pick<JobInputs, "backfill" | "retainedColumns" | "sourceColumns" | "triggers">>;

/** What a job's own description gets wrong, whatever was there before. */
export function refusalsOfJob(job: Described): readonly Trouble[] {
  return [...cursorRefusals(job), ...columnRefusals(job), ...backfillRefusals(job)];
}

/** A table as a person would name it. */
export function tableOf(job: JobCreation): string {
  return `${job.input.tableSchema}.${job.input.tableName}`;
}

/** A refusal in three lines: nothing was tried. */
export function refused(job: JobCreation, why: string, next: string): Trouble {
  return {
    code: "CHANGE_REFUSED",
    happened: `Will not apply the job of table ${tableOf(job)}: ${why}.`,
    now: "Nothing was changed.",
    next,
  };
}

function cursorRefusals(job: Described): readonly Trouble[] {
  const { loadType, incrementalColumnName, incrementalColumnType } = job.input;
  const found: Trouble[] = [];
  if (loadType === "full_load") return found;
  if (incrementalColumnName === undefined || incrementalColumnType === undefined) {
    found.push(
      refused(
        job,
        `\`${loadType}\` needs a cursor, and \`incrementalColumnName\` or \`incrementalColumnType\` is missing`,
        "Name the column that grows with each insert and update, and its type at the source.",
      ),
    );
  }
  const listed = loadedColumns(job);
  if (
    incrementalColumnName !== undefined &&
    listed !== undefined &&
    !listed.includes(incrementalColumnName)
  ) {
    found.push(
      refused(
        job,
        `its cursor "${incrementalColumnName}" is not among the columns it loads`,
        `Add "${incrementalColumnName}" to \`columnIncludeList\`.`,
      ),
    );
  }
  if (loadType === "incremental_with_qualify" && job.primaryKeys === undefined) {
    found.push(
      refused(
        job,
        "`incremental_with_qualify` keeps one row per key, and `primaryKeys` is missing",
        "Name the columns of the source table's primary key in `primaryKeys`.",
      ),
    );
  }
  return found;
}

function columnRefusals(job: Described): readonly Trouble[] {
  const found: Trouble[] = [];
  const listed = job.input.columnIncludeList;
  if (listed !== undefined && listed !== null && listed.length === 0) {
    found.push(
      refused(
        job,
        "`columnIncludeList` is empty",
        "List the columns to load, or leave `columnIncludeList` out to load them all.",
      ),
    );
  }
  const twice = repeated([...(listed ?? []), ...(job.retainedColumns ?? [])]);
  if (twice.length > 0) {
    found.push(
      refused(
        job,
        `${quoted(twice)} ${twice.length === 1 ? "is" : "are"} listed more than once`,
        "List each column once.",
      ),
    );
  }
  const keys = listed && job.primaryKeys?.filter((key) => !loadedColumns(job)?.includes(key));
  if (keys !== undefined && keys !== null && keys.length > 0) {
    found.push(
      refused(
        job,
        `the primary key ${quoted(keys)} is not among the columns it loads`,
        `Add ${quoted(keys)} to \`columnIncludeList\`.`,
      ),
    );
  }
  return found;
}

function backfillRefusals(job: Described): readonly Trouble[] {
  return [...strategyRefusals(job), ...bookmarkRefusals(job)];
}

function strategyRefusals(job: Described): readonly Trouble[] {
  if (job.backfill?.strategy !== "delete-after" || job.input.loadType === "incremental") return [];
  return [
    refused(
      job,
      `the strategy "delete-after" is for \`incremental\` jobs, and its load type is \`${job.input.loadType}\``,
      "Leave `backfill.strategy` out.",
    ),
  ];
}

function bookmarkRefusals(job: Described): readonly Trouble[] {
  const rows = job.backfill?.rows;
  if (typeof rows !== "object") return [];
  const { loadType, plugin, incrementalColumnType } = job.input;
  if (loadType === "full_load") {
    return [
      refused(
        job,
        "`full_load` knows no `{ after }`: each of its runs loads every row",
        'Say `rows: "all"`.',
      ),
    ];
  }
  const kind = cursorKindOf(plugin, incrementalColumnType ?? "");
  const bookmark = kind && parseBookmark(rows.after, kind);
  if (bookmark?.kind !== "problem") return [];
  return [
    refused(
      job,
      `the bookmark ${JSON.stringify(rows.after)} ${bookmark.problem}`,
      "Give `backfill.rows.after` as a value that the cursor could hold.",
    ),
  ];
}

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

/** Names as a sentence lists them. */
export function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}
