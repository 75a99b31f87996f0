import type { Emulator } from "#src/emulator/emulator.js";
import {
  aPipeline,
  type Json,
  type MaestroUnderTest,
  type PipelineBody,
} from "./maestro-under-test.js";

type Emulated = MaestroUnderTest & { readonly emulator: Emulator };

/** A pipeline whose rows land in `PUBLIC.PEDIDOS`, deduplicated in `STAGED.PEDIDOS`. */
export function ordersPipeline(changes: Parameters<typeof aPipeline>[0] = {}): PipelineBody {
  return aPipeline({ output: { raw: { table_name: "pedidos" } }, ...changes });
}

/** Runs the pipeline to its end and answers the run as the list shows it. */
export async function runOnce(maestro: Emulated, { id }: { readonly id: string }): Promise<Json> {
  await maestro.send("POST", "/platform/pipeline/execute", { pipeline_id: id });
  await maestro.emulator.runs.idle();
  const { body } = await maestro.send("GET", `/platform/pipeline/${id}/pipeline_run`);
  return body[0];
}

/** The rows of a Snowflake SELECT, each as the text of its values. */
export async function rowsOf({ emulator }: Emulated, sql: string): Promise<readonly string[]> {
  const rows = await emulator.source.run(
    sql.replace(/(PUBLIC|STAGED|BRONZE)\./g, 'DADOSFERA."$1".'),
  );
  return rows.map((row) => Object.values(row).map(String).join(" "));
}
