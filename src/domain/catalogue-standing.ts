import type { CatalogueObject } from "./catalogue.js";

/** On which side of a change a database stands. */
export type Standing =
  | { readonly kind: "applied" }
  | { readonly kind: "not applied" }
  /** It is like neither, or the change does not show. */
  | { readonly kind: "unclear"; readonly differences: readonly string[] };

export interface Sides {
  readonly before: readonly CatalogueObject[];
  readonly after: readonly CatalogueObject[];
  readonly live: readonly CatalogueObject[];
}

/**
 * Compares a database with what it would be before and after a change, in that alone which the change changes: objects that come or go, and
 * traits that become others. A trait that is like neither says nothing, since servers differ in how they write one (PostgreSQL 15 a view
 * otherwise than 18): the change is one transaction, so that what else it changes tells of it as well.
 */
export function standingAmong(sides: Sides): Standing {
  const changes = changesBetween(byIdentity(sides.before), byIdentity(sides.after));
  if (changes.length === 0) {
    return {
      kind: "unclear",
      differences: [
        "what it changes (rows, owners or the values of sequences) does not show in the catalogue",
      ],
    };
  }
  const present = byIdentity(sides.live);
  const like = (side: "before" | "after") =>
    changes.filter((change) => isLike(present.get(change.key), change[side], change));
  const [before, after] = [like("before"), like("after")];
  if (before.length === 0 && after.length > 0) return { kind: "applied" };
  if (after.length === 0 && before.length > 0) return { kind: "not applied" };
  const isMixed = before.length > 0;
  return {
    kind: "unclear",
    differences: [
      ...words(isMixed ? before : changes, "applied"),
      ...words(isMixed ? after : changes, "not applied"),
    ],
  };
}

interface Change {
  readonly key: string;
  readonly before: CatalogueObject | undefined;
  readonly after: CatalogueObject | undefined;
  /** Those that differ, where the object is on both sides. */
  readonly traits: readonly string[];
}

type Objects = ReadonlyMap<string, CatalogueObject>;

function byIdentity(objects: readonly CatalogueObject[]): Objects {
  return new Map(objects.map((object) => [`${object.kind} ${object.name}`, object]));
}

function changesBetween(before: Objects, after: Objects): readonly Change[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const [old, now] = [before.get(key), after.get(key)];
    const traits = changedTraits(old, now);
    const isOnOneSide = old === undefined || now === undefined;
    return isOnOneSide || traits.length > 0 ? [{ key, before: old, after: now, traits }] : [];
  });
}

/** Places move with every column that comes before; who owns a thing depends on the server; a sequence goes on by itself. */
const ELSEWHERE: ReadonlySet<string> = new Set(["position", "owner", "value"]);

function changedTraits(
  one: CatalogueObject | undefined,
  other: CatalogueObject | undefined,
): readonly string[] {
  const names = new Set([...Object.keys(one?.traits ?? {}), ...Object.keys(other?.traits ?? {})]);
  return [...names].filter(
    (name) => !ELSEWHERE.has(name) && (one?.traits[name] ?? null) !== (other?.traits[name] ?? null),
  );
}

/** An object that the change makes or drops counts by being there: servers differ in how they write it. */
function isLike(
  live: CatalogueObject | undefined,
  side: CatalogueObject | undefined,
  { before, after, traits }: Change,
): boolean {
  if (live === undefined || side === undefined) return live === side;
  if (before === undefined || after === undefined) return true;
  return traits.every((name) => (live.traits[name] ?? null) === (side.traits[name] ?? null));
}

function words(changes: readonly Change[], standing: string): readonly string[] {
  const [first] = changes;
  const more = changes.length > 1 ? ` and ${changes.length - 1} more` : "";
  return first === undefined
    ? []
    : [`${first.key}${more} is not as it would be if it were ${standing}`];
}
