import type { Trouble } from "./errors.js";
import { byVersion, type Migration, migrationLabel } from "./migration.js";

/** The migrations from one version to another, both included; or everything that stands in the way of naming them. */
export type SquashRange =
  | { readonly kind: "range"; readonly migrations: readonly Migration[] }
  | { readonly kind: "refused"; readonly troubles: readonly Trouble[] };

/** Takes the range out of a folder, which is sorted by version. `to` is the folder's last migration if left out. */
export function squashRange(
  migrations: readonly Migration[],
  from: string,
  to: string | undefined,
): SquashRange {
  const first = find(migrations, from);
  const last = to === undefined ? migrations.at(-1) : find(migrations, to);
  const unknown = [...(first ? [] : [from]), ...(last || to === undefined ? [] : [to])];
  if (first === undefined || last === undefined) {
    return refused(unknown.map((version) => notFound(migrations, version)));
  }
  if (byVersion(first, last) > 0) return refused([backwards(first, last)]);
  if (byVersion(first, last) === 0) return refused([single(first)]);
  const range = migrations.filter(
    (migration) => byVersion(first, migration) <= 0 && byVersion(migration, last) <= 0,
  );
  return { kind: "range", migrations: range };
}

function find(migrations: readonly Migration[], version: string): Migration | undefined {
  if (!/^\d+$/.test(version)) return undefined;
  return migrations.find((migration) => BigInt(migration.version) === BigInt(version));
}

function refused(troubles: readonly Trouble[]): SquashRange {
  return { kind: "refused", troubles };
}

/** The three lines for a version that no file of the folder carries. */
function notFound(migrations: readonly Migration[], version: string): Trouble {
  const first = migrations[0];
  const last = migrations.at(-1);
  return {
    code: "MIGRATION_NOT_FOUND",
    happened: `Did not squash: the folder has no migration of version ${version}.`,
    now: "Nothing was changed.",
    next:
      first && last
        ? `Name one of its ${migrations.length} versions, from ${migrationLabel(first)} to ${migrationLabel(last)}.`
        : "The folder holds no migrations; name another with `--directory` or `--database`.",
  };
}

function backwards(first: Migration, last: Migration): Trouble {
  return {
    code: "SQUASH_REFUSED",
    happened: `Did not squash: ${migrationLabel(first)} comes after ${migrationLabel(last)}.`,
    now: "Nothing was changed.",
    next: `Exchange them: \`--from ${last.version} --to ${first.version}\`.`,
  };
}

function single(migration: Migration): Trouble {
  return {
    code: "SQUASH_REFUSED",
    happened: `Did not squash: ${migrationLabel(migration)} is one migration, and there is nothing to join it with.`,
    now: "Nothing was changed.",
    next: "Name a later version with `--to`, or an earlier one with `--from`.",
  };
}
