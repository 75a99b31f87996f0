import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DuckDBInstance } from "@duckdb/node-api";
import type { Bind, Connection, ConnectionOptions, RowStatement } from "snowflake-sdk";
import {
  type EmulatedWarehouse,
  openWarehouse,
  type WarehouseOptions,
} from "#src/emulator/warehouse/warehouse.js";

Object.assign(process.env, {
  SNOWFLAKE_DISABLE_PLATFORM_DETECTION: "true",
  SNOWFLAKE_DISABLE_MINICORE: "1",
  SF_TELEMETRY_DISABLE_CONNECTION_SHAPE: "1",
});

/** The driver, unmodified, silent and without a proxy. It reads its environment when it is loaded, hence late. */
const loadDriver = async () => {
  const { default: snowflake } = await import("snowflake-sdk");
  snowflake.configure({ logLevel: "OFF", useEnvProxy: false });
  return snowflake;
};

type Row = Record<string, unknown>;

/** A session of the real driver. */
export interface Client extends AsyncDisposable {
  readonly connection: Connection;
  /** The rows of a statement. */
  query(sql: string, binds?: readonly Bind[]): Promise<Row[]>;
  /** How many rows a statement changed. */
  change(sql: string, binds?: readonly Bind[]): Promise<number | undefined>;
  /** Checks a statement without executing it. */
  describe(sql: string, binds?: readonly Bind[]): Promise<RowStatement>;
}

export interface World extends AsyncDisposable {
  readonly warehouse: EmulatedWarehouse;
  readonly duckdb: DuckDBInstance;
  readonly url: string;
  connect(options?: Partial<ConnectionOptions>): Promise<Client>;
}

/** A warehouse of its own, behind a port of its own. */
export async function openWorld(options: Partial<WarehouseOptions> = {}): Promise<World> {
  const duckdb = await DuckDBInstance.create(":memory:");
  const warehouse = await openWarehouse({ duckdb, clock: () => new Date(), ...options });
  const server = createServer((request, response) => {
    void warehouse.handle(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    warehouse,
    duckdb,
    url,
    connect: (given = {}) => connect(url, given),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await warehouse[Symbol.asyncDispose]();
      duckdb.closeSync();
    },
  };
}

async function connect(accessUrl: string, given: Partial<ConnectionOptions>): Promise<Client> {
  const snowflake = await loadDriver();
  const connection = snowflake.createConnection({
    accessUrl,
    account: "emulated",
    username: "DADOSFERA",
    password: "dadosfera",
    sfRetryMaxLoginRetries: 0,
    ...given,
  } as ConnectionOptions);
  await new Promise<void>((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
  const execute = (sqlText: string, binds: readonly Bind[] = [], describeOnly = false) =>
    new Promise<{ statement: RowStatement; rows: Row[] }>((resolve, reject) => {
      connection.execute({
        sqlText,
        binds: [...binds],
        describeOnly,
        complete: (error, statement, rows) =>
          error ? reject(error) : resolve({ statement, rows: rows ?? [] }),
      });
    });
  return {
    connection,
    query: async (sql, binds) => (await execute(sql, binds)).rows,
    change: async (sql, binds) => (await execute(sql, binds)).statement.getNumUpdatedRows(),
    describe: async (sql, binds) => (await execute(sql, binds, true)).statement,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        connection.destroy(() => resolve());
      }),
  };
}

/** Comes back when so many statements have arrived. */
export async function untilHeard(
  { statements }: Pick<EmulatedWarehouse, "statements">,
  count: number,
): Promise<void> {
  while (statements.length < count) await new Promise(setImmediate);
}
