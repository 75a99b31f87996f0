import type { Connection, ConnectionOptions } from "snowflake-sdk";
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
  const connection = await connect(emulator);
  try {
    return await new Promise<number>((resolve, reject) => {
      connection.execute({
        sqlText,
        complete: (error, statement) =>
          error ? reject(error) : resolve(statement.getNumUpdatedRows() ?? 0),
      });
    });
  } finally {
    await new Promise((resolve) => connection.destroy(resolve));
  }
}

async function connect({ environment, snowflakeUrl }: Emulator): Promise<Connection> {
  // The driver looks around for clouds as soon as it is loaded, unless it is told before not to.
  process.env["SNOWFLAKE_DISABLE_PLATFORM_DETECTION"] = "true";
  const { default: snowflake } = await import("snowflake-sdk");
  snowflake.configure({ logLevel: "OFF", useEnvProxy: false });
  const connection = snowflake.createConnection({
    accessUrl: snowflakeUrl,
    account: environment["SNOWFLAKE_ACCOUNT"],
    username: environment["SNOWFLAKE_USER"],
    password: environment["SNOWFLAKE_PASSWORD"],
    role: environment["SNOWFLAKE_ROLE"],
    warehouse: environment["SNOWFLAKE_WAREHOUSE"],
    database: environment["SNOWFLAKE_DATABASE"],
    schema: environment["SNOWFLAKE_SCHEMA"],
  } as ConnectionOptions);
  await new Promise<void>((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
  return connection;
}
