import { byVersion } from "./migration.js";
import type { SquashRecord } from "./squash-record.js";

/** A migration as a plan needs it: by the hashes of its files. */
export interface PlannedMigration {
  readonly version: string;
  readonly name: string;
  readonly up?: string | undefined;
  readonly down?: string | undefined;
}

/** A folder with squashes, and a database that was migrated from it, or from what it was before. */
export interface Squashed {
  readonly migrations: readonly PlannedMigration[];
  readonly squashes: ReadonlyMap<string, SquashRecord>;
  readonly state: ReadonlyMap<string, boolean>;
  /** By version, how the hash of the up file that this resource applied or took over begins. */
  readonly applied: ReadonlyMap<string, string>;
}

/** How much of a squash a database has. */
export interface Fold {
  readonly squash: PlannedMigration;
  readonly record: SquashRecord;
  readonly standing: "none" | "some" | "all" | "done";
  /** Parts that are applied and still listed one by one. */
  readonly present: readonly string[];
  readonly missing: readonly SquashRecord["replaces"][number][];
}

/** Where the database stands with each squash of the folder. */
export function foldsOf(request: Squashed): readonly Fold[] {
  return sortedByVersion(request.migrations).flatMap((squash) => {
    const record = request.squashes.get(squash.version);
    return record === undefined ? [] : [foldOf(squash, record, request)];
  });
}

function foldOf(
  squash: PlannedMigration,
  record: SquashRecord,
  { state, applied }: Pick<Squashed, "state" | "applied">,
): Fold {
  const parts = [...record.replaces].sort(byVersion);
  const last = parts.find(({ version }) => version === squash.version);
  const others = parts.filter((part) => part !== last && state.has(part.version));
  const isListed = state.has(squash.version);
  // A squash may carry the version of its last part: listed alone it is the squash, unless this resource ran the part.
  const isPart =
    isListed &&
    last !== undefined &&
    (others.length > 0 || (wasApplied(last, applied) && last.up !== record.up));
  const present = parts.filter((part) => others.includes(part) || (isPart && part === last));
  const missing = parts.filter((part) => !present.includes(part));
  return {
    squash,
    record,
    standing: standingOf(isListed && !isPart, present.length, missing.length),
    present: present.map(({ version }) => version),
    missing,
  };
}

/** Whether this is the file that the resource applied; it remembers how the hash begins. */
export function wasApplied(
  { version, up }: Pick<PlannedMigration, "version" | "up">,
  applied: ReadonlyMap<string, string>,
): boolean {
  const known = applied.get(version);
  return known !== undefined && up?.startsWith(known) === true;
}

function standingOf(isDone: boolean, present: number, missing: number): Fold["standing"] {
  if (isDone) return "done";
  if (present === 0) return "none";
  return missing === 0 ? "all" : "some";
}

export function sortedByVersion(
  migrations: readonly PlannedMigration[],
): readonly PlannedMigration[] {
  return [...migrations].sort(byVersion);
}
