import type { Compared, Identity } from "#src/domain/destination.js";
import { expectCount } from "#src/warehouse/effects.js";
import type { Tables } from "#src/warehouse/tables.js";
import { baseline, columnsSaved, filledTo, type Seen } from "./baseline.js";
import { cellOf } from "./cursors.js";
import type { Row } from "./rows.js";
import type { Statements } from "./storage.js";

/** True for rows up to a cursor value, those without one included. */
export function reaches(row: Row, upTo: string | undefined, { cursor }: Identity): boolean {
  if (upTo === undefined || cursor === undefined) return true;
  const cell = row.cells[cursor.column] ?? null;
  return cell === null || Number(cell) <= cellOf(upTo, cursor);
}

/** Puts the window's rows back as the back-ups hold them. */
export async function restore(
  statements: Statements,
  seen: Seen,
  compared: Compared,
  { deletedUpTo, restoredUpTo }: Parameters<Tables["restoreWindow"]>[1],
): Promise<number> {
  const { table, window, identity } = compared;
  const standing = () => seen.rowsOf(table).filter((row) => seen.beyond(row, window));
  const saved = baseline(seen, compared).filter((row) => reaches(row, restoredUpTo, identity));
  await statements.remove(
    table,
    standing().filter((row) => reaches(row, deletedUpTo, identity)),
  );
  const kept = standing().length;
  await statements.insert(table, filledTo(columnsSaved(compared), saved));
  expectCount("after the restore", kept + saved.length, standing().length);
  return saved.length;
}

/** Puts rows of the back-ups back; the table is counted before and after. */
export async function putBack(
  statements: Statements,
  seen: Seen,
  compared: Compared,
  rows: readonly Row[],
): Promise<number> {
  if (rows.length === 0) return 0;
  const before = seen.rowsOf(compared.table).length;
  await statements.insert(compared.table, filledTo(columnsSaved(compared), rows));
  expectCount("after putting rows back", before + rows.length, seen.rowsOf(compared.table).length);
  return rows.length;
}
