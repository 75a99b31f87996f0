import type { BackUp, Compared, Identity, TableName, Window } from "#src/domain/destination.js";
import { cellOf } from "./cursors.js";
import type { Row } from "./rows.js";

/** Whether a row lies in a window. */
export type Beyond = (row: Row, window: Window) => boolean;

/** The bounds as the SQL has them: a null cursor lies beyond no bookmark. */
export const asTheSql: Beyond = (row, window) =>
  window.kind === "all" || isWithin(cursorIn(row, window), window, (cell, at) => cell > at);

/** The bound of a mutant: the bookmark itself lies beyond the bookmark. */
export const atOrBeyond: Beyond = (row, window) =>
  window.kind === "all" || isWithin(cursorIn(row, window), window, (cell, at) => cell >= at);

function isWithin(
  cell: number | null,
  window: Window & { kind: "after" },
  beyond: (cell: number, at: number) => boolean,
): boolean {
  if (cell === null) return false;
  const at = cellOf(window.bookmark, window.cursor);
  if (window.edge === undefined) return beyond(cell, at);
  return window.edge === "at" ? cell === at : cell >= at;
}

/** What a statement sees. */
export interface Seen {
  readonly rowsOf: (table: TableName) => readonly Row[];
  readonly beyond: Beyond;
}

/** The rows that stood in the window: those of the first back-up, and those that only a later one holds. */
export function baseline(seen: Seen, { backUps, window, identity }: Compared): readonly Row[] {
  const saved = backUps.map((backUp) => ({
    rows: seen.rowsOf(backUp.table),
    by: identifying(identity, backUp),
  }));
  return saved.flatMap(({ rows }, index) =>
    rows.filter(
      (row) =>
        seen.beyond(row, window) &&
        !saved
          .slice(0, index)
          .some((earlier) => earlier.rows.some((each) => sameIn(earlier.by, each, row))),
    ),
  );
}

export function columnsSaved({ backUps }: Compared): readonly string[] {
  return [...new Set(backUps.flatMap((backUp) => backUp.columns))];
}

/** The columns that tell one row from another: key and cursor, or all that a back-up holds. */
export function identifying({ keys, cursor }: Identity, backUp: BackUp): readonly string[] {
  if (keys.length === 0) return backUp.columns;
  return cursor === undefined ? keys : [...keys, cursor.column];
}

/** True for rows that are the same in all these columns, nulls included. */
export function sameIn(columns: readonly string[], one: Row, other: Row): boolean {
  return columns.every((column) => (one.cells[column] ?? null) === (other.cells[column] ?? null));
}

/** What a row holds in these columns, as one text. */
export function textIn(columns: readonly string[], { cells }: Row): string {
  return columns.map((column) => String(cells[column] ?? null)).join("/");
}

/** Rows as an INSERT of these columns leaves them. */
export function filledTo(columns: readonly string[], rows: readonly Row[]): readonly Row[] {
  return rows.map(({ cells, excuse }) => ({
    excuse,
    cells: Object.fromEntries(columns.map((column) => [column, cells[column] ?? null])),
  }));
}

function cursorIn({ cells }: Row, { cursor }: Window & { kind: "after" }): number | null {
  const cell = cells[cursor.column] ?? null;
  return cell === null ? null : Number(cell);
}
