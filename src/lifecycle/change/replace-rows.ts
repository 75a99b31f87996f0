import type { Compared, TableName } from "../../domain/destination.js";
import { isDadosferaError } from "../../domain/errors.js";
import { isReplaced, lastEntry, oldNewestOf, runsBefore } from "../../domain/journal.js";
import type { Arrived } from "../../warehouse/replacement.js";
import { type Next, next } from "./backfill-run.js";
import type { Change } from "./change.js";
import { expectIntact } from "./intact.js";
import { newRuns } from "./runs.js";
import { judge } from "./verify.js";

type Reach = "window" | "boundary";

/** A run costs minutes, a look seconds: whoever writes into the window meanwhile is waited out a few times. */
const MOST_LOOKS = 4;

/**
 * Old copies go for the rows that the run brought: those of the whole window, once it is known that enough of them came;
 * or only those that carry the bookmark, where the run brought them again.
 */
export async function replaceRows(reach: Reach, change: Change): Promise<Next> {
  if (isReplaced(change.record, reach)) return next;
  const { doors, record, request } = change;
  await expectIntact(change, doors.tables);
  const into = arrivedName(request.table, request.backUpSchema, record.changeId);
  try {
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      const outcome = await exchangeOnce(reach, into, change);
      if (outcome !== "moved") return outcome;
    }
    return { kind: "again", because: "the table does not stand still while rows are compared" };
  } finally {
    // What is left of it goes with the back-ups.
    await doors.tables.dropBackUp(into).catch(() => undefined);
  }
}

/** Tells the rows apart and exchanges them, unless a run began since, or the table moved in between. */
async function exchangeOnce(
  reach: Reach,
  into: TableName,
  change: Change,
): Promise<Next | "moved"> {
  const compared = reach === "window" ? change.compared : atBoundary(change.compared);
  const restoredUpTo = oldNewestOf(change.record);
  const arrived = await change.doors.tables.collectArrived(compared, { restoredUpTo }, into);
  if (reach === "window") await judge({ ...compared, table: into }, change);
  if (await hasRunSince(change)) return { kind: "again", because: "a run started after ours" };
  return (await exchange(reach, compared, arrived, change)) ? "moved" : next;
}

/** True if the table moved, and nothing was exchanged. */
async function exchange(
  reach: Reach,
  compared: Compared,
  arrived: Arrived,
  change: Change,
): Promise<boolean> {
  const { keepVersions } = change.request;
  const exchanged = change.effect(async (tables) => {
    await expectIntact(change, tables);
    const replaced =
      reach === "window"
        ? await tables.replaceWindow(compared, arrived, { keepsVersions: keepVersions })
        : await tables.replaceBoundary(compared, arrived);
    return { step: "replaced", reach, ...replaced };
  });
  return exchanged.then(
    () => false,
    (error: unknown) => {
      if (isDadosferaError(error) && error.code === "TABLE_MOVED") return true;
      throw error;
    },
  );
}

async function hasRunSince({ record, pipelineId, context }: Change): Promise<boolean> {
  const ended = lastEntry(record, "run-ended")?.runs.map((run) => run.runId) ?? [];
  const known = [...runsBefore(record), ...ended];
  return (await newRuns(pipelineId, known, context)).length > 0;
}

/** The rows that carry the bookmark, and no others. */
export function atBoundary(compared: Compared): Compared {
  const { window } = compared;
  return window.kind === "all" ? compared : { ...compared, window: { ...window, edge: "at" } };
}

/** The table that holds what a run brought, for as long as it is told from the old rows. */
export function arrivedName(table: TableName, schema: string, changeId: string): TableName {
  return { ...table, schema, name: `${table.name}__NEW_${changeId.slice(0, 8).toUpperCase()}` };
}
