import type { Snapshot } from "../../domain/catalogue.js";
import { readSnapshot } from "../catalogue/snapshot.js";
import type { Scratch, ScratchDatabase } from "../scratch/scratch.js";
import { seedTables } from "../seeds/seed-tables.js";

/** The database in which a folder is played through, migration by migration, and what it looks like now. */
export class Stage implements AsyncDisposable {
  readonly scratch: Scratch;
  /** What the folder needed and nobody made, in the order in which it was found: lines for the prelude. */
  readonly made: string[] = [];
  #database: ScratchDatabase;
  #seen: Snapshot;

  private constructor(scratch: Scratch, database: ScratchDatabase, seen: Snapshot) {
    this.scratch = scratch;
    this.#database = database;
    this.#seen = seen;
  }

  /** An empty database, or one in which the prelude stands. Throws a `SqlError` of the prelude. */
  static async open(scratch: Scratch, prelude: string | undefined): Promise<Stage> {
    const database = await scratch.database();
    if (prelude !== undefined) await database.run(prelude);
    return new Stage(scratch, database, await readSnapshot(database));
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

  /** Gives rows to the tables that have none. Answers what stands there then. */
  async seed(): Promise<Snapshot> {
    const { rows } = await seedTables(this.#database);
    return rows > 0 ? this.look() : this.#seen;
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
