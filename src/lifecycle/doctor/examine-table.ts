import type { BackfillRequest } from "../../domain/backfill-plan.js";
import { type Compared, tableText } from "../../domain/destination.js";
import { type SurveyedChange, windowText } from "../../domain/diagnosis.js";
import type { Finding } from "../../domain/finding.js";
import { jobId } from "../../domain/job-id.js";
import { backUpsOf, lastEntry, oldNewestOf } from "../../domain/journal.js";
import type { JobRecord } from "../../maestro/records.js";
import { columnNamed, type DestinationTable } from "../../warehouse/destination.js";
import { isMissingObject, isMissingPrivilege } from "../../warehouse/refusals.js";
import type { Context, WarehouseDoors } from "../context.js";

/** What one table tells. */
interface Seen {
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

/** What is known of it: its job's last change, the live job, and the table as it is. */
interface Known {
  readonly change: SurveyedChange;
  readonly request: BackfillRequest;
  readonly live: JobRecord;
  readonly table: DestinationTable;
  readonly doors: WarehouseDoors;
}

const nothing: Seen = { findings: [], notes: [] };

/** Looks at the table of a job's last change: whether it is there, has its columns, and holds no row twice. */
export async function examineTable(
  change: SurveyedChange,
  { doors: { maestro } }: Context,
  doors: WarehouseDoors,
): Promise<Seen> {
  const request = lastEntry(change, "started")?.request;
  if (request === undefined) return nothing;
  const live = await maestro.findJob(jobId.parse(change.jobId));
  // Tables survive their pipelines: nobody loads into this one any more.
  if (live === undefined) return nothing;
  const { database, schema, name } = request.table;
  const table = await doors.tables.find(database, schema, name);
  if (table === undefined)
    return { findings: [{ kind: "missing-table", ...placeOf(change) }], notes: [] };
  try {
    return await examineFound({ change, request, live, table, doors });
  } catch (error) {
    if (!isMissingPrivilege(error)) throw error;
    return {
      ...nothing,
      notes: [`Not looked at: the role may not read ${tableText(table.table)}.`],
    };
  }
}

async function examineFound(known: Known): Promise<Seen> {
  const gone = goneColumns(known);
  const absent = (known.live.columnIncludeList ?? []).filter(
    (column) => columnNamed(known.table, column) === undefined && !gone.includes(column),
  );
  const unloaded = absent.length > 0 ? await unloadedColumns(known, absent) : [];
  const waiting = absent.filter((column) => !unloaded.includes(column));
  return {
    findings: [
      ...missing(known, gone, "gone-since-last-change"),
      ...missing(known, unloaded, "listed-but-not-loaded"),
      ...(gone.length > 0 ? [] : await doubledRows(known)),
    ],
    notes: waiting.length > 0 ? [waitingText(known, waiting)] : [],
  };
}

/** Columns that stood in the table when it was backed up, or were verified afterwards, and are not there now. */
function goneColumns({ change, request, table }: Known): readonly string[] {
  const stood = backUpsOf(change).flatMap(({ columns }) => columns);
  const isVerified =
    lastEntry(change, "finished")?.outcome === "done" &&
    (lastEntry(change, "counted")?.inWindow ?? 0) > 0;
  const filled = isVerified && request.change.kind === "columns" ? request.change.filled : [];
  return [...new Set([...stood, ...filled])].filter(
    (column) => columnNamed(table, column) === undefined,
  );
}

/** Added columns of a change that was undone, where rows arrived since: a run that loads them should have brought them. */
async function unloadedColumns(
  { change, request, doors }: Known,
  absent: readonly string[],
): Promise<readonly string[]> {
  const { table, identity, window = { kind: "all" } } = request;
  const added = request.change.kind === "columns" ? request.change.added : [];
  const suspects = absent.filter((column) => added.includes(column));
  if (suspects.length === 0) return [];
  const { newest } = await doors.tables.countWindow(table, window, { ...identity, keys: [] });
  return newest === oldNewestOf(change) ? [] : suspects;
}

async function doubledRows({ change, request, doors }: Known): Promise<readonly Finding[]> {
  const { table, identity, window } = request;
  if (window === undefined || identity.keys.length === 0) return [];
  const isDropped = lastEntry(change, "back-ups-dropped") !== undefined;
  const backUps = isDropped ? [] : backUpsOf(change);
  const compared: Compared = { table, identity, window, backUps };
  const pairs = await doors.tables.countDoubled(compared).catch((error: unknown) => {
    // Somebody dropped the back-up: then nothing is known of what stood there twice before.
    if (!isMissingObject(error)) throw error;
    return doors.tables.countDoubled({ ...compared, backUps: [] });
  });
  const by = [...identity.keys, ...(identity.cursor === undefined ? [] : [identity.cursor.column])];
  if (pairs === 0) return [];
  return [{ kind: "doubled-rows", ...placeOf(change), by, window: windowText(change), pairs }];
}

function missing(
  { change }: Known,
  columns: readonly string[],
  why: Extract<Finding, { kind: "missing-columns" }>["why"],
): readonly Finding[] {
  return columns.length === 0
    ? []
    : [{ kind: "missing-columns", ...placeOf(change), columns, why }];
}

function waitingText({ change, table }: Known, columns: readonly string[]): string {
  return `Job ${change.jobId} lists ${columns.join(", ")}, which ${tableText(table.table)} does not have yet: the first row that a run brings adds it.`;
}

function placeOf({ pipelineId, jobId: id, table }: SurveyedChange) {
  return { pipelineId, jobId: id, table };
}
