import type { Row } from "../../domain/catalogue.js";
import type { ScratchDatabase } from "../scratch/scratch.js";
import type { Rank } from "./choice.js";
import type { ForeignKey } from "./seed-catalogue.js";
import { quotedNames } from "./sql-text.js";

/** A row that a foreign key can refer to. */
export interface ParentRow {
  readonly rank: Rank;
  readonly row: Row;
}

/** What rows refer to: those seeded before, or those that a table had. */
export class ParentRows {
  readonly #database: ScratchDatabase;
  readonly #seeded = new Map<string, readonly ParentRow[]>();
  readonly #found = new Map<string, readonly ParentRow[]>();

  constructor(database: ScratchDatabase) {
    this.#database = database;
  }

  add(table: string, rows: readonly ParentRow[]): void {
    if (rows.length > 0) this.#seeded.set(table, rows);
  }

  async of({ parent, parentSql, parentColumns }: ForeignKey): Promise<readonly ParentRow[]> {
    const seeded = this.#seeded.get(parent);
    if (seeded !== undefined) return seeded;
    const columns = quotedNames(parentColumns);
    const key = `${parentSql}(${columns})`;
    const found = this.#found.get(key) ?? (await this.#find(parentSql, columns));
    if (found.length > 0) this.#found.set(key, found);
    return found;
  }

  async #find(table: string, columns: string): Promise<readonly ParentRow[]> {
    const rows = await this.#database.query(
      `SELECT ${columns} FROM ${table} ORDER BY ${columns} LIMIT 32`,
    );
    return rows.map((row) => ({ rank: 0, row }));
  }
}

/** Where a child row stands: its rank, and its place among the rows of that rank. */
export interface ChildPlace {
  readonly rank: Rank;
  readonly place: number;
}

/**
 * The parent of a child: one of its own rank if there is one, so that letting go of a row that hurts takes no plain child along.
 * `given` are values that the child's columns already have: two foreign keys may share a column.
 */
export function pickParent(
  { columns, parentColumns }: ForeignKey,
  parents: readonly ParentRow[],
  { rank, place }: ChildPlace,
  given: ReadonlyMap<string, string | null>,
): ParentRow | undefined {
  const fitting = parents.filter(({ row }) =>
    columns.every((column, index) => {
      const value = row[parentColumns[index] ?? ""] ?? null;
      return value !== null && (!given.has(column) || given.get(column) === value);
    }),
  );
  const equals = fitting.filter((parent) => parent.rank === rank);
  const from = equals.length > 0 ? equals : fitting;
  return from[place % from.length];
}
