import { everyPart, type Fold, type PlannedMigration, type Squashed } from "./squash-fold.js";
import type { ReplacedMigration } from "./squash-record.js";

/** A file of the folder, or one that a squash of it replaced. */
export type PlannedFile =
  | { readonly kind: "migration"; readonly migration: PlannedMigration }
  | { readonly kind: "part"; readonly part: ReplacedMigration; readonly of: Fold };

/**
 * The file whose version is dirty. `folds` are those without the dirty version: a squash may carry the version of its last part, and
 * while other parts are listed, it is the part that was begun.
 */
export function dirtyFile(
  version: string,
  folds: readonly Fold[],
  { migrations }: Pick<Squashed, "migrations">,
): PlannedFile | undefined {
  const begun = folds.filter(({ standing }) => standing === "some");
  const tail = partOf(version, begun, ({ missing }) => missing);
  if (tail !== undefined) return tail;
  const migration = migrations.find((one) => one.version === version);
  if (migration !== undefined) return { kind: "migration", migration };
  return partOf(version, folds, ({ record }) => everyPart(record.replaces));
}

function partOf(
  version: string,
  folds: readonly Fold[],
  partsOf: (fold: Fold) => readonly ReplacedMigration[],
): PlannedFile | undefined {
  for (const of of folds) {
    const part = partsOf(of).find((one) => one.version === version);
    if (part !== undefined) return { kind: "part", part, of };
  }
  return undefined;
}

/** The files that made a database what it is, in the order in which they run. */
export function appliedFiles(
  folds: readonly Fold[],
  { migrations, state }: Pick<Squashed, "migrations" | "state">,
): readonly PlannedFile[] {
  return migrations.flatMap((migration): readonly PlannedFile[] => {
    const fold = folds.find(({ squash }) => squash === migration);
    const isListed = fold === undefined ? state.has(migration.version) : fold.standing === "done";
    if (isListed || fold === undefined) return isListed ? [{ kind: "migration", migration }] : [];
    return fold.present.map((part) => ({ kind: "part", part, of: fold }));
  });
}
