import { type ScratchDatabase, SqlError } from "../scratch/scratch.js";
import { acceptedValues } from "./accepted-values.js";
import { type ChosenColumn, chooseValues, rankAt } from "./choice.js";
import { ParentRows, pickParent } from "./parent-rows.js";
import { referencesOf } from "./references.js";
import { readSeedCatalogue, type SeedTable } from "./seed-catalogue.js";
import { withoutTriggers } from "./silent-triggers.js";
import { literal, quotedName } from "./sql-text.js";
import { isRow, STORED, type StoredRow, storedRow, tryQuery } from "./stored-row.js";

export interface NewColumn {
  /** As people write it, the schema left out where it is `public`. */
  readonly table: string;
  readonly column: string;
}

export interface FilledColumn extends NewColumn {
  /** How many rows have a value now. */
  readonly filled: number;
}

/**
 * Writes values that hurt into columns that a migration added and left null in every row, so that a down which loses them shows.
 * What the database refuses stays null. Columns that have values, and tables without rows, are left as they are, and so are all other
 * columns: no trigger of the user's fires.
 */
export async function fillNew(
  database: ScratchDatabase,
  columns: readonly NewColumn[],
): Promise<readonly FilledColumn[]> {
  if (columns.length === 0) return [];
  const filled: FilledColumn[] = [];
  for (const table of await readSeedCatalogue(database)) {
    const named = columns.filter((one) => one.table === table.name).map(({ column }) => column);
    if (named.length === 0) continue;
    const fill = () => fillTable(database, table, named);
    filled.push(...(await withoutTriggers(database, table.sql, fill)));
  }
  return filled;
}

async function fillTable(
  database: ScratchDatabase,
  table: SeedTable,
  named: readonly string[],
): Promise<readonly FilledColumn[]> {
  const rows = await readFirst(database, table);
  const isNew = (name: string) =>
    named.includes(name) && rows.length > 0 && rows.every(({ row }) => row[name] === null);
  const given = await valuesFor(database, table, { rows, isNew });
  const counts = new Map([...given.keys()].map((column) => [column, 0]));
  for (const [number, row] of rows.entries()) {
    const values = [...given].map(([column, list]) => [column, list[number] ?? null] as const);
    const { columns } = await write(database, { table, row, values });
    for (const column of columns) counts.set(column, (counts.get(column) ?? 0) + 1);
  }
  return [...counts].map(([column, filled]) => ({ table: table.name, column, filled }));
}

/** In a large table, which the user's own seeds can make, the first rows are enough. */
async function readFirst(
  database: ScratchDatabase,
  { name, sql, isPartitioned }: SeedTable,
): Promise<readonly StoredRow[]> {
  const from = isPartitioned ? sql : `ONLY ${sql}`;
  const answer = await database.query(
    `SELECT ${STORED} FROM ${from} AS stored ORDER BY stored.tableoid, stored.ctid LIMIT 48`,
  );
  return answer.map((row) => storedRow(name, row));
}

interface Filling {
  readonly rows: readonly StoredRow[];
  readonly isNew: (column: string) => boolean;
}

/** For each new column its value in each row. */
async function valuesFor(
  database: ScratchDatabase,
  table: SeedTable,
  { rows, isNew }: Filling,
): Promise<ReadonlyMap<string, readonly (string | null)[]>> {
  const ranks = rows.map((_, number) => rankAt(number));
  const referred = await referredValues(database, table, { rows, isNew });
  const chosen: ChosenColumn[] = [];
  for (const column of table.columns) {
    if (!isNew(column.name) || column.isMadeByDatabase || referred.has(column.name)) continue;
    const accepted = await acceptedValues(database, table, column);
    if (accepted !== undefined) chosen.push(accepted);
  }
  const others = table.columns.map(({ name }) => rows.map(({ row }) => row[name] ?? null));
  return new Map([...chooseValues(chosen, ranks, others), ...referred]);
}

async function referredValues(
  database: ScratchDatabase,
  table: SeedTable,
  { rows, isNew }: Filling,
): Promise<ReadonlyMap<string, readonly (string | null)[]>> {
  const parents = new ParentRows(database);
  const values = new Map<string, readonly (string | null)[]>();
  for (const { foreignKey, number } of referencesOf(table)) {
    const open = foreignKey.columns.filter((column) => isNew(column) && !values.has(column));
    const kept = foreignKey.columns.filter((column) => !isNew(column));
    const from = await parents.of(foreignKey);
    const picked = rows.map(({ row }, place) => {
      const given = new Map(kept.map((column) => [column, row[column] ?? null]));
      return pickParent(foreignKey, from, { rank: 0, place: place + number }, given)?.row;
    });
    for (const column of open) {
      const parentColumn = foreignKey.parentColumns[foreignKey.columns.indexOf(column)] ?? "";
      const list = picked.map((row) => row?.[parentColumn] ?? null);
      values.set(column, list);
    }
  }
  return values;
}

interface Writing {
  readonly table: SeedTable;
  readonly row: StoredRow;
  readonly values: readonly (readonly [column: string, value: string | null])[];
}

interface Written {
  readonly columns: readonly string[];
  /** The row as it is stored now. */
  readonly row: StoredRow;
}

/** All columns at once, or else those that the database takes alone. */
async function write(database: ScratchDatabase, { table, row, values }: Writing): Promise<Written> {
  const some = values.filter(([, value]) => value !== null);
  if (some.length === 0) return { columns: [], row };
  const set = some.map(([column, value]) => `${quotedName(column)} = ${literal(value)}`).join(", ");
  const update = `UPDATE ${table.sql} SET ${set} WHERE ${isRow(row)} RETURNING ${STORED}`;
  const answer = await tryQuery(database, update);
  if (!(answer instanceof SqlError)) {
    const [now] = answer;
    if (now === undefined) return { columns: [], row };
    return { columns: some.map(([column]) => column), row: storedRow(table.name, now) };
  }
  if (some.length === 1) return { columns: [], row };
  const half = Math.ceil(some.length / 2);
  const first = await write(database, { table, row, values: some.slice(0, half) });
  const second = await write(database, { table, row: first.row, values: some.slice(half) });
  return { columns: [...first.columns, ...second.columns], row: second.row };
}
