import snowflake from "snowflake-sdk";
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
  const rows = await emulator.warehouse.rows(sql);
  return rows.map((row) => Object.values(row).map(String).join(" "));
}

/** Executes one statement as any Snowflake client would, and answers how many rows it changed. */
export async function executeSql({ emulator }: Emulated, sqlText: string): Promise<number> {
  const { environment } = emulator;
  const setting = (name: string) => environment[`SNOWFLAKE_${name}`] ?? "";
  const connection = snowflake.createConnection({
    account: setting("ACCOUNT"),
    username: setting("USER"),
    password: setting("PASSWORD"),
    role: setting("ROLE"),
    warehouse: setting("WAREHOUSE"),
    database: setting("DATABASE"),
    schema: setting("SCHEMA"),
    host: setting("HOST"),
    port: Number(setting("PORT")),
    protocol: setting("PROTOCOL"),
  });
  await connection.connectAsync();
  try {
    return await new Promise((resolve, reject) => {
      const complete: snowflake.StatementCallback = (error, statement) =>
        error === undefined || error === null
          ? resolve(statement.getNumUpdatedRows() ?? 0)
          : reject(error);
      connection.execute({ sqlText, complete });
    });
  } finally {
    await new Promise((resolve) => connection.destroy(resolve));
  }
}
