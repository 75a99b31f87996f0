import type { ScratchDatabase, SqlError } from "../scratch/scratch.js";
import { insertDrafts } from "./insertion.js";
import { fillLater } from "./later-references.js";
import { ParentRows } from "./parent-rows.js";
import { type Reference, referencesOf } from "./references.js";
import { readSeedCatalogue, type SeedTable } from "./seed-catalogue.js";
import { literal } from "./sql-text.js";
import type { SeededRow } from "./stored-row.js";
import { orderTables } from "./table-order.js";
import { planTable } from "./table-plan.js";

export interface SeedOptions {
  /** Tables by name, as people write them; without it, those that are empty. */
  readonly tables?: readonly string[];
}

/** What was put in. */
export interface SeedReport {
  /** Parents before children; in a table, plain rows before those that hurt. */
  readonly rows: readonly SeededRow[];
  readonly tables: readonly SeededTable[];
  /** Tables that are still empty, and why. */
  readonly unseeded: readonly UnseededTable[];
}

interface SeededTable {
  readonly table: string;
  readonly rows: number;
  /** How many rows the database would not take. */
  readonly refused: number;
}

interface UnseededTable {
  readonly table: string;
  readonly why: string;
}

/**
 * Puts rows into the tables of a database that hurt a wrong migration: nulls, blanks, leading zeros, extremes, every label of an
 * enum, beside a few plain ones. Constraints and foreign keys are met, triggers fire. The same database gets the same rows.
 */
export async function seedTables(
  database: ScratchDatabase,
  options: SeedOptions = {},
): Promise<SeedReport> {
  const catalogue = await readSeedCatalogue(database);
  const wanted = options.tables ?? (await findEmpty(database, catalogue));
  const tables = new Map(catalogue.map((table) => [table.name, table]));
  const references = catalogue.filter(({ name }) => wanted.includes(name)).flatMap(referencesOf);
  const order = orderTables(
    wanted.filter((name) => tables.has(name)),
    references,
  );
  const parents = new ParentRows(database);
  const seeded: TableOutcome[] = [];
  for (const name of order.tables) {
    const table = tables.get(name);
    if (table === undefined) continue;
    const outcome = await seedTable(database, table, { parents, later: order.later });
    parents.add(name, outcome.rows);
    seeded.push(outcome);
  }
  const rows = await fillLater(database, {
    rows: seeded.flatMap((outcome) => outcome.rows),
    references: references.filter((reference) => order.later.has(reference)),
    parents,
  });
  return reportOf(seeded, rows, await stillEmpty(database, catalogue, seeded));
}

interface TableOutcome {
  readonly table: string;
  readonly rows: readonly SeededRow[];
  readonly refused: number;
  readonly why: string | undefined;
}

interface Seeding {
  readonly parents: ParentRows;
  readonly later: ReadonlySet<Reference>;
}

async function seedTable(
  database: ScratchDatabase,
  table: SeedTable,
  { parents, later }: Seeding,
): Promise<TableOutcome> {
  const plan = await planTable(database, table, { parents, later });
  const { rows, refused, error } = await insertDrafts(database, plan);
  return { table: table.name, rows, refused, why: error && whyNot(plan.unknown, error) };
}

function whyNot(unknown: readonly string[], error: SqlError): string {
  const missing = unknown.length === 0 ? "" : ` (no values are known for ${unknown.join(", ")})`;
  return `${error.message}${missing}`;
}

async function findEmpty(
  database: ScratchDatabase,
  tables: readonly SeedTable[],
): Promise<readonly string[]> {
  if (tables.length === 0) return [];
  const rows = await database.query(
    tables
      .map(({ name, sql, isPartitioned }) => {
        const from = isPartitioned ? sql : `ONLY ${sql}`;
        return `SELECT ${literal(name)} AS name WHERE NOT EXISTS (SELECT FROM ${from})`;
      })
      .join(" UNION ALL "),
  );
  return rows.map(({ name }) => name ?? "");
}

/** A table that took no row may still have got some, from a trigger on another. */
async function stillEmpty(
  database: ScratchDatabase,
  catalogue: readonly SeedTable[],
  seeded: readonly TableOutcome[],
): Promise<readonly string[]> {
  const without = new Set(seeded.filter(({ rows }) => rows.length === 0).map(({ table }) => table));
  return findEmpty(
    database,
    catalogue.filter(({ name }) => without.has(name)),
  );
}

function reportOf(
  seeded: readonly TableOutcome[],
  rows: readonly SeededRow[],
  empty: readonly string[],
): SeedReport {
  return {
    rows,
    tables: seeded
      .filter((outcome) => outcome.rows.length > 0)
      .map(({ table, rows: { length }, refused }) => ({ table, rows: length, refused })),
    unseeded: seeded
      .filter(({ table }) => empty.includes(table))
      .map(({ table, why }) => ({ table, why: why ?? "a trigger or a rule keeps every row out" })),
  };
}
