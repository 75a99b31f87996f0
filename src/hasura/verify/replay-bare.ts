import type { SqlFile } from "../../domain/migration.js";
import { type Scratch, type ScratchDatabase, SqlError } from "../scratch/scratch.js";
import { isDataError } from "../seeds/refused-rows.js";
import { runFile } from "./run-file.js";

/** The same migrations in a database in which nobody but they makes rows. It is played only when somebody asks. */
export class Replay implements AsyncDisposable {
  readonly #scratch: Scratch;
  #texts: string[];
  #database: ScratchDatabase | undefined;
  #isAstray = false;

  constructor(scratch: Scratch, prelude: SqlFile | undefined) {
    this.#scratch = scratch;
    this.#texts = prelude === undefined ? [] : [prelude.sql];
  }

  /** Notes what ran. */
  note(sql: string): void {
    this.#texts.push(sql);
  }

  /** Whether a text fails over rows. False also where the replay went astray, as over a role that the server has already. */
  async fails(sql: string): Promise<boolean> {
    this.#database ??= await this.#scratch.database();
    const behind = this.#texts;
    this.#texts = [];
    for (const text of behind) {
      this.#isAstray ||= (await refusalOf(() => this.#run(text))) !== undefined;
    }
    if (this.#isAstray) return false;
    const refusal = await refusalOf(() => this.#run(`BEGIN; ${sql}\n; ROLLBACK`));
    await this.#database.run("ROLLBACK");
    return refusal !== undefined && isDataError(refusal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#database?.[Symbol.asyncDispose]();
  }

  async #run(sql: string): Promise<void> {
    if (this.#database !== undefined) await runFile(this.#database, sql);
  }
}

async function refusalOf(act: () => Promise<void>): Promise<SqlError | undefined> {
  try {
    await act();
    return undefined;
  } catch (error) {
    if (error instanceof SqlError) return error;
    throw error;
  }
}
