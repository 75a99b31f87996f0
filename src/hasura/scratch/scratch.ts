/** What proves: a PostgreSQL that nobody else uses. */
export interface Engine {
  /** `pglite`, `postgres` (binaries on this machine) or `url` (a development database). */
  readonly kind: "pglite" | "postgres" | "url";
  /** `PGlite 0.5.16 (PostgreSQL 18.6)`, `PostgreSQL 15.18`. */
  readonly name: string;
  /** The server's major version: 15. */
  readonly major: number;
}

/** One cluster to throw away; roles belong to it, databases are made in it. */
export interface Scratch extends AsyncDisposable {
  readonly engine: Engine;
  /** A new database: empty, or a copy of another, schema and rows and sequences. The other goes on as it is. */
  database(copyOf?: ScratchDatabase): Promise<ScratchDatabase>;
}

/** A database to throw away. One connection; statements run one after the other. */
export interface ScratchDatabase extends AsyncDisposable {
  /**
   * Runs a whole text as Hasura's `run_sql` does: one message, all of its statements in one implicit transaction, or in the one
   * that is open. Throws a `SqlError`.
   */
  run(sql: string): Promise<void>;
  /** The rows of one statement, each value as PostgreSQL writes it in text. Throws a `SqlError`. */
  query(sql: string): Promise<readonly Readonly<Record<string, string | null>>[]>;
}

/** What PostgreSQL answered instead of doing it. */
export class SqlError extends Error {
  /** SQLSTATE, as `42P01`. */
  readonly sqlState: string;
  readonly detail: string | undefined;
  /** Counted in characters from 1, into the text that was run. */
  readonly position: number | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;
  readonly constraint: string | undefined;

  constructor(message: string, facts: SqlErrorFacts, options?: ErrorOptions) {
    super(message, options);
    this.name = "SqlError";
    this.sqlState = facts.sqlState;
    this.detail = facts.detail;
    this.position = facts.position;
    this.table = facts.table;
    this.column = facts.column;
    this.constraint = facts.constraint;
  }
}

export interface SqlErrorFacts {
  readonly sqlState: string;
  readonly detail?: string | undefined;
  readonly position?: number | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  readonly constraint?: string | undefined;
}
