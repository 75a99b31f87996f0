import { byVersion } from "./migration.js";
import type { ReplacedMigration, SquashRecord } from "./squash-record.js";

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

/** How much of a squash a database has; a squash among its parts counts by itself, or by parts of its own. */
interface Extent {
  /**
   * - `done`: the squash itself is listed.
   * - `none`: nothing of it is; it may run.
   * - `all`: every part is; the squash is to be marked, not run.
   * - `some`: those in `missing` are not, or nobody can tell; it must not run.
   */
  readonly standing: "none" | "some" | "all" | "done";
  /** Parts that are listed one by one, in the order in which they run. */
  readonly present: readonly ReplacedMigration[];
  /** In the same order; a squash of which nothing is there, as one. */
  readonly missing: readonly ReplacedMigration[];
  /** Parts that are still listed beside the squash that they are in. */
  readonly leftover: readonly ReplacedMigration[];
}

export interface Fold extends Extent {
  readonly squash: PlannedMigration;
  readonly record: SquashRecord;
}

/** Where the database stands with each squash of the folder. */
export function foldsOf(request: Squashed): readonly Fold[] {
  return sortedByVersion(request.migrations).flatMap((squash) => {
    const record = request.squashes.get(squash.version);
    if (record === undefined) return [];
    const { version } = squash;
    return [{ squash, record, ...extentOf({ ...record, version }, request) }];
  });
}

/** Everything that a record names, what squashes among it replaced too, each before its own parts. */
export function everyPart(parts: readonly ReplacedMigration[]): readonly ReplacedMigration[] {
  return parts.flatMap((part) => [part, ...everyPart(part.replaces ?? [])]);
}

/** Whether this is the file that the resource applied; it remembers how the hash begins. */
export function wasApplied(
  { version, up }: Pick<PlannedMigration, "version" | "up">,
  applied: ReadonlyMap<string, string>,
): boolean {
  const known = applied.get(version);
  return known !== undefined && up?.startsWith(known) === true;
}

export function sortedByVersion(
  migrations: readonly PlannedMigration[],
): readonly PlannedMigration[] {
  return [...migrations].sort(byVersion);
}

type Whole = Pick<ReplacedMigration, "version" | "up" | "replaces">;
type Known = Pick<Squashed, "state" | "applied">;

function extentOf(whole: Whole, known: Known): Extent {
  const { version, replaces = [] } = whole;
  const listed = everyPart(replaces).filter(
    (part) => part.version !== version && known.state.has(part.version),
  );
  if (known.state.has(version) && !standsForPart(whole, listed, known)) {
    return { standing: "done", present: [], missing: [], leftover: listed };
  }
  const extents = [...replaces].sort(byVersion).map((part) => ({ part, ...extentOf(part, known) }));
  const present = extents.flatMap((one) => (one.standing === "done" ? [one.part] : one.present));
  const missing = extents.flatMap((one) => (one.standing === "none" ? [one.part] : one.missing));
  const leftover = extents.flatMap((one) => one.leftover);
  return { standing: standingOf(present.length, missing.length), present, missing, leftover };
}

function standingOf(present: number, missing: number): Extent["standing"] {
  if (present === 0) return "none";
  return missing === 0 ? "all" : "some";
}

/**
 * A squash may carry the version of its last part. Beside other parts it is the part that is listed; alone it is the squash, unless this
 * resource ran the part without the others. Where it ran them all, the squash was marked and the state was never told.
 */
function standsForPart(
  { version, up, replaces = [] }: Whole,
  listed: readonly ReplacedMigration[],
  { applied }: Known,
): boolean {
  const namesakes = everyPart(replaces).filter((part) => part.version === version);
  if (namesakes.length === 0) return false;
  if (listed.length > 0) return true;
  const ranPart = namesakes.some((part) => part.up !== up && wasApplied(part, applied));
  return ranPart && !replaces.every((part) => wasAppliedWhole(part, applied));
}

function wasAppliedWhole(part: ReplacedMigration, applied: ReadonlyMap<string, string>): boolean {
  const { replaces = [] } = part;
  const inParts = replaces.length > 0 && replaces.every((one) => wasAppliedWhole(one, applied));
  return inParts || wasApplied(part, applied);
}
