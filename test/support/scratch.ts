import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Difference, Snapshot } from "#src/domain/catalogue.js";
import { compareSnapshots } from "#src/domain/catalogue-comparison.js";
import { isDadosferaError } from "#src/domain/errors.js";
import { readSnapshot } from "#src/hasura/catalogue/snapshot.js";
import { startPostgres } from "#src/hasura/scratch/postgres.js";
import type { Scratch, ScratchDatabase } from "#src/hasura/scratch/scratch.js";
import { PACKAGE_ROOT } from "./package-root.js";

/** At least one object of every kind that a snapshot holds. */
export const RICH_SCHEMA = readFileSync(
  join(PACKAGE_ROOT, "test/hasura/fixtures/rich-schema.sql"),
  "utf8",
);

/** A real PostgreSQL 15, or nothing where this machine has no binaries of it. */
export async function findPostgres15(): Promise<Scratch | undefined> {
  try {
    return await startPostgres({ major: 15 });
  } catch (error) {
    if (isDadosferaError(error) && error.message.includes("no binaries")) return undefined;
    throw error;
  }
}

/** What a text changes, in words; the database is as before afterwards. */
export async function changeOf(database: ScratchDatabase, sql: string): Promise<readonly string[]> {
  return (await differencesOf(database, sql)).map((difference) => difference.words);
}

async function differencesOf(
  database: ScratchDatabase,
  sql: string,
): Promise<readonly Difference[]> {
  const before: Snapshot = await readSnapshot(database);
  await database.run("BEGIN");
  try {
    await database.run(sql);
    return compareSnapshots(before, await readSnapshot(database));
  } finally {
    await database.run("ROLLBACK");
  }
}
