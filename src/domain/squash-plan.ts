import type { Difference } from "./catalogue.js";
import type { Trouble } from "./errors.js";
import { byVersion, type Migration, migrationLabel } from "./migration.js";
import { type MigrationTraits, type TransactionGroup, transactionGroups } from "./squash-groups.js";
import { joinDowns, joinUps } from "./squash-join.js";
import { squashRange } from "./squash-range.js";
import type { ReplacedMigration, SquashRecord } from "./squash-record.js";
import { nameRefusals, partRefusals } from "./squash-refusals.js";

export interface SquashRequest {
  /** The whole folder, by version. */
  readonly migrations: readonly Migration[];
  readonly from: string;
  /** The folder's last migration if left out. */
  readonly to?: string;
  /** What follows the version in the name of the new folder. */
  readonly name: string;
  readonly policy: VersionPolicy;
  /** Of every file that could be parsed, by version; also before the range, whose checks still wait. */
  readonly traits: ReadonlyMap<string, Partial<MigrationTraits>>;
  /** By version. A migration without one counts as not proven. */
  readonly verdicts: ReadonlyMap<string, PartVerdict>;
  /** Losses the user knows of: the object's name, as `students.score`. */
  readonly acceptedLosses: readonly string[];
  /** Of migrations that are squashes themselves, by version. */
  readonly records: ReadonlyMap<string, SquashRecord>;
  /** Of migrations whose `squash.json` cannot be read, by version: why. */
  readonly unreadableRecords?: ReadonlyMap<string, string>;
}

/**
 * Which version a squash gets. `last`: that of its last part, as Hasura's CLI gives it since 2.39 at the latest; an environment
 * that has applied all parts need not run it. `now`: a new one, in milliseconds since 1970, as CLI 2.0.9 gave it.
 */
export type VersionPolicy =
  | { readonly kind: "last" }
  | { readonly kind: "now"; readonly milliseconds: number };

/** What proving a migration alone has shown. */
export type PartVerdict =
  | { readonly kind: "exact" }
  | { readonly kind: "position only" }
  | { readonly kind: "lossy"; readonly losses: readonly Pick<Difference, "object" | "words">[] }
  | { readonly kind: "broken"; readonly why: string }
  | { readonly kind: "not proven"; readonly why: string };

export type SquashPlan =
  | { readonly kind: "refused"; readonly troubles: readonly Trouble[] }
  | { readonly kind: "planned"; readonly groups: readonly SquashGroup[] };

/** What becomes of neighbours in the range: one migration, or a migration that stays as it is. */
export type SquashGroup = Squash | KeptMigration;

export interface Squash {
  readonly kind: "squash";
  readonly version: string;
  readonly name: string;
  readonly parts: readonly Migration[];
  /** As `squash.json` holds it. */
  readonly replaces: readonly ReplacedMigration[];
  readonly up: string;
  readonly down: string;
  /** Why it does not take in what stands before it; not given for the first. */
  readonly split?: string;
}

export interface KeptMigration {
  readonly kind: "kept";
  readonly migration: Migration;
  readonly why: string;
}

/**
 * Decides what a squash of a range of migrations will be. Either everything that stands in its way, or the groups of the range in
 * order: each migration of the range is in one of them. Nothing is read and nothing is written.
 */
export function planSquash(request: SquashRequest): SquashPlan {
  const range = squashRange(request.migrations, request.from, request.to);
  const naming = nameRefusals(request.name);
  if (range.kind === "refused") return refused([...range.troubles, ...naming]);
  const parts = range.migrations.flatMap((migration) => partRefusals(migration, request));
  const troubles = [...naming, ...parts];
  if (troubles.length > 0) return refused(troubles);
  const groups = grouped(range.migrations, request);
  if (!groups.some(({ kind }) => kind === "squash")) return refused([nothingJoins(groups)]);
  const order = orderRefusals(groups, request);
  return order.length > 0 ? refused(order) : { kind: "planned", groups };
}

function refused(troubles: readonly Trouble[]): SquashPlan {
  return { kind: "refused", troubles };
}

function grouped(range: readonly Migration[], request: SquashRequest): readonly SquashGroup[] {
  const deferred = new Set(
    [...request.traits.values()].flatMap(({ up, down }) => [
      ...(up?.deferredTables ?? []),
      ...(down?.deferredTables ?? []),
    ]),
  );
  const groups = transactionGroups(range, (one) => traitsOf(one, request), deferred);
  const squashes = groups.filter(({ migrations }) => migrations.length > 1);
  return groups.map((group) => {
    const number = squashes.indexOf(group);
    const [migration] = group.migrations;
    if (number === -1 && migration) return kept(migration, whyKept(groups, group));
    return squashOf(group, request, squashes.length > 1 ? number : undefined);
  });
}

/** A migration stays alone because of what comes before it, or of what comes after. */
function whyKept(groups: readonly TransactionGroup[], group: TransactionGroup): string {
  return group.split ?? groups[groups.indexOf(group) + 1]?.split ?? "";
}

function kept(migration: Migration, why: string): KeptMigration {
  return { kind: "kept", migration, why };
}

/** `number` is the squash's place among several, from 0; not given for the only one. */
function squashOf(
  { migrations, split }: TransactionGroup,
  request: SquashRequest,
  number: number | undefined,
): Squash {
  const { policy, name } = request;
  const version =
    policy.kind === "last"
      ? (migrations.at(-1)?.version ?? "")
      : String(policy.milliseconds + (number ?? 0));
  return {
    kind: "squash",
    version,
    name: number === undefined ? name : `${name}_${number + 1}`,
    parts: migrations,
    replaces: migrations.map((migration) => replaced(migration, request.records)),
    up: joinUps(migrations.map((one) => joinPart(one, "up", request))),
    down: joinDowns(migrations.map((one) => joinPart(one, "down", request))),
    ...(split === undefined ? {} : { split }),
  };
}

function joinPart(migration: Migration, direction: "up" | "down", request: SquashRequest) {
  const traits = traitsOf(migration, request)[direction];
  return { migration, sql: migration[direction]?.sql ?? "", traits };
}

function replaced(
  migration: Migration,
  records: ReadonlyMap<string, SquashRecord>,
): ReplacedMigration {
  const nested = records.get(migration.version);
  return {
    version: migration.version,
    name: migration.name,
    up: migration.up?.hash ?? "",
    down: migration.down?.hash ?? null,
    ...(nested === undefined ? {} : { replaces: nested.replaces }),
  };
}

/** Every part of the range has traits: `partRefusals` has seen to it. */
function traitsOf({ version }: Migration, { traits }: SquashRequest): MigrationTraits {
  const { up, down } = traits.get(version) ?? {};
  if (up === undefined || down === undefined) throw new Error(`no traits of ${version}`);
  return { up, down };
}

function nothingJoins(groups: readonly SquashGroup[]): Trouble {
  const reasons = groups.flatMap((group) => (group.kind === "kept" ? [group.why] : []));
  return {
    code: "SQUASH_REFUSED",
    happened: `Did not squash: no two neighbours of the range can share one transaction; ${[...new Set(reasons)].join("; ")}.`,
    now: "Nothing was changed.",
    next: "Leave these migrations as they are, or name a range that begins after them.",
  };
}

/** A new version comes after all others; what must run after the squash would then run before it. */
function orderRefusals(
  groups: readonly SquashGroup[],
  { migrations, policy }: SquashRequest,
): readonly Trouble[] {
  const squashes = groups.filter((group) => group.kind === "squash");
  const folded = new Set(squashes.flatMap(({ parts }) => parts.map(({ version }) => version)));
  const staying = migrations.filter(({ version }) => !folded.has(version));
  return squashes.flatMap((squash) => {
    const last = squash.parts.at(-1);
    const overtaken = staying.find((one) => last && byVersion(last, one) < 0);
    const behind = overtaken && byVersion(overtaken, squash) <= 0 ? overtaken : undefined;
    if (policy.kind === "last" || last === undefined) return [];
    if (byVersion(squash, last) <= 0) return [clockBehind(squash, last)];
    return behind === undefined ? [] : [wouldOvertake(squash, behind)];
  });
}

function clockBehind(squash: Squash, last: Migration): Trouble {
  return {
    code: "SQUASH_REFUSED",
    happened: `Did not squash: the new version ${squash.version} is not later than ${migrationLabel(last)}, which it replaces.`,
    now: "Nothing was changed.",
    next: "Set this machine's clock right, or give the squash the version of its last part: `--version-policy last`.",
  };
}

function wouldOvertake(squash: Squash, staying: Migration): Trouble {
  return {
    code: "SQUASH_REFUSED",
    happened: `Did not squash: with the new version ${squash.version} it would run after ${migrationLabel(staying)}, which it must come before.`,
    now: "Nothing was changed.",
    next: "Give the squash the version of its last part: `--version-policy last`.",
  };
}
