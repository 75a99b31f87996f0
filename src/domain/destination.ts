/** A table's full name, as the warehouse's catalogue spells it. */
export interface TableName {
  readonly database: string;
  readonly schema: string;
  readonly name: string;
}

/** The warehouse's type of a cursor column, as far as a comparison depends on it. */
export type CursorType = "TIMESTAMP_NTZ" | "TIMESTAMP_LTZ" | "TIMESTAMP_TZ" | "DATE" | "NUMBER";

/** The cursor column as the destination holds it. */
export interface Cursor {
  readonly column: string;
  readonly type: CursorType;
}

/** The rows that a change loads again. */
export type Window =
  | { readonly kind: "all" }
  | {
      readonly kind: "after";
      readonly cursor: Cursor;
      readonly bookmark: string;
      /** Rows that carry the bookmark: only those (`"at"`), or those as well (`"from"`); left out, they lie outside. */
      readonly edge?: "at" | "from";
    };

/** True for cursors whose values follow each other without gaps, so that rows may have to carry the bookmark. */
export function isGapless(window: Window | undefined): window is Window & { kind: "after" } {
  return window?.kind === "after" && ["DATE", "NUMBER"].includes(window.cursor.type);
}

/** How a row is told from others; without keys, only whole rows can be compared. */
export interface Identity {
  readonly keys: readonly string[];
  readonly cursor?: Cursor | undefined;
}

/** A zero-copy clone of the destination, with the columns that it had when it was taken. */
export interface BackUp {
  readonly table: TableName;
  readonly columns: readonly string[];
}

/** What stood in the window, and where to look for it now. */
export interface Compared {
  readonly table: TableName;
  readonly backUps: readonly BackUp[];
  readonly window: Window;
  readonly identity: Identity;
}

/** `PUBLIC.TB__XQFU8G__CADASTROS__PEDIDOS`, as messages name a table. */
export function tableText(table: TableName): string {
  return `${table.schema}.${table.name}`;
}
