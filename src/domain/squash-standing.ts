import type { ReplacedMigration, SquashRecord } from "./squash-record.js";

/**
 * How far an environment is with what a squash replaces.
 *
 * - `applied`: the squash itself, and nothing of what it replaces is left in the state.
 * - `none`: neither the squash nor any part of it; it may run.
 * - `all`: every part; the squash is to be marked, not run.
 * - `some`: the parts in `missing` were not applied, or nobody can tell; it must not run.
 */
export type SquashStanding =
  | { readonly kind: "applied" }
  | { readonly kind: "none" }
  | { readonly kind: "all" }
  | {
      readonly kind: "some";
      readonly applied: readonly string[];
      readonly missing: readonly string[];
    };

/**
 * Reads the standing from the versions an environment holds. A squash that took the version of its last part cannot be told
 * from that part by the version alone: where no other part is there, it is the squash.
 */
export function squashStanding(
  squash: { readonly version: string; readonly record: Pick<SquashRecord, "replaces"> },
  held: ReadonlySet<string>,
): SquashStanding {
  const parts = squash.record.replaces;
  const others = namedVersions(parts).filter((version) => version !== squash.version);
  const othersHeld = others.filter((version) => held.has(version));
  if (othersHeld.length === 0) return { kind: held.has(squash.version) ? "applied" : "none" };
  const missing = parts.filter((part) => !isApplied(part, held)).map(({ version }) => version);
  if (missing.length === 0) return { kind: "all" };
  const applied = namedVersions(parts).filter((version) => held.has(version));
  return { kind: "some", applied, missing };
}

function isApplied(part: ReplacedMigration, held: ReadonlySet<string>): boolean {
  if (held.has(part.version)) return true;
  const nested = part.replaces ?? [];
  return nested.length > 0 && nested.every((one) => isApplied(one, held));
}

/** Every version that the record names, those of nested squashes too, each once. */
function namedVersions(parts: readonly ReplacedMigration[]): readonly string[] {
  return [
    ...new Set(parts.flatMap((part) => [part.version, ...namedVersions(part.replaces ?? [])])),
  ];
}
