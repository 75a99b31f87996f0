import { type ScratchDatabase, SqlError } from "../scratch/scratch.js";
import { referencesOf } from "./references.js";
import { removeWithin } from "./removal.js";
import { readSeedCatalogue, type SeedTable } from "./seed-catalogue.js";
import { readSequences, restoreSequences, type SequenceValues } from "./sequences.js";
import { STORED, type StoredRow, storedRow } from "./stored-row.js";
import { orderTables } from "./table-order.js";

/** A row that a migration does not get past, and what PostgreSQL says of it. */
export interface RefusedRow extends StoredRow {
  readonly error: SqlError;
}

/** Runs a migration. Throws the `SqlError` it fails with; must not end the transaction that is open. */
export type Attempt = (database: ScratchDatabase) => Promise<void>;

export interface SearchLimits {
  /** How often the migration may be tried; 60 without it. */
  readonly attempts?: number;
}

/** Whether rows, not the migration's text, are what it failed over: SQLSTATE classes 21, 22 and 23, and what a function raises. */
export function isDataError({ sqlState }: SqlError): boolean {
  return /^2[123]/.test(sqlState) || sqlState === "P0001";
}

/**
 * Finds which rows of some tables a migration refuses: those that it passes without. Of rows that it refuses only together, such as
 * two equal values under a new UNIQUE, the first ones stay. Each attempt runs in a transaction that is rolled back, sequences
 * too. Empty if it passes as it is, and also if it fails with no row at all: then the rows are not the cause.
 *
 * Throws a `SqlError` 2D000 if the migration ends the transaction (a COMMIT of its own): then rows may be gone already.
 */
export async function findRefusedRows(
  database: ScratchDatabase,
  tables: readonly string[],
  attempt: Attempt,
  limits: SearchLimits = {},
): Promise<readonly RefusedRow[]> {
  const catalogue = await readSeedCatalogue(database);
  const rows = await readRows(database, catalogue, tables);
  const sequences = await readSequences(database);
  const search = new Search({ database, catalogue, rows, sequences, attempt }, limits.attempts);
  return search.findRefused();
}

/** Parents before children, in each table in the order in which they are stored: plain ones came first. */
async function readRows(
  database: ScratchDatabase,
  catalogue: readonly SeedTable[],
  tables: readonly string[],
): Promise<readonly StoredRow[]> {
  const order = orderTables(
    catalogue.map(({ name }) => name),
    catalogue.flatMap(referencesOf),
  );
  const rows: StoredRow[] = [];
  for (const name of order.tables) {
    const table = catalogue.find((one) => one.name === name);
    if (table === undefined || !tables.includes(name)) continue;
    const from = table.isPartitioned ? table.sql : `ONLY ${table.sql}`;
    const answer = await database.query(
      `SELECT ${STORED} FROM ${from} AS stored ORDER BY stored.tableoid, stored.ctid`,
    );
    rows.push(...answer.map((row) => storedRow(name, row)));
  }
  return rows;
}

interface World {
  readonly database: ScratchDatabase;
  readonly catalogue: readonly SeedTable[];
  readonly rows: readonly StoredRow[];
  readonly sequences: SequenceValues;
  readonly attempt: Attempt;
}

/** Rows are let in by halves, each on top of those that passed before: what stays has been tried together. */
class Search {
  readonly #world: World;
  readonly #kept: StoredRow[] = [];
  readonly #refused: RefusedRow[] = [];
  #attemptsLeft: number;

  constructor(world: World, attempts = 60) {
    this.#world = world;
    this.#attemptsLeft = attempts;
  }

  async findRefused(): Promise<readonly RefusedRow[]> {
    const error = await this.#tryWith(this.#world.rows);
    if (error === undefined || (await this.#tryWith([])) !== undefined) return [];
    await this.#sift(this.#world.rows, error);
    return this.#refused;
  }

  /** `error` is what comes of these rows on top of those that are kept. */
  async #sift(rows: readonly StoredRow[], error: SqlError): Promise<void> {
    if (rows.length < 2 || this.#attemptsLeft === 0) {
      this.#refused.push(...rows.map((row) => ({ ...row, error })));
      return;
    }
    const half = Math.ceil(rows.length / 2);
    const first = rows.slice(0, half);
    const second = rows.slice(half);
    const ofFirst = await this.#tryWith(first);
    if (ofFirst === undefined) {
      this.#kept.push(...first);
      await this.#sift(second, error);
      return;
    }
    await this.#sift(first, ofFirst);
    const ofSecond = this.#attemptsLeft === 0 ? error : await this.#tryWith(second);
    if (ofSecond === undefined) this.#kept.push(...second);
    else await this.#sift(second, ofSecond);
  }

  async #tryWith(rows: readonly StoredRow[]): Promise<SqlError | undefined> {
    const { database, catalogue, sequences, rows: all } = this.#world;
    const present = new Set([...this.#kept, ...rows]);
    this.#attemptsLeft--;
    await database.run("BEGIN");
    try {
      await removeWithin(
        database,
        catalogue,
        all.filter((row) => !present.has(row)),
      );
      return await this.#outcome();
    } finally {
      await database.run("ROLLBACK");
      await restoreSequences(database, sequences);
    }
  }

  async #outcome(): Promise<SqlError | undefined> {
    const { database, attempt } = this.#world;
    await database.run("SAVEPOINT attempt");
    const error = await attempt(database).then(() => undefined, asSqlError);
    await database.run("ROLLBACK TO SAVEPOINT attempt").catch(refuseEnd);
    return error;
  }
}

/** Without a transaction there is no savepoint to go back to. */
function refuseEnd(cause: unknown): never {
  const message = "the migration ends its transaction itself: its rows cannot be tried one by one";
  throw new SqlError(message, { sqlState: "2D000" }, { cause });
}

function asSqlError(error: unknown): SqlError {
  if (error instanceof SqlError) return error;
  throw error;
}
