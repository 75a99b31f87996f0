import type { IncomingMessage, ServerResponse } from "node:http";
import type { DuckDBInstance } from "@duckdb/node-api";
import type { Service } from "./calls.js";
import { Catalogue } from "./catalogue.js";
import { WarehouseFaults } from "./faults.js";
import { Grants } from "./grants.js";
import type { Loader } from "./loader.js";
import { TableLocks } from "./locks.js";
import { DEFAULT_LOGINS, type Login } from "./logins.js";
import { ADMINISTRATOR, openOffice } from "./office.js";
import { OpenSessions } from "./open-sessions.js";
import { answer } from "./protocol.js";
import { QueryResults } from "./query-results.js";
import type { Engine } from "./session.js";
import { Storage } from "./storage.js";
import { openLoader } from "./stored-loader.js";

export interface WarehouseOptions {
  /** Shared with whoever keeps sources in other catalogs of it. */
  readonly duckdb: DuckDBInstance;
  /** `DADOSFERA` unless said otherwise; schemas PUBLIC and STAGED exist in it. */
  readonly database?: string;
  /** The warehouse's time: CURRENT_TIMESTAMP, created_on. */
  readonly clock: () => Date;
  /** Who may sign in; by default user DADOSFERA with password `dadosfera` and role LOADER. */
  readonly logins?: readonly Login[];
  /** How many statements may wait for one table; 20, as Snowflake admits, unless said otherwise. */
  readonly waitersPerTable?: number;
}

/** A statement that a session sent, in the order of arrival; one that was sent again is heard once. */
interface HeardStatement {
  readonly sql: string;
  readonly session: string;
  readonly user: string;
}

/** Snowflake on this machine: its HTTP protocol, its SQL, and a way in for the loader that Maestro would run. */
export interface EmulatedWarehouse extends AsyncDisposable {
  readonly loader: Loader;
  readonly faults: WarehouseFaults;
  readonly grants: Grants;
  readonly statements: readonly HeardStatement[];
  /** Answers the driver, for whoever owns the port. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** The rows of a Snowflake SELECT, at UTC, past grants; values as Snowflake prints them. */
  rows(sql: string): Promise<Record<string, string | number | boolean | null>[]>;
}

export async function openWarehouse(options: WarehouseOptions): Promise<EmulatedWarehouse> {
  const logins = options.logins ?? DEFAULT_LOGINS;
  const engine = await openEngine(options, logins);
  const office = await openOffice(engine, logins[0]?.roles[0] ?? ADMINISTRATOR);
  const statements: HeardStatement[] = [];
  const sessions = new OpenSessions(engine);
  const faults = new WarehouseFaults();
  const service: Service = {
    engine,
    sessions,
    logins,
    faults,
    heard: (statement) => statements.push(statement),
  };
  return {
    loader: openLoader({ engine, connection: office.loading, office }),
    faults,
    grants: engine.grants,
    statements,
    handle: (request, response) => answer(service, request, response),
    rows: (sql) => office.rows(sql),
    async [Symbol.asyncDispose]() {
      await sessions.endAll();
      await office.close();
      await engine.storage.close();
    },
  };
}

const SCHEMAS = ["PUBLIC", "STAGED"];

async function openEngine(
  { duckdb, clock, database = "DADOSFERA", waitersPerTable }: WarehouseOptions,
  logins: readonly Login[],
): Promise<Engine> {
  const storage = new Storage(duckdb, database);
  await storage.open(SCHEMAS);
  const grants = new Grants(ADMINISTRATOR);
  const role = logins[0]?.roles[0];
  for (const schema of role === undefined ? [] : SCHEMAS) {
    grants.grant({ role: `${role}`, privileges: ["CREATE TABLE", "CREATE VIEW"], on: { schema } });
  }
  let transactions = 0;
  return {
    catalogue: new Catalogue(database, SCHEMAS),
    storage,
    grants,
    locks: new TableLocks(waitersPerTable),
    results: new QueryResults(),
    clock,
    nextTransaction: () => {
      transactions += 1;
      return transactions;
    },
    inTransaction: new Set(),
  };
}
