import type { DuckDBAppender, DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { TextRow } from "./source-server.js";

/** A row with its values as JSON: whole numbers beyond 32 bits and decimals are text. */
export type SourceRow = Readonly<Record<string, unknown>>;

/** A table of DuckDB that an extraction reads. */
export interface Place {
  readonly catalog: string;
  readonly schema: string;
  readonly table: string;
}

/** The source, while nobody else works with it. */
export interface HeldSource {
  query(sql: string): Promise<readonly SourceRow[]>;
  /** Adds rows to a table, each text read as its column's type. */
  append(place: Place, batches: AsyncIterable<readonly TextRow[]>): Promise<void>;
}

/** The source database that pipelines extract from: a DuckDB catalog named `source`, whose schemas are the `table_schema` of jobs. */
export class Source implements Disposable {
  readonly #connection: DuckDBConnection;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  static async attach(duckdb: DuckDBInstance): Promise<Source> {
    const connection = await duckdb.connect();
    await connection.run(
      "ATTACH ':memory:' AS staged; ATTACH ':memory:' AS source; USE source; SET TimeZone = 'UTC'",
    );
    return new Source(connection);
  }

  /** Runs DDL or DML (several statements, if you like) and answers the rows of the last one. Waits for an extraction under way. */
  run(sql: string): Promise<readonly SourceRow[]> {
    return this.exclusively(({ query }) => query(sql));
  }

  /** Holds everybody else off the source: what an extraction counts is then what it loads. */
  exclusively<Result>(work: (held: HeldSource) => Promise<Result>): Promise<Result> {
    const held: HeldSource = {
      query: (sql) => this.#query(sql),
      append: (place, batches) => this.#append(place, batches),
    };
    const turn = this.#last.then(() => work(held));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  [Symbol.dispose](): void {
    this.#connection.closeSync();
  }

  async #query(sql: string): Promise<readonly SourceRow[]> {
    const statements = await this.#connection.extractStatements(sql);
    let rows: readonly SourceRow[] = [];
    for (let index = 0; index < statements.count; index += 1) {
      const statement = await statements.prepare(index);
      rows = (await statement.runAndReadAll()).getRowObjectsJson() as readonly SourceRow[];
    }
    return rows;
  }

  async #append(
    { catalog, schema, table }: Place,
    batches: AsyncIterable<readonly TextRow[]>,
  ): Promise<void> {
    const appender = await this.#connection.createAppender(table, schema, catalog);
    try {
      for await (const batch of batches) {
        for (const row of batch) appendRow(appender, row);
      }
    } catch (error) {
      appender.clear();
      throw error;
    } finally {
      appender.closeSync();
    }
  }
}

function appendRow(appender: DuckDBAppender, row: TextRow): void {
  for (const value of row) {
    if (value === null) appender.appendNull();
    else appender.appendVarchar(value);
  }
  appender.endRow();
}
