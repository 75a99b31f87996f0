import type { SourceRow } from "./source.js";

/** A database on the network that pipelines extract from, where it holds the table of a job. */
export interface SourceServer {
  /**
   * Copies a table into the DuckDB source, columns and rows as they are now, if the server has it; otherwise nothing happens. Throws for a
   * wanted column whose type cannot be loaded, naming it. `wanted` is undefined for all columns.
   */
  stage(
    table: {
      readonly schema: string;
      readonly name: string;
      readonly wanted: readonly string[] | undefined;
    },
    query: (sql: string) => Promise<readonly SourceRow[]>,
  ): Promise<void>;
}
