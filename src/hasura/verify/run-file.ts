import type { ScratchDatabase } from "../scratch/scratch.js";

/**
 * Runs a file as Hasura's `run_sql` does, one message and one transaction, and then lets go of what it set for its session:
 * which connection of Hasura's pool the next file gets is nobody's to say. Throws a `SqlError`.
 */
export async function runFile(database: ScratchDatabase, sql: string): Promise<void> {
  await database.run(sql);
  // A transaction that the file began and did not end, Hasura ends with the request.
  if (/\b(?:begin|start|prepare)\b/i.test(sql)) await database.run("COMMIT");
  await forgetSession(database);
}

export async function forgetSession(database: ScratchDatabase): Promise<void> {
  await database.run("SET SESSION AUTHORIZATION DEFAULT; RESET ALL");
}
