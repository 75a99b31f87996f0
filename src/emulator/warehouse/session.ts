import type { DuckDBConnection } from "@duckdb/node-api";
import type { Catalogue } from "./catalogue.js";
import type { Grants } from "./grants.js";
import type { TableLocks } from "./locks.js";
import type { QueryResults } from "./query-results.js";
import type { Storage } from "./storage.js";

/** What all sessions share. */
export interface Engine {
  readonly catalogue: Catalogue;
  readonly storage: Storage;
  readonly grants: Grants;
  readonly locks: TableLocks;
  readonly results: QueryResults;
  readonly clock: () => Date;
  /** A number that no transaction had before. */
  readonly nextTransaction: () => number;
  /** Sessions with a transaction that somebody began. */
  readonly inTransaction: Set<Session>;
}

export interface OpenTransaction {
  readonly id: number;
  /** Where rows of it are stored. */
  readonly touched: Set<string>;
  /** When its last statement came, by the warehouse's clock. */
  lastHeardAt: number;
}

/** One session: who, where, its parameters, and its transaction if one is open. */
export interface Session {
  readonly id: string;
  readonly user: string;
  readonly roles: readonly string[];
  readonly connection: DuckDBConnection;
  readonly parameters: Map<string, string>;
  role: string;
  database: string | undefined;
  schema: string | undefined;
  warehouse: string | undefined;
  lastQueryId: string | undefined;
  transaction: OpenTransaction | undefined;
}
