import type { BackfillRequest } from "../domain/backfill-plan.js";
import { freeSecondBelow, parseBookmark, secondsOf, timestampOf } from "../domain/bookmark.js";
import type { JobChange } from "../domain/changes.js";
import { type Cursor, tableText, type Window } from "../domain/destination.js";
import { DadosferaError } from "../domain/errors.js";
import type { JobInputs } from "../domain/job.js";
import { splitJobId } from "../domain/job-id.js";
import { type Budget, refusalOf, type Seen } from "../domain/preflight.js";
import type { JobRecord, PipelineRecord } from "../maestro/records.js";
import {
  columnNamed,
  countWindow,
  cursorNamed,
  type DestinationTable,
  findTable,
  occupiedSeconds,
} from "../warehouse/destination.js";
import { type Context, requireWarehouse, type WarehouseDoors } from "./context.js";
import { missingPrivileges } from "./privileges.js";

/** Changes that touch rows. */
export type RowsChange = Extract<JobChange, { kind: "columns" | "load-type" }>;

/** Everything that was read before a change begins; nothing was touched. */
export interface Prepared {
  readonly request: BackfillRequest;
  readonly seen: Seen;
  readonly source: DestinationTable;
  readonly pipeline: PipelineRecord;
}

/** Step 0 of a change: reads what is live, and refuses whatever can be refused before anything is touched. */
export async function prepareBackfill(
  change: RowsChange,
  job: JobInputs,
  context: Context,
): Promise<Prepared> {
  const { pipelineId } = splitJobId(job.jobId);
  const [live, pipeline] = await Promise.all([
    findJob(job, context),
    context.doors.maestro.findPipeline(pipelineId),
  ]);
  if (pipeline === undefined) throw gone(job);
  const doors = requireWarehouse(
    context.doors,
    `load rows of table ${job.input.tableSchema}.${job.input.tableName} again`,
  );
  const source = await findDestination(live, job, doors);
  const request = requestOf(change, job, live, source, doors);
  const seen = await see(request, source, pipeline, doors);
  const refusal = refusalOf(request, seen, budgetOf(job));
  if (refusal !== undefined) throw new DadosferaError(refusal);
  return { request, seen, source, pipeline };
}

/** The live job, if columns can be added to it. */
export async function findJob(job: JobInputs, { doors }: Context): Promise<JobRecord> {
  const live = await doors.maestro.findJob(job.jobId);
  if (live === undefined) throw gone(job);
  if (live.columnIncludeList === null && (job.input.columnIncludeList ?? null) !== null) {
    throw new DadosferaError({
      code: "CHANGE_REFUSED",
      happened: `Will not add columns to job ${job.jobId}: at Maestro it loads every column, and a list sent now could narrow it to that list.`,
      now: "Nothing was changed.",
      next: "Take `columnIncludeList` out of the program: the job loads new columns of its source by itself.",
    });
  }
  return live;
}

/** The budget of a change, with its defaults. */
export function budgetOf({ limits }: JobInputs): Budget {
  return {
    deletedRows: limits?.deletedRows ?? 1_000_000,
    deletedPercent: limits?.deletedPercent ?? 50,
  };
}

async function findDestination(
  live: JobRecord,
  job: JobInputs,
  { warehouse }: WarehouseDoors,
): Promise<DestinationTable> {
  const schema = job.output.raw?.tableSchema ?? "PUBLIC";
  const { database } = warehouse.settings;
  const table = await findTable(warehouse, database, schema, live.destinationTable);
  if (table !== undefined) return table;
  throw new DadosferaError({
    code: "DESTINATION_UNKNOWN",
    happened: `Found no table ${schema}.${live.destinationTable} in database ${database}, where job ${job.jobId} loads its rows.`,
    now: "Nothing was changed.",
    next: 'If the job never ran, say `rows: "none"`. Otherwise check SNOWFLAKE_DATABASE and that the role in SNOWFLAKE_ROLE may see the table.',
  });
}

function requestOf(
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
  const loadType = change.kind === "load-type" ? change.to : job.input.loadType;
  const cursor = cursorOf(change, job, live, source);
  const deduplicated = job.output.qualify;
  return {
    jobId: job.jobId,
    pipelineId: splitJobId(job.jobId).pipelineId,
    change: changeOf(change, job, live),
    loadType: change.kind === "columns" ? (live.loadType as BackfillRequest["loadType"]) : loadType,
    table: source.table,
    window: live.loadType === "full_load" ? { kind: "all" } : windowOf(change, job, cursor),
    identity: {
      keys: keys.filter((key) => key !== undefined),
      ...(cursor !== undefined && { cursor }),
    },
    primaryKeys,
    ...(loadType === "incremental_with_qualify" && {
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
  return {
    kind: "load-type",
    from: change.from,
    to: change.to,
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
  cursor: Cursor | undefined,
): Window | undefined {
  if (change.kind === "load-type") {
    return change.from === "full_load" || change.to === "full_load" ? { kind: "all" } : undefined;
  }
  const { rows } = change.backfill;
  if (rows === "none") return undefined;
  if (rows === "all" || cursor === undefined) return { kind: "all" };
  const bookmark = parseBookmark(rows.after, kindOf(cursor));
  if (bookmark.kind === "bookmark") return { kind: "after", cursor, bookmark: bookmark.text };
  throw new DadosferaError({
    code: "INPUT_INVALID",
    happened: `Cannot use the bookmark ${JSON.stringify(rows.after)} of table ${input.tableSchema}.${input.tableName}: it ${bookmark.problem}.`,
    now: "Nothing was changed.",
    next: "Give `backfill.rows.after` as a value that the cursor could hold.",
  });
}

function kindOf({ type }: Cursor): "timestamp" | "date" | "number" {
  if (type === "DATE") return "date";
  return type === "NUMBER" ? "number" : "timestamp";
}

async function see(
  request: BackfillRequest,
  source: DestinationTable,
  pipeline: PipelineRecord,
  doors: WarehouseDoors,
): Promise<Seen> {
  const { table, window, identity } = request;
  const lacking = await missingPrivileges(request, source, doors);
  const base = {
    pipelineName: pipeline.name,
    isPaused: pipeline.status === "paused",
    missingPrivileges: lacking,
  };
  if (window === undefined || lacking.length > 0) return base;
  const counts = await countWindow(doors.warehouse, table, window, identity);
  if (counts.atBookmark === 0 || window.kind !== "after" || kindOf(window.cursor) !== "timestamp")
    return { ...base, counts };
  const occupied = await occupiedSeconds(doors.warehouse, table, window);
  return {
    ...base,
    counts,
    freeBookmark: timestampOf(freeSecondBelow(secondsOf(window.bookmark), occupied)),
  };
}

function gone(job: JobInputs): DadosferaError {
  return new DadosferaError({
    code: "JOB_NOT_FOUND",
    happened: `Found no job ${job.jobId} (table ${job.input.tableSchema}.${job.input.tableName}) at Maestro.`,
    now: "Nothing was changed.",
    next: "If the pipeline was deleted elsewhere, run `pulumi refresh`: it leaves the state, and the next `pulumi up` makes it anew.",
  });
}

function unknownColumn(what: string, source: DestinationTable): DadosferaError {
  return new DadosferaError({
    code: "DESTINATION_UNKNOWN",
    happened: `Table ${tableText(source.table)} has no column for the ${what}; it has ${source.columns.map(({ name, type }) => `${name} ${type}`).join(", ")}.`,
    now: "Nothing was changed.",
    next: "Correct the name in the program, or check that this is the job's destination.",
  });
}
