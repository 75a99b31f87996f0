/** A database on the network that pipelines extract from, where it holds the table of a job. */
export interface SourceServer {
  /**
   * Gives `read` a table's columns and rows, all as of one moment, and answers what it makes of them; undefined, without a call, where
   * the server has no such table. Throws for a column whose type no destination holds, naming it.
   */
  snapshot<Result>(
    table: WantedTable,
    read: (snapshot: TableSnapshot) => Promise<Result>,
  ): Promise<Result | undefined>;
}

/** The names are as a job spells them: where none is written so, one that differs only in case is meant. */
export interface WantedTable {
  readonly schema: string;
  readonly name: string;
  /** Undefined for all that `SELECT *` shows. */
  readonly columns: readonly string[] | undefined;
  /** Rows in which this column is below this value, or null, need not come. */
  readonly since: { readonly column: string; readonly value: string } | undefined;
}

export interface TableSnapshot {
  readonly columns: readonly StagedColumn[];
  /** In batches, so that no table need fit in memory. Each value is as the server prints it, times in UTC. */
  readonly rows: AsyncIterable<readonly TextRow[]>;
}

/** A column of a copy in DuckDB. */
export interface StagedColumn {
  readonly name: string;
  /** DuckDB's type for it. */
  readonly type: string;
}

export type TextRow = readonly (string | null)[];

export function unloadable(column: string, type: string): Error {
  return new Error(`Column "${column}" has the type ${type}, which cannot be loaded`);
}

/** A source that cannot be used from the start on. Its message holds no password. */
export class SourceUnavailable extends Error {
  /** Whether what names the source is at fault, so that nothing was tried. */
  readonly isMisnamed: boolean;
  /** A sentence on what to do. */
  readonly next: string;

  constructor({
    message,
    next,
    ...options
  }: { readonly message: string; readonly next: string } & ErrorOptions) {
    super(message, options);
    this.name = "SourceUnavailable";
    this.isMisnamed = options.cause === undefined;
    this.next = next;
  }
}
