import type { CatalogueObject, Snapshot } from "./catalogue.js";

/**
 * The snapshot without what sequences went forward since the other: numbers that were given out never come back, and nobody misses them.
 * One that went backwards stays as it is: it would give out numbers that rows carry.
 */
export function withoutAdvance(before: Snapshot, after: Snapshot): Snapshot {
  const values = new Map(
    before.objects.filter(isSequence).map(({ name, traits }) => [name, traits] as const),
  );
  const objects = after.objects.map((object) => {
    const old = isSequence(object) ? values.get(object.name) : undefined;
    return old !== undefined && isAhead(object.traits, old)
      ? { ...object, traits: { ...object.traits, value: old["value"] ?? null } }
      : object;
  });
  return { ...after, objects };
}

type Traits = CatalogueObject["traits"];

function isSequence({ kind }: CatalogueObject): boolean {
  return kind === "sequence";
}

/** Sequences that count downwards are ahead where their value is less. */
function isAhead(traits: Traits, old: Traits): boolean {
  const [value, oldValue] = [traits["value"], old["value"]];
  if (value == null || oldValue == null) return false;
  const step = BigInt(traits["increment"] ?? "1") < 0n ? -1n : 1n;
  return step * (BigInt(value) - BigInt(oldValue)) > 0n;
}
