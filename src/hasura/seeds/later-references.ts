import { type ScratchDatabase, SqlError } from "../scratch/scratch.js";
import { type ParentRows, pickParent } from "./parent-rows.js";
import type { Reference } from "./references.js";
import { literal, quotedName } from "./sql-text.js";
import { isRow, type SeededRow, STORED, storedRow, tryQuery } from "./stored-row.js";

interface Later {
  readonly rows: readonly SeededRow[];
  readonly references: readonly Reference[];
  readonly parents: ParentRows;
}

/** Fills in the foreign keys that had to wait, and answers all rows as they are then. What is refused stays null. */
export async function fillLater(
  database: ScratchDatabase,
  { rows, references, parents }: Later,
): Promise<readonly SeededRow[]> {
  const filled = [...rows];
  for (const reference of references) {
    for (const [index, row] of filled.entries()) {
      if (row.table !== reference.table) continue;
      const own = filled.filter(({ table }) => table === row.table);
      const place = own.indexOf(row);
      const changes = await changesOf(reference, row, { own, place, parents });
      filled[index] = await changed(database, row, { changes, reference });
    }
  }
  return filled;
}

interface Among {
  /** All rows of the row's table. */
  readonly own: readonly SeededRow[];
  readonly place: number;
  readonly parents: ParentRows;
}

/** In a table that refers to itself rows refer to plain ones before them: no circle is made, and little hangs on a row that hurts. */
async function changesOf(
  { foreignKey, nullable, number, table, parent }: Reference,
  row: SeededRow,
  { own, place, parents }: Among,
): Promise<ReadonlyMap<string, string | null>> {
  const before = own.slice(0, place).filter(({ rank }) => rank === 0);
  const rows = table === parent ? before : await parents.of(foreignKey);
  const isLast = table !== parent && place > 0 && place === own.length - 1;
  const kept = foreignKey.columns.filter((column) => !nullable.includes(column));
  const given = new Map(kept.map((column) => [column, row.row[column] ?? null]));
  const picked = pickParent(foreignKey, rows, { rank: row.rank, place: place + number }, given);
  if (picked === undefined || isLast) return new Map();
  const parentsValue = (column: string) =>
    picked.row[foreignKey.parentColumns[foreignKey.columns.indexOf(column)] ?? ""] ?? null;
  return new Map(nullable.map((column) => [column, parentsValue(column)]));
}

interface Changes {
  readonly changes: ReadonlyMap<string, string | null>;
  readonly reference: Reference;
}

async function changed(
  database: ScratchDatabase,
  row: SeededRow,
  { changes, reference }: Changes,
): Promise<SeededRow> {
  if (changes.size === 0) return row;
  const set = [...changes].map(([column, value]) => `${quotedName(column)} = ${literal(value)}`);
  const answer = await tryQuery(
    database,
    `UPDATE ${reference.tableSql} SET ${set.join(", ")} WHERE ${isRow(row)} RETURNING ${STORED}`,
  );
  const [now] = answer instanceof SqlError ? [] : answer;
  return now === undefined ? row : { ...storedRow(row.table, now), rank: row.rank };
}
