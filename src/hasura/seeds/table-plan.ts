import type { ScratchDatabase } from "../scratch/scratch.js";
import { acceptedValues } from "./accepted-values.js";
import {
  type ChosenColumn,
  chooseValues,
  nullRowOf,
  type Rank,
  ranksFor,
  startOf,
} from "./choice.js";
import { type ParentRow, type ParentRows, pickParent } from "./parent-rows.js";
import { type Reference, referencesOf } from "./references.js";
import type { SeedTable } from "./seed-catalogue.js";

/** A row to try: a value for each column that is not left to the database. */
export interface Draft {
  readonly rank: Rank;
  /** Counted among all rows of the table. */
  readonly number: number;
  readonly values: ReadonlyMap<string, string | null>;
}

export interface TablePlan {
  readonly table: SeedTable;
  /** The columns whose values may be exchanged for plainer ones. */
  readonly chosen: readonly ChosenColumn[];
  readonly drafts: readonly Draft[];
  /** Columns that must have a value and whose type is not known here: `shape (geometry)`. */
  readonly unknown: readonly string[];
}

export interface PlanContext {
  readonly parents: ParentRows;
  /** The foreign keys that are filled in once all tables have rows. */
  readonly later: ReadonlySet<Reference>;
}

/** Which rows to try for a table. Asks the database only what its CHECKs let in, and for rows to refer to. */
export async function planTable(
  database: ScratchDatabase,
  table: SeedTable,
  { parents, later }: PlanContext,
): Promise<TablePlan> {
  const references = referencesOf(table).map((reference) => ({
    ...reference,
    isLater: [...later].some(({ foreignKey }) => foreignKey === reference.foreignKey),
  }));
  const now = references.filter(({ isLater }) => !isLater);
  const referring = new Set(now.flatMap(({ foreignKey }) => foreignKey.columns));
  const waiting = new Set(references.flatMap(({ isLater, nullable }) => (isLater ? nullable : [])));
  const open = table.columns.filter(
    ({ name, isMadeByDatabase }) => !isMadeByDatabase && !referring.has(name) && !waiting.has(name),
  );
  const chosen: ChosenColumn[] = [];
  const unknown: string[] = [];
  for (const column of open) {
    const accepted = await acceptedValues(database, table, column);
    if (accepted !== undefined) chosen.push(accepted);
    else if (!column.isNullable && !column.hasDefault)
      unknown.push(`${column.name} (${column.typeName})`);
  }
  const referred: Referred[] = [];
  for (const reference of now) {
    referred.push({ reference, rows: await parents.of(reference.foreignKey) });
  }
  return { table, chosen, drafts: draftRows(chosen, referred), unknown };
}

interface Referred {
  readonly reference: Reference;
  readonly rows: readonly ParentRow[];
}

function draftRows(
  chosen: readonly ChosenColumn[],
  referred: readonly Referred[],
): readonly Draft[] {
  const ranks = ranksFor(chosen);
  const choice = chooseValues(chosen, ranks);
  const nullRows = new Map(
    referred.map(({ reference }) => [
      reference,
      reference.canWait ? nullRowOf(startOf(reference.foreignKey.name), ranks) : -1,
    ]),
  );
  return ranks.map((rank, number) => {
    const values = new Map<string, string | null>();
    const place = ranks.slice(0, number).filter((other) => other === rank).length;
    for (const [column, list] of choice) values.set(column, list[number] ?? null);
    const given = new Map<string, string | null>();
    for (const { reference, rows } of referred) {
      const found = nullRows.get(reference) === number ? undefined : rows;
      refer(reference, found, { rank, place, given, own: values });
    }
    return { rank, number, values: new Map([...values, ...given]) };
  });
}

interface Referring {
  readonly rank: Rank;
  readonly place: number;
  /** What foreign keys gave to columns so far; more is added. */
  readonly given: Map<string, string | null>;
  readonly own: ReadonlyMap<string, string | null>;
}

/** Without a parent the nullable columns are null; a key that must refer to its own table refers to its own row. */
function refer(
  reference: Reference,
  rows: readonly ParentRow[] | undefined,
  { rank, place, given, own }: Referring,
): void {
  const { foreignKey, nullable, number } = reference;
  const picked = pickParent(foreignKey, rows ?? [], { rank, place: place + number }, given);
  const parent = picked?.row ?? (refersToItself(reference) ? Object.fromEntries(own) : {});
  for (const [index, column] of foreignKey.columns.entries()) {
    const value = parent[foreignKey.parentColumns[index] ?? ""];
    if (given.has(column)) continue;
    if (value !== undefined) given.set(column, value);
    else if (nullable.includes(column)) given.set(column, null);
  }
}

function refersToItself({ table, parent, nullable }: Reference): boolean {
  return table === parent && nullable.length === 0;
}
