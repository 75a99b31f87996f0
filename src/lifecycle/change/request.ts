import type { BackfillRequest } from "../../domain/backfill-plan.js";
import { parseBookmark } from "../../domain/bookmark.js";
import type { JobChange } from "../../domain/changes.js";
import { type Cursor, tableText, type Window } from "../../domain/destination.js";
import { DadosferaError } from "../../domain/errors.js";
import { type JobInputs, loadType } from "../../domain/job.js";
import { splitJobId } from "../../domain/job-id.js";
import { strategyOf } from "../../domain/recovery.js";
import type { JobRecord } from "../../maestro/records.js";
import { columnNamed, cursorNamed, type DestinationTable } from "../../warehouse/destination.js";
import type { WarehouseDoors } from "../context.js";

/** Changes that touch rows. */
export type RowsChange = Extract<JobChange, { kind: "columns" | "load-type" }>;

/** What a change starts from and what it is to reach, in the destination's own spelling. */
export function requestOf(
  change: RowsChange,
  job: JobInputs,
  live: JobRecord,
  source: DestinationTable,
  { warehouse }: WarehouseDoors,
): BackfillRequest {
  const primaryKeys = job.primaryKeys ?? live.primaryKeys ?? [];
  const keys = primaryKeys.map((key) => columnNamed(source, key));
  if (keys.includes(undefined))
    throw unknownColumn(`primary key ${primaryKeys.join(", ")}`, source);
  const wanted = change.kind === "load-type" ? change.to : job.input.loadType;
  const cursor = cursorOf(change, job, live, source);
  const deduplicated = job.output.qualify;
  const loadsAs =
    change.kind === "columns" ? (live.loadType as BackfillRequest["loadType"]) : wanted;
  return {
    jobId: job.jobId,
    pipelineId: splitJobId(job.jobId).pipelineId,
    change: changeOf(change, job, live),
    loadType: loadsAs,
    strategy: change.kind === "columns" ? strategyOf(change.backfill, loadsAs) : "delete-first",
    table: source.table,
    window: windowOf(change, job, live, cursor),
    identity: {
      keys: keys.filter((key) => key !== undefined),
      ...(cursor !== undefined && { cursor }),
    },
    primaryKeys,
    ...(wanted === "incremental_with_qualify" && {
      deduplicated: {
        database: warehouse.settings.database,
        schema: deduplicated?.tableSchema ?? "STAGED",
        name: deduplicated?.tableName ?? source.table.name,
      },
    }),
    keepVersions: job.keepVersions ?? false,
    missingPercent: job.limits?.missingPercent ?? 1,
    backUpSchema: job.backUp?.schema ?? source.table.schema,
  };
}

/** On the way to `full_load` a program need not name a cursor any more; the way back does. */
function changeOf(
  change: RowsChange,
  { input }: JobInputs,
  live: JobRecord,
): BackfillRequest["change"] {
  if (change.kind === "columns") {
    return { kind: "columns", added: change.added, filled: change.backfill.columns };
  }
  const { incrementalColumnName, incrementalColumnType } = { ...live, ...input };
  const known = loadType.safeParse(live.loadType);
  return {
    kind: "load-type",
    from: change.from,
    to: change.to,
    ...(known.success && known.data !== change.from && { live: known.data }),
    ...(incrementalColumnName !== undefined && { incrementalColumnName }),
    ...(incrementalColumnType !== undefined && { incrementalColumnType }),
  };
}

function cursorOf(
  change: RowsChange,
  { input }: JobInputs,
  live: JobRecord,
  source: DestinationTable,
): Cursor | undefined {
  const name = input.incrementalColumnName ?? live.incrementalColumnName;
  if (name === undefined) return undefined;
  const cursor = cursorNamed(source, name);
  const isFull =
    input.loadType === "full_load" || (change.kind === "load-type" && change.from === "full_load");
  if (cursor === undefined && !isFull) {
    throw unknownColumn(`cursor "${name}" (a timestamp, a date or a number)`, source);
  }
  return cursor;
}

function windowOf(
  change: RowsChange,
  { input }: JobInputs,
  live: JobRecord,
  cursor: Cursor | undefined,
): Window | undefined {
  if (change.kind === "load-type") {
    const types: readonly string[] = [change.from, change.to, live.loadType];
    return types.includes("full_load") ? { kind: "all" } : undefined;
  }
  const { rows } = change.backfill;
  if (rows === "none") return undefined;
  // A job that loads everything at each run replaces every row, whatever the program makes of it next.
  if (rows === "all" || cursor === undefined || live.loadType === "full_load")
    return { kind: "all" };
  const bookmark = parseBookmark(rows.after, kindOf(cursor));
  if (bookmark.kind === "bookmark") return { kind: "after", cursor, bookmark: bookmark.text };
  throw new DadosferaError({
    code: "INPUT_INVALID",
    happened: `Cannot use the bookmark ${JSON.stringify(rows.after)} of table ${input.tableSchema}.${input.tableName}: it ${bookmark.problem}.`,
    now: "Nothing was changed.",
    next: "Give `backfill.rows.after` as a value that the cursor could hold.",
  });
}

/** What a bookmark of this cursor has to look like. */
export function kindOf({ type }: Cursor): "timestamp" | "date" | "number" {
  if (type === "DATE") return "date";
  return type === "NUMBER" ? "number" : "timestamp";
}

function unknownColumn(what: string, source: DestinationTable): DadosferaError {
  return new DadosferaError({
    code: "DESTINATION_UNKNOWN",
    happened: `Table ${tableText(source.table)} has no column for the ${what}; it has ${source.columns.map(({ name, type }) => `${name} ${type}`).join(", ")}.`,
    now: "Nothing was changed.",
    next: "Correct the name in the program, or check that this is the job's destination.",
  });
}
