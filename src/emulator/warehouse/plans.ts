import type { CatalogueTable } from "./catalogue.js";
import type { Patience } from "./locks.js";
import type { Engine, Session } from "./session.js";
import type { Sources, Translation } from "./translation.js";

export type Change = "INSERT" | "UPDATE" | "DELETE" | "MERGE";
export type Count = "inserted" | "updated" | "multi-joined rows updated" | "deleted";

/** One DuckDB statement of a change; `counts` says what the rows that it touches are. */
export interface Step {
  readonly sql: string;
  readonly counts?: Count;
}

/** What a statement will do, fully checked against names and privileges before anything is done. */
export type Plan =
  | {
      readonly kind: "query";
      readonly word: "SELECT" | "SHOW" | "DESCRIBE";
      readonly sql: string;
      readonly sources: Sources;
    }
  | {
      readonly kind: "change";
      readonly word: Change;
      readonly table: CatalogueTable;
      readonly steps: readonly Step[];
      readonly counts: readonly Count[];
      /** DELETE, UPDATE and MERGE keep others from changing the table until they commit; INSERT does not. */
      readonly locks: boolean;
      /** A query that must bring no row, or the statement is refused for its nondeterminism. */
      readonly duplicates?: string;
    }
  | {
      readonly kind: "definition";
      /** Queries that must compile, for a dry run. */
      readonly queries: readonly string[];
      /** Does it, once the open transaction is committed, and answers Snowflake's line about it. */
      readonly apply: (patience: Patience) => Promise<string>;
    }
  | { readonly kind: "setting"; readonly apply: () => Promise<void> }
  | { readonly kind: "transaction"; readonly word: "BEGIN" | "COMMIT" | "ROLLBACK" };

/** Everything that reading a statement needs. */
export interface Desk {
  readonly t: Translation;
  readonly engine: Engine;
  readonly session: Session;
}
