import { tableText } from "../domain/destination.js";
import { predictedTable } from "../domain/destination-table.js";
import { DadosferaError } from "../domain/errors.js";
import type { PipelineInputs } from "../domain/pipeline.js";
import type { DestinationTable } from "../warehouse/destination.js";
import { expectCount } from "../warehouse/effects.js";
import type { Context, WarehouseDoors } from "./context.js";

/** Tables outlive their pipelines: a new pipeline must not load into rows that nobody expects to be there. */
export async function makeRoom(inputs: PipelineInputs, context: Context): Promise<void> {
  const doors = context.doors.warehouse;
  if (doors === undefined) {
    context.report.warning(
      "not checked whether the destination tables hold rows already: no settings of Snowflake are given",
    );
    return;
  }
  for (const job of inputs.jobs) {
    const schema = job.output.raw?.tableSchema ?? "PUBLIC";
    const table = await doors.tables.find(
      doors.warehouse.settings.database,
      schema,
      predictedTable(inputs.pipelineId, job),
    );
    if (table !== undefined) await settle(table, inputs, doors, context);
  }
}

async function settle(
  found: DestinationTable,
  inputs: PipelineInputs,
  { warehouse, tables, tablesIn }: WarehouseDoors,
  { report }: Context,
): Promise<void> {
  const { table } = found;
  const { total } = await tables.countWindow(table, { kind: "all" }, { keys: [] });
  if (total === 0 || inputs.existingRows === "append") return;
  if (inputs.existingRows === undefined) throw notEmpty(inputs, tableText(table), total);
  await warehouse.transaction(async (runner) => {
    expectCount("in the table", total, await tablesIn(runner).deleteWindow(table, { kind: "all" }));
  });
  report.info(
    `deleted ${total} rows that were in ${tableText(table)} before (existingRows: "delete")`,
  );
}

function notEmpty(inputs: PipelineInputs, table: string, rows: number): DadosferaError {
  return new DadosferaError({
    code: "DESTINATION_NOT_EMPTY",
    happened: `Did not create pipeline "${inputs.name}" (${inputs.pipelineId}): its destination ${table} holds ${rows} rows already.`,
    now: "Nothing was changed.",
    next: 'Say what happens to them: `existingRows: "append"` keeps them and loads beside them, `existingRows: "delete"` deletes them first.',
  });
}
