import { pipelineId } from "../../domain/job-id.js";
import { backUpsOf, type ChangeRecord, lastEntry } from "../../domain/journal.js";
import type { Live } from "../../domain/recovery.js";
import { type Context, requireWarehouse } from "../context.js";

/** Looks at what an unfinished change left: the runs there are, its table, its back-ups. */
export async function seeLive(record: ChangeRecord, context: Context): Promise<Live> {
  const request = lastEntry(record, "started")?.request;
  if (request === undefined) return { runIds: [], isTableThere: true, lostBackUps: [] };
  const { tables } = requireWarehouse(context.doors, "look at an unfinished change");
  const { maestro } = context.doors;
  const { database, schema, name } = request.table;
  const runs = await maestro.listRuns(pipelineId.parse(request.pipelineId));
  const isTableThere = (await tables.find(database, schema, name)) !== undefined;
  const backUps = await Promise.all(
    backUpsOf(record).map(async ({ table }) => ({
      table,
      found: await tables.find(table.database, table.schema, table.name),
    })),
  );
  return {
    runIds: runs.map((run) => run.runId),
    isTableThere,
    lostBackUps: backUps.filter(({ found }) => found === undefined).map(({ table }) => table),
  };
}
