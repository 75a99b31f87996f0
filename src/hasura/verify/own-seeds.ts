import type { Snapshot } from "../../domain/catalogue.js";
import { type ScratchDatabase, SqlError } from "../scratch/scratch.js";
import { parseStatements } from "../statements.js";

/** A file of the project's `seeds/`. */
export interface SeedFile {
  /** Relative to the project. */
  readonly path: string;
  readonly sql: string;
}

/** Seeds that people wrote: each is run as soon as the tables that it names stand there as it wants them. */
export class OwnSeeds {
  readonly #database: ScratchDatabase;
  #pending: readonly SeedFile[];

  constructor(database: ScratchDatabase, files: readonly SeedFile[]) {
    this.#database = database;
    this.#pending = files;
  }

  /** Runs what can be run now, in the order of the paths as `hasura seed apply` does. Whether any was. */
  async sow({ rows }: Snapshot): Promise<boolean> {
    const tables = new Set(rows.map(({ table }) => table));
    const left: SeedFile[] = [];
    for (const file of this.#pending) {
      if (!(await this.#take(file, tables))) left.push(file);
    }
    const isSown = left.length < this.#pending.length;
    this.#pending = left;
    return isSown;
  }

  async #take({ sql }: SeedFile, tables: ReadonlySet<string>): Promise<boolean> {
    const { statements = [] } = await parseStatements(sql);
    const named = [...new Set(statements.flatMap(({ touches }) => touches))];
    if (statements.length === 0 || !named.every((name) => tables.has(name))) return false;
    const failure = await this.#run(sql);
    // Rows made up here may carry the keys of the user's, whose rows are worth more.
    if (failure?.sqlState !== "23505") return failure === undefined;
    const all = named.map((name) => name.split(".").map(quoted).join(".")).join(", ");
    return (await this.#run(`TRUNCATE ${all} CASCADE; ${sql}`)) === undefined;
  }

  async #run(sql: string): Promise<SqlError | undefined> {
    try {
      await this.#database.run(sql);
      return undefined;
    } catch (error) {
      if (error instanceof SqlError) return error;
      throw error;
    }
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
