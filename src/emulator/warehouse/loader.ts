/** A column as Dadosfera's loader would declare it at the destination, for instance `NUMBER(38,0)`, `TIMESTAMP_NTZ(9)`, `VARCHAR(16777216)`. */
export interface LoadedColumn {
  readonly name: string;
  readonly type: string;
}

/** Rows to write: a DuckDB query over the source, whose result has these columns, in this order. */
export interface Load {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly query: string;
  /** Empty the table first, in the same transaction (`full_load`). */
  readonly replace: boolean;
}

/**
 * The emulated loader's own way into the emulated warehouse, past sessions, grants and SQL translation.
 * Names are given as Maestro spells them and folded to upper case, as an unquoted identifier would be.
 */
export interface Loader {
  /** The columns of a table, or undefined where there is none. */
  findTable(schema: string, table: string): Promise<readonly LoadedColumn[] | undefined>;
  createTable(schema: string, table: string, columns: readonly LoadedColumn[]): Promise<void>;
  addColumns(schema: string, table: string, columns: readonly LoadedColumn[]): Promise<void>;
  /** Writes the rows in one transaction and answers how many there were. Waits for no lock: INSERT does not in Snowflake. */
  load(load: Load): Promise<number>;
  /** Makes or replaces a view from Snowflake SQL, as the deduplicated object of `incremental_with_qualify`. */
  defineView(schema: string, view: string, select: string): Promise<void>;
  /** Makes or replaces a table with the rows of a Snowflake SELECT: the other thing that this object may be. */
  defineTableFrom(schema: string, table: string, select: string): Promise<void>;
}
