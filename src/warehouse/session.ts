import type { Connection } from "snowflake-sdk";
import { warehouseError } from "./refusals.js";
import type { Bind, Sql } from "./sql.js";

/**
 * One row by column name. Queries turn what must lose nothing into text: the driver makes numbers of numbers, and with
 * its option to fetch text instead it makes the text "NULL" of a null.
 */
export type Row = Readonly<Record<string, string | number | boolean | null>>;

/** Something that runs one statement at a time. */
export interface Runner {
  /** The rows of a query. */
  rows(statement: Sql): Promise<readonly Row[]>;
  /** The number of rows that a DML statement changed; 0 for other statements. */
  run(statement: Sql): Promise<number>;
}

/** One Snowflake session. Statements on it share a transaction, so a transaction gets a session of its own. */
export class Session implements Runner {
  readonly #connection: Connection;
  readonly #deadlineMs: number;

  constructor(connection: Connection, deadlineMs: number) {
    this.#connection = connection;
    this.#deadlineMs = deadlineMs;
  }

  async rows(statement: Sql): Promise<readonly Row[]> {
    return (await this.#execute(statement, false)).rows;
  }

  async run(statement: Sql): Promise<number> {
    return (await this.#execute(statement, false)).count;
  }

  /** Has Snowflake compile the statement and check privileges, without executing it. */
  async compile(statement: Sql): Promise<void> {
    await this.#execute(statement, true);
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#connection.destroy(() => resolve()));
  }

  #execute({ text, binds }: Sql, describeOnly: boolean): Promise<{ rows: Row[]; count: number }> {
    return new Promise((resolve, reject) => {
      const statement = this.#connection.execute({
        sqlText: text,
        binds: binds as Bind[],
        describeOnly,
        complete: (error, finished, rows) => {
          clearTimeout(timer);
          if (error !== undefined && error !== null) return reject(warehouseError(error, text));
          // After a describeOnly of DML the driver throws when asked for a count.
          const count =
            describeOnly || !("getNumUpdatedRows" in finished) ? 0 : finished.getNumUpdatedRows();
          resolve({ rows: (rows ?? []) as Row[], count: Math.max(count ?? 0, 0) });
        },
      });
      const timer = setTimeout(() => statement.cancel(() => undefined), this.#deadlineMs);
      timer.unref();
    });
  }
}
