import type { BackfillRequest } from "../../domain/backfill-plan.js";
import { freeSecondBelow, secondsOf, timestampOf } from "../../domain/bookmark.js";
import { DadosferaError } from "../../domain/errors.js";
import type { JobInputs } from "../../domain/job.js";
import { splitJobId } from "../../domain/job-id.js";
import type { ChangePolicy } from "../../domain/journal.js";
import { type Budget, refusalOf, type Seen } from "../../domain/preflight.js";
import type { JobRecord, PipelineRecord } from "../../maestro/records.js";
import { type DestinationTable, SECONDS_LOOKED_AT } from "../../warehouse/destination.js";
import { type Context, requireWarehouse, type WarehouseDoors } from "../context.js";
import { missingPrivileges } from "./privileges.js";
import { kindOf, type RowsChange, requestOf } from "./request.js";

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
  refuseWithoutCursor(live, job);
  const doors = requireWarehouse(
    context.doors,
    `load rows of table ${job.input.tableSchema}.${job.input.tableName} again`,
  );
  const source = await findDestination(live, job, doors);
  const asked = requestOf(change, job, live, source, doors);
  const seen = await see(asked, source, pipeline, doors);
  const isEmpty = asked.window?.kind === "after" && seen.counts?.inWindow === 0;
  const request = isEmpty ? { ...asked, isEmpty } : asked;
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

/** A cursor that the live job does not load would leave every run without a bookmark. */
function refuseWithoutCursor(live: JobRecord, { jobId, input }: JobInputs): void {
  const cursor = input.incrementalColumnName;
  const isLoaded = cursor === undefined || live.columnIncludeList?.includes(cursor) !== false;
  if (isLoaded || input.loadType === "full_load") return;
  throw new DadosferaError({
    code: "CHANGE_REFUSED",
    happened: `Will not change job ${jobId}: at Maestro it does not load its cursor "${cursor}".`,
    now: "Nothing was changed.",
    next: `Add "${cursor}" with \`rows: "none"\` first, then make this change.`,
  });
}

/** The budget of a change, with its defaults. */
export function budgetOf({ limits }: ChangePolicy): Budget {
  return {
    deletedRows: limits?.deletedRows ?? 1_000_000,
    deletedPercent: limits?.deletedPercent ?? 50,
  };
}

async function findDestination(
  live: JobRecord,
  job: JobInputs,
  { warehouse, tables }: WarehouseDoors,
): Promise<DestinationTable> {
  const schema = job.output.raw?.tableSchema ?? "PUBLIC";
  const { database } = warehouse.settings;
  const table = await tables.find(database, schema, live.destinationTable);
  if (table !== undefined) return table;
  throw new DadosferaError({
    code: "DESTINATION_UNKNOWN",
    happened: `Found no table ${schema}.${live.destinationTable} in database ${database}, where job ${job.jobId} loads its rows.`,
    now: "Nothing was changed.",
    next: 'If the job never ran, say `rows: "none"`. Otherwise check SNOWFLAKE_DATABASE and that the role in SNOWFLAKE_ROLE may see the table.',
  });
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
  const counts = await doors.tables.countWindow(table, window, identity);
  if (counts.atBookmark === 0 || window.kind !== "after" || kindOf(window.cursor) !== "timestamp")
    return { ...base, counts };
  const occupied = await doors.tables.occupiedSeconds(table, window);
  const free = freeSecondBelow(secondsOf(window.bookmark), occupied);
  // Below the oldest second that was looked at, nobody knows what is free.
  const isKnown = occupied.length < SECONDS_LOOKED_AT || free > (occupied.at(-1) ?? 0);
  return { ...base, counts, ...(isKnown && { freeBookmark: timestampOf(free) }) };
}

/** The error for a job that Maestro does not know. */
export function gone(job: JobInputs): DadosferaError {
  return new DadosferaError({
    code: "JOB_NOT_FOUND",
    happened: `Found no job ${job.jobId} (table ${job.input.tableSchema}.${job.input.tableName}) at Maestro.`,
    now: "Nothing was changed.",
    next: "If the pipeline was deleted elsewhere, run `pulumi refresh`: it leaves the state, and the next `pulumi up` makes it anew.",
  });
}
