import type { Snapshot } from "../../domain/catalogue.js";
import type { ScratchDatabase } from "../scratch/scratch.js";
import { seedTables } from "../seeds/seed-tables.js";
import { plainName } from "../seeds/sql-text.js";
import { OwnSeeds, type SeedFile } from "./own-seeds.js";

/** Which rows a database was given, and which tables would take none. */
export class Sowing {
  readonly #own: OwnSeeds;
  /** What each table that took no row looked like then: asked again only when that changes. */
  readonly #barren = new Map<string, string>();

  constructor(own: readonly SeedFile[]) {
    this.#own = new OwnSeeds(own);
  }

  /** Gives rows to tables that have none, the user's own first. Whether anything came of it. */
  async sow(database: ScratchDatabase, seen: Snapshot): Promise<boolean> {
    const isOwnSown = await this.#own.sow(database, tablesOf(seen));
    const worthwhile = emptyTables(seen).filter(
      (table) => this.#barren.get(table) !== soil(seen, table),
    );
    if (worthwhile.length === 0 && !isOwnSown) return false;
    const { rows } = await seedTables(database);
    const isSown = isOwnSown || rows.length > 0;
    if (!isSown) for (const table of worthwhile) this.#barren.set(table, soil(seen, table));
    return isSown;
  }
}

/** Gives rows to tables that were not there before, and to no other: what became of the others is still to be seen. */
export async function sowNew(
  database: ScratchDatabase,
  before: Snapshot,
  { objects, rows }: Snapshot,
): Promise<boolean> {
  const known = new Set(before.objects.filter(isTable).map(({ name }) => name));
  const filled = new Set(rows.filter((table) => table.rows.length > 0).map(({ table }) => table));
  const fresh = objects
    .filter((object) => isTable(object) && !known.has(object.name) && !filled.has(object.name))
    .map(({ name }) => plainName(name));
  if (fresh.length === 0) return false;
  const seeded = await seedTables(database, { tables: fresh });
  return seeded.rows.length > 0;
}

function isTable({ kind }: Snapshot["objects"][number]): boolean {
  return kind === "table";
}

function tablesOf({ rows }: Snapshot): ReadonlySet<string> {
  return new Set(rows.map(({ table }) => plainName(table)));
}

function emptyTables({ rows }: Snapshot): readonly string[] {
  return rows.filter((table) => table.rows.length === 0).map(({ table }) => table);
}

/** All on which it depends whether a table takes a row: what belongs to it, and which tables have rows to refer to. */
function soil(seen: Snapshot, table: string): string {
  const own = seen.objects.filter(
    ({ name, traits }) => name === table || traits["table"] === table,
  );
  return JSON.stringify([own, emptyTables(seen)]);
}
