import { type ScratchDatabase, SqlError } from "../scratch/scratch.js";

/** A file of `seeds/<database>/`. */
export interface SeedFile {
  readonly path: string;
  readonly sql: string;
}

/** A file that could not be run: none of it is in the database. */
export interface FailedSeed {
  readonly path: string;
  readonly error: SqlError;
}

/** Runs seeds that people wrote, in the order of their paths as `hasura seed apply` does, each in one message. Answers those that failed. */
export async function runUserSeeds(
  database: ScratchDatabase,
  files: readonly SeedFile[],
): Promise<readonly FailedSeed[]> {
  const failed: FailedSeed[] = [];
  const inOrder = [...files].sort((one, other) => (one.path < other.path ? -1 : 1));
  for (const { path, sql } of inOrder) {
    try {
      await database.run(sql);
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      failed.push({ path, error });
      // A file with a BEGIN of its own leaves a transaction that answers nothing any more.
      await database.run("ROLLBACK");
    }
  }
  return failed;
}
