import { byVersion, type Migration } from "../../domain/migration.js";
import type { MigrationFolder } from "../folder.js";
import { gitFolder } from "../git.js";
import { readOriginals } from "../originals.js";
import { raise } from "../verify/raise.js";
import type { Stage } from "../verify/stage.js";

/** Plays ups in order, without rows. Answers the first that does not run, undefined if all do. */
export async function replay(
  stage: Stage,
  migrations: readonly Migration[],
  onPlayed: (migration: Migration) => Promise<void> = async () => undefined,
): Promise<Migration | undefined> {
  for (const migration of migrations) {
    const { isDone } = await raise(stage, migration, []);
    if (!isDone) return migration;
    await onPlayed(migration);
  }
  return undefined;
}

/**
 * The migrations that made a database what it is: those of the folder, and in the place of a squash of which parts are listed, its parts,
 * from git. Throws MIGRATION_NOT_FOUND where git lacks them.
 */
export async function migrationsBehind(
  folder: MigrationFolder,
  applied: ReadonlySet<string>,
): Promise<readonly Migration[]> {
  const found = await Promise.all(folder.migrations.map((one) => inItsPlace(one, folder, applied)));
  const seen = new Map(found.flat().map((one) => [one.version, one] as const));
  return [...seen.values()].filter(({ version }) => applied.has(version)).sort(byVersion);
}

async function inItsPlace(
  migration: Migration,
  folder: MigrationFolder,
  applied: ReadonlySet<string>,
): Promise<readonly Migration[]> {
  const reading = folder.squashes.get(migration.version);
  if (reading?.kind !== "record") return [migration];
  const { record } = reading;
  const isInParts = record.replaces.some(
    ({ version }) => version !== migration.version && applied.has(version),
  );
  if (!isInParts) return [migration];
  const { root } = await gitFolder(folder.directory);
  return readOriginals(root, record);
}
