import type { Snapshot } from "../../domain/catalogue.js";
import { DadosferaError } from "../../domain/errors.js";
import type { SqlFile } from "../../domain/migration.js";
import { readSnapshot } from "../catalogue/snapshot.js";
import { type Scratch, type ScratchDatabase, SqlError } from "../scratch/scratch.js";
import { seedTables } from "../seeds/seed-tables.js";
import { OwnSeeds, type SeedFile } from "./own-seeds.js";
import { forgetSession } from "./run-file.js";
import { sqlWords } from "./sql-failure.js";

/** What stands before the first migration, and what people put into its tables. */
export interface Ground {
  readonly prelude: SqlFile | undefined;
  readonly seeds: readonly SeedFile[];
}

interface Opened {
  readonly seeds: readonly SeedFile[];
  readonly seen: Snapshot;
}

/** The database in which a folder is played through, migration by migration, and what it looks like now. */
export class Stage implements AsyncDisposable {
  readonly scratch: Scratch;
  /** What the folder needed and nobody made, in the order in which it was found: lines for the prelude. */
  readonly made: string[] = [];
  #database: ScratchDatabase;
  readonly #seeds: OwnSeeds;
  #seen: Snapshot;

  private constructor(scratch: Scratch, database: ScratchDatabase, opened: Opened) {
    this.scratch = scratch;
    this.#database = database;
    this.#seeds = new OwnSeeds(database, opened.seeds);
    this.#seen = opened.seen;
  }

  /** An empty database, or one in which the prelude stands. Throws SCRATCH_REFUSED for a prelude that does not run. */
  static async open(scratch: Scratch, { prelude, seeds }: Ground): Promise<Stage> {
    const database = await scratch.database();
    if (prelude !== undefined) await runPrelude(database, prelude);
    return new Stage(scratch, database, { seeds, seen: await readSnapshot(database) });
  }

  get database(): ScratchDatabase {
    return this.#database;
  }

  /** As of the last look. */
  get seen(): Snapshot {
    return this.#seen;
  }

  async look(): Promise<Snapshot> {
    this.#seen = await readSnapshot(this.#database);
    return this.#seen;
  }

  /** Gives rows to the tables that have none, the user's own first. */
  async seed(): Promise<void> {
    if (await this.#seeds.sow(this.#seen)) await this.look();
    if (this.#seen.rows.every(({ rows }) => rows.length > 0)) return;
    const { rows } = await seedTables(this.#database);
    if (rows.length > 0) await this.look();
  }

  /** The same for tables that were not there before, and for no other: what became of the others is still to be seen. */
  async seedNew(before: Snapshot): Promise<void> {
    const known = new Set(before.rows.map(({ table }) => table));
    const tables = this.#seen.rows
      .filter(({ table, rows }) => rows.length === 0 && !known.has(table))
      .map(({ table }) => table);
    if (tables.length > 0) await seedTables(this.#database, { tables });
  }

  /** Makes what no migration makes, and goes on as if it had always been there. */
  async make(sql: string): Promise<void> {
    await this.#database.run(sql);
    this.made.push(sql);
    await this.look();
  }

  copy(): Promise<ScratchDatabase> {
    return this.scratch.database(this.#database);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#database[Symbol.asyncDispose]();
  }
}

async function runPrelude(database: ScratchDatabase, { sql, path }: SqlFile): Promise<void> {
  try {
    await database.run(sql);
    await forgetSession(database);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    throw new DadosferaError(
      {
        code: "SCRATCH_REFUSED",
        happened: `The prelude ${path} does not run: ${sqlWords(error)}.`,
        now: "No migration was tried, and nothing was changed.",
        next: "Correct the prelude: it is run once, in one transaction, in an empty database.",
      },
      { cause: error },
    );
  }
}
