import type { Compared } from "#src/domain/destination.js";
import { expectCount } from "#src/warehouse/effects.js";
import type { Arrived, Replaced } from "#src/warehouse/replacement.js";
import type { Tables } from "#src/warehouse/tables.js";
import {
  baseline,
  columnsSaved,
  filledTo,
  identifying,
  type Seen,
  sameIn,
  textIn,
} from "./baseline.js";
import { reaches } from "./restore.js";
import type { Row } from "./rows.js";
import type { Statements, Storage } from "./storage.js";

/** The rows that a run brought, in a table of our own: as `replacement.ts`. */
export async function collectArrived(
  storage: Storage,
  seen: Seen,
  compared: Compared,
  { restoredUpTo }: Parameters<Tables["collectArrived"]>[1],
  into: Compared["table"],
): Promise<Arrived> {
  const { table, window } = compared;
  const columns = storage.find(table)?.columns ?? [];
  const original = compared.backUps[0]?.columns ?? [];
  const added = columns.filter((column) => !original.includes(column));
  const standing = seen.rowsOf(table).filter((row) => seen.beyond(row, window));
  const old = new Map<string, number>();
  for (const row of baseline(seen, compared)) {
    if (!reaches(row, restoredUpTo, compared.identity)) continue;
    const text = textIn(original, row);
    old.set(text, (old.get(text) ?? 0) + 1);
  }
  const rows = oldFirst(standing, added).filter((row) => {
    const text = textIn(original, row);
    const left = old.get(text) ?? 0;
    old.set(text, left - 1);
    return left <= 0;
  });
  storage.put({ name: into, columns, rows });
  return { table: into, columns, standing: standing.length, rows: rows.length };
}

/** Among copies, those without a value in every added column are the old ones. */
function oldFirst(rows: readonly Row[], added: readonly string[]): readonly Row[] {
  const isFilled = ({ cells }: Row) => added.some((column) => (cells[column] ?? null) !== null);
  return [...rows.filter((row) => !isFilled(row)), ...rows.filter(isFilled)];
}

/** The window's rows for those of the arrived table. */
export async function exchange(
  statements: Statements,
  seen: Seen,
  { table, window }: Compared,
  arrived: Arrived,
): Promise<number> {
  const inWindow = () => seen.rowsOf(table).filter((row) => seen.beyond(row, window));
  const deleted = inWindow();
  await statements.remove(table, deleted);
  expectCount("in the window", arrived.standing, deleted.length);
  await statements.insert(table, seen.rowsOf(arrived.table));
  expectCount("put in the window", arrived.rows, inWindow().length);
  return deleted.length;
}

/** Of the rows that carry the bookmark, each that did not come again stays as it was. */
export async function replaceBoundary(
  statements: Statements,
  seen: Seen,
  compared: Compared,
  arrived: Arrived,
): Promise<Replaced> {
  const deleted = await exchange(statements, seen, compared, arrived);
  const { table, window, identity, backUps } = compared;
  const [saved] = backUps;
  const told = saved === undefined ? [] : identifying(identity, saved);
  const come = seen.rowsOf(arrived.table);
  const absent = baseline(seen, compared).filter(
    (row) => !come.some((each) => sameIn(told, each, row)),
  );
  await statements.insert(table, filledTo(columnsSaved(compared), absent));
  const inWindow = seen.rowsOf(table).filter((row) => seen.beyond(row, window)).length;
  expectCount("that carry the bookmark", arrived.rows + absent.length, inWindow);
  return { deleted, inserted: arrived.rows, putBack: absent.length, versions: 0 };
}
