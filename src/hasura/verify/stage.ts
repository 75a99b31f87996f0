import type { Snapshot } from "../../domain/catalogue.js";
import { DadosferaError } from "../../domain/errors.js";
import { type Migration, migrationLabel, type SqlFile } from "../../domain/migration.js";
import { readSnapshot } from "../catalogue/snapshot.js";
import { type Scratch, type ScratchDatabase, SqlError } from "../scratch/scratch.js";
import type { SeedFile } from "./own-seeds.js";
import { Replay } from "./replay-bare.js";
import { runFile } from "./run-file.js";
import { Sowing } from "./sowing.js";
import { lineOf, sqlWords } from "./sql-failure.js";
import { namesMadeBy, type Unmade } from "./unmade.js";

/** What stands before the first migration, and what people put into its tables. */
export interface Ground {
  readonly prelude: SqlFile | undefined;
  readonly seeds: readonly SeedFile[];
}

interface Opened extends Ground {
  readonly seen: Snapshot;
}

/** The database in which a folder is played through, migration by migration, and what it looks like now. */
export class Stage implements AsyncDisposable {
  readonly scratch: Scratch;
  /** What the folder needed and nobody made, in the order in which it was found: lines for the prelude. */
  readonly made: string[] = [];
  /** Migrations whose up could not run here. */
  readonly unmade: Unmade[] = [];
  #database: ScratchDatabase;
  readonly #sowing: Sowing;
  readonly #replay: Replay;
  #seen: Snapshot;

  private constructor(scratch: Scratch, database: ScratchDatabase, opened: Opened) {
    this.scratch = scratch;
    this.#database = database;
    this.#sowing = new Sowing(opened.seeds);
    this.#replay = new Replay(scratch, opened.prelude);
    this.#seen = opened.seen;
  }

  /** An empty database, or one in which the prelude stands. Throws SCRATCH_REFUSED for a prelude that does not run. */
  static async open(scratch: Scratch, { prelude, seeds }: Ground): Promise<Stage> {
    const database = await scratch.database();
    if (prelude !== undefined) await runPrelude(database, prelude);
    return new Stage(scratch, database, { prelude, seeds, seen: await readSnapshot(database) });
  }

  /** Another one after `guarded` had to go on with a copy. */
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
    if (await this.#sowing.sow(this.#database, this.#seen)) await this.look();
  }

  /** Makes what no migration makes, and goes on as if it had always been there. Throws a `SqlError`. */
  async make(sql: string): Promise<void> {
    await this.#database.run(sql);
    this.made.push(sql);
    this.note(sql);
    await this.look();
  }

  /** Notes an up that could not run, for those that build on it. */
  async miss(migration: Pick<Migration, "version" | "name" | "up">): Promise<void> {
    const names = await namesMadeBy(migration.up?.sql ?? "");
    this.unmade.push({ label: migrationLabel(migration), names });
  }

  /** Notes what ran, for `failsBare`. */
  note(sql: string): void {
    this.#replay.note(sql);
  }

  /** Whether a text fails over rows where there are none but those that the migrations themselves make. */
  failsBare(sql: string): Promise<boolean> {
    return this.#replay.fails(sql);
  }

  copy(): Promise<ScratchDatabase> {
    return this.scratch.database(this.#database);
  }

  /** Does what may leave a mark even where it fails, as a file does that ends its own transaction: the stage then goes on with a copy. */
  async guarded(act: (database: ScratchDatabase) => Promise<void>): Promise<void> {
    const copy = await this.copy();
    try {
      await act(this.#database);
    } catch (error) {
      await this.#database[Symbol.asyncDispose]();
      this.#database = copy;
      throw error;
    }
    await copy[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#replay[Symbol.asyncDispose]();
    await this.#database[Symbol.asyncDispose]();
  }
}

async function runPrelude(database: ScratchDatabase, { sql, path }: SqlFile): Promise<void> {
  try {
    await runFile(database, sql);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    const line = lineOf(error, sql);
    const place = line === undefined ? path : `${path}:${line}`;
    throw new DadosferaError(
      {
        code: "SCRATCH_REFUSED",
        happened: `The prelude ${place} does not run: ${sqlWords(error)}.`,
        now: "No migration was tried, and nothing was changed.",
        next: "Correct the prelude: it is run once, in one transaction, in an empty database.",
      },
      { cause: error },
    );
  }
}
