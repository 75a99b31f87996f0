import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { CatalogueColumn, CatalogueTable } from "./catalogue.js";
import { duckdbType, lengthCheck } from "./data-types.js";
import { fromDuckdb } from "./errors.js";
import { column, encodeName, type ObjectName, quote } from "./identifiers.js";
import { taughtFunctions } from "./taught-functions.js";

/**
 * Each stored row carries the transaction that inserted it (null once committed) and the one that deleted it.
 * Snowflake reads committed rows anew at every statement; DuckDB's own transactions would freeze what they see.
 * These two columns cannot be named in Snowflake SQL: encoded names hold no `~` before a space.
 */
const INSERTED = '"~ inserted"';
const DELETED = '"~ deleted"';
/** A row's address, as the readers of `addressedRows` see it. */
export const ADDRESS = '"~ address"';

/** The warehouse's catalog in a DuckDB that others share. One DuckDB transaction writes at a time; readers never wait. */
export class Storage {
  readonly #duckdb: DuckDBInstance;
  readonly #database: string;
  #lastWrite: Promise<unknown> = Promise.resolve();

  constructor(duckdb: DuckDBInstance, database: string) {
    this.#duckdb = duckdb;
    this.#database = database;
  }

  async open(schemas: readonly string[]): Promise<void> {
    const connection = await this.#duckdb.connect();
    await connection.run(`ATTACH ':memory:' AS ${quote(this.#database)}`);
    for (const taught of taughtFunctions(`${quote(this.#database)}.main.`)) {
      await connection.run(taught);
    }
    for (const schema of schemas) {
      await connection.run(`CREATE SCHEMA ${this.#schema(schema)}`);
    }
    connection.closeSync();
  }

  async close(): Promise<void> {
    await this.#lastWrite;
    const connection = await this.#duckdb.connect();
    await connection.run(`DETACH ${quote(this.#database)}`);
    connection.closeSync();
  }

  /** A session's own connection, with its own time zone. */
  async connect(timeZone: string): Promise<DuckDBConnection> {
    const connection = await this.#duckdb.connect();
    await setTimeZone(connection, timeZone);
    return connection;
  }

  /** Runs the work in one DuckDB transaction, alone: all of it happens, or none. */
  async write<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
    const turn = this.#lastWrite.then(() => inTransaction(connection, work));
    this.#lastWrite = turn.catch(() => undefined);
    return turn;
  }

  /** Ends when everything that was to be written by now is written. */
  async settled(): Promise<void> {
    await this.#lastWrite;
  }

  async addSchema(connection: DuckDBConnection, schema: string): Promise<void> {
    await connection.run(`CREATE SCHEMA IF NOT EXISTS ${this.#schema(schema)}`);
  }

  /** Where a table is stored; a temporary one under a name that carries its session. */
  place({ schema, name }: ObjectName, session?: string): string {
    const suffix = session === undefined ? "" : `~ ${session}`;
    return `${this.#schema(schema)}.${quote(encodeName(name) + suffix)}`;
  }

  #schema(schema: string): string {
    return `${quote(this.#database)}.${column(schema)}`;
  }
}

export async function setTimeZone(connection: DuckDBConnection, timeZone: string): Promise<void> {
  await connection.run(`SET TimeZone = '${timeZone.replaceAll("'", "''")}'`);
}

export function createTable(stored: string, columns: readonly CatalogueColumn[]): string {
  const declared = columns.map(({ name, type, nullable }) => {
    const rest = `${nullable ? "" : " NOT NULL"}${lengthCheck(encodeName(name), type)}`;
    return `${column(name)} ${duckdbType(type)}${rest}`;
  });
  return `CREATE TABLE ${stored} (${[...declared, `${INSERTED} BIGINT`, `${DELETED} BIGINT`].join(", ")})`;
}

export function dropTable(stored: string): string {
  return `DROP TABLE ${stored}`;
}

export function renameTable(stored: string, { name }: Pick<ObjectName, "name">): string {
  return `ALTER TABLE ${stored} RENAME TO ${quote(encodeName(name))}`;
}

export function dropColumn(stored: string, name: string): string {
  return `ALTER TABLE ${stored} DROP COLUMN ${column(name)}`;
}

export function addColumn(stored: string, added: CatalogueColumn, value?: string): string {
  const filled = value === undefined ? "" : ` DEFAULT ${value}`;
  return `ALTER TABLE ${stored} ADD COLUMN ${column(added.name)} ${duckdbType(added.type)}${filled}`;
}

/** The rows that a transaction sees: what is committed and its own, less what it deleted itself. */
export function visibleRows(table: CatalogueTable, transaction: number): string {
  return `(SELECT ${names(table)} FROM ${table.stored} WHERE ${visible(transaction)})`;
}

/** The same rows, each with its address, for statements that change them. */
export function addressedRows(table: CatalogueTable, transaction: number): string {
  return `(SELECT ${names(table)}, rowid AS ${ADDRESS} FROM ${table.stored} WHERE ${visible(transaction)})`;
}

/**
 * Inserts what a query brings. The rows belong to `mark`: null is committed at once, a transaction's number is
 * seen by that transaction, the negative number by nobody until `settle`, so that a statement cannot see its own rows.
 */
export function insertRows(
  table: CatalogueTable,
  columns: readonly string[],
  rows: { readonly query: string; readonly mark: number | null },
): string {
  const into = [...columns.map(column), INSERTED].join(", ");
  return `INSERT INTO ${table.stored} (${into}) SELECT *, ${rows.mark} FROM (${rows.query})`;
}

/** Marks the rows at the addresses that a query brings as deleted by `mark`, with the same meaning as above. */
export function deleteRows(table: CatalogueTable, addresses: string, mark: number): string {
  return `UPDATE ${table.stored} SET ${DELETED} = ${mark} WHERE rowid IN (${addresses})`;
}

/** Makes the outcome of one statement visible to its transaction. */
export function settle(table: CatalogueTable, transaction: number): readonly string[] {
  return [INSERTED, DELETED].map(
    (mark) => `UPDATE ${table.stored} SET ${mark} = ${transaction} WHERE ${mark} = ${-transaction}`,
  );
}

export function commitRows(stored: string, transaction: number): readonly string[] {
  return [
    `DELETE FROM ${stored} WHERE ${DELETED} = ${transaction}`,
    `UPDATE ${stored} SET ${INSERTED} = NULL WHERE ${INSERTED} = ${transaction}`,
  ];
}

export function rollBackRows(stored: string, transaction: number): readonly string[] {
  return [
    `DELETE FROM ${stored} WHERE ${INSERTED} = ${transaction}`,
    `UPDATE ${stored} SET ${DELETED} = NULL WHERE ${DELETED} = ${transaction}`,
  ];
}

export function emptyTable(stored: string): string {
  return `DELETE FROM ${stored} WHERE ${INSERTED} IS NULL`;
}

export function countCommitted(stored: string): string {
  return `(SELECT count(*) FROM ${stored} WHERE ${INSERTED} IS NULL)`;
}

function names(table: CatalogueTable): string {
  return table.columns.map(({ name }) => column(name)).join(", ");
}

function visible(transaction: number): string {
  return `(${INSERTED} IS NULL OR ${INSERTED} = ${transaction}) AND ${DELETED} IS DISTINCT FROM ${transaction}`;
}

async function inTransaction<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  await connection.run("BEGIN");
  try {
    const result = await work();
    await connection.run("COMMIT");
    return result;
  } catch (error) {
    // An aborted COMMIT leaves nothing to roll back; the first error is the one that matters.
    await connection.run("ROLLBACK").catch(() => undefined);
    throw fromDuckdb(error);
  }
}
