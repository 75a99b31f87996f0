import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

/** A row with its values as JSON: whole numbers beyond 32 bits and decimals are text. */
export type SourceRow = Readonly<Record<string, unknown>>;

/** The source database that pipelines extract from: a DuckDB catalog named `source`, whose schemas are the `table_schema` of jobs. */
export class Source implements Disposable {
  readonly #connection: DuckDBConnection;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  static async attach(duckdb: DuckDBInstance): Promise<Source> {
    const connection = await duckdb.connect();
    await connection.run("ATTACH ':memory:' AS source; USE source; SET TimeZone = 'UTC'");
    return new Source(connection);
  }

  /** Runs DDL or DML (several statements, if you like) and answers the rows of the last one. Waits for an extraction under way. */
  run(sql: string): Promise<readonly SourceRow[]> {
    return this.exclusively((query) => query(sql));
  }

  /** Holds everybody else off the source: what an extraction counts is then what it loads. */
  exclusively<Result>(
    work: (query: (sql: string) => Promise<readonly SourceRow[]>) => Promise<Result>,
  ): Promise<Result> {
    const turn = this.#last.then(() => work((sql) => this.#query(sql)));
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
}
