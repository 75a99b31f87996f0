import type { Migration } from "../../domain/migration.js";
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
