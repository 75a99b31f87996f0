import type { CatalogueObject, Difference, ObjectKind } from "./catalogue.js";
import { grouped } from "./grouped.js";
import { traitWords } from "./trait-words.js";

/** The differences of schema, of column order, and of the values of sequences. */
export function compareObjects(
  before: readonly CatalogueObject[],
  after: readonly CatalogueObject[],
): readonly Difference[] {
  const old = byIdentity(before);
  const present = byIdentity(after);
  const missing = before.filter((object) => !present.has(identity(object)));
  const extra = after.filter((object) => !old.has(identity(object)));
  const renamed = pairRenamed(missing, extra);
  const moved = new Set([...renamed.keys(), ...renamed.values()]);
  const pairs = before.flatMap((object) => {
    const counterpart = present.get(identity(object));
    return counterpart === undefined ? [] : [{ before: object, after: counterpart }];
  });
  return [
    ...outermost(missing, moved, before).map((object) => schema(object, "is gone")),
    ...outermost(extra, moved, after).map((object) => schema(object, "was left over")),
    ...[...renamed].map(([object, { name }]) => schema(object, `was renamed to ${lastPart(name)}`)),
    ...pairs.flatMap(changedTraits),
    ...positions(pairs, missing.length + extra.length > 0 ? [...missing, ...extra] : []),
  ];
}

interface Pair {
  readonly before: CatalogueObject;
  readonly after: CatalogueObject;
}

function identity({ kind, name }: CatalogueObject): string {
  return `${kind} ${name}`;
}

function byIdentity(objects: readonly CatalogueObject[]): ReadonlyMap<string, CatalogueObject> {
  return new Map(objects.map((object) => [identity(object), object]));
}

/** A missing object and an extra one of its kind, on the same table, that share every trait and are the only such two. */
function pairRenamed(
  missing: readonly CatalogueObject[],
  extra: readonly CatalogueObject[],
): ReadonlyMap<CatalogueObject, CatalogueObject> {
  const candidates = grouped(extra, likeness);
  const alike = grouped(missing, likeness);
  const pairs = [...alike].flatMap(([key, [object, another]]) => {
    const [counterpart, second] = candidates.get(key) ?? [];
    const isClear = another === undefined && second === undefined;
    return object !== undefined && counterpart !== undefined && isClear
      ? [[object, counterpart] as const]
      : [];
  });
  return new Map(pairs);
}

/** Kinds whose traits say what they are: two tables or two empty schemas with equal traits need have nothing in common. */
const RENAMED_KINDS: ReadonlySet<ObjectKind> = new Set([
  "column",
  "constraint",
  "index",
  "sequence",
  "enum",
  "view",
  "materialized view",
  "function",
  "trigger",
  "rule",
  "policy",
]);

function likeness(object: CatalogueObject): string {
  if (!RENAMED_KINDS.has(object.kind)) return identity(object);
  const { column: _, ...traits } = object.traits;
  const sorted = Object.entries(traits).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([object.kind, sorted]);
}

/** A table that is gone takes its columns, constraints, indexes and triggers with it: the table alone is named. */
function outermost(
  objects: readonly CatalogueObject[],
  moved: ReadonlySet<CatalogueObject>,
  all: readonly CatalogueObject[],
): readonly CatalogueObject[] {
  const whole = new Set(objects.filter(isOwner).map(({ name }) => name));
  const owners = new Set(all.filter(isOwner).map(({ name }) => name));
  return objects.filter((object) => {
    const table = object.traits["table"] ?? ownerOf(object, owners);
    return !moved.has(object) && !(table !== undefined && whole.has(table));
  });
}

function isOwner({ kind }: CatalogueObject): boolean {
  return kind === "table" || kind === "view" || kind === "materialized view" || kind === "domain";
}

/** `students.id` is owned by a column of `students`. */
function ownerOf({ traits }: CatalogueObject, owners: ReadonlySet<string>): string | undefined {
  const column = traits["ownedBy"] ?? undefined;
  const table = column?.slice(0, column.lastIndexOf("."));
  return table !== undefined && owners.has(table) ? table : undefined;
}

function schema(object: CatalogueObject, what: string): Difference {
  const { kind, name } = object;
  return { aspect: "schema", object: name, words: `${name}: ${kind} ${what}` };
}

function lastPart(name: string): string {
  return /(?:"(?:[^"]|"")*"|[^."]+)$/.exec(name)?.[0] ?? name;
}

function changedTraits({ before, after }: Pair): readonly Difference[] {
  const traits = new Set([...Object.keys(before.traits), ...Object.keys(after.traits)]);
  return [...traits]
    .filter((trait) => !(before.kind === "column" && trait === "position"))
    .map((trait) => ({
      trait,
      from: before.traits[trait] ?? null,
      to: after.traits[trait] ?? null,
    }))
    .filter(({ from, to }) => from !== to)
    .map(({ trait, from, to }) => ({
      aspect: before.kind === "sequence" && trait === "value" ? "rows" : "schema",
      object: before.name,
      words: `${before.name}: ${traitWords(before.kind, trait, from, to)}`,
    }));
}

/** One difference a table, and only where its columns are the same ones: otherwise the places follow from the columns. */
function positions(
  pairs: readonly Pair[],
  unpaired: readonly CatalogueObject[],
): readonly Difference[] {
  const otherColumns = new Set(
    unpaired.filter(({ kind }) => kind === "column").map(({ traits }) => traits["table"]),
  );
  const columns = pairs.filter(
    ({ before, after }) =>
      before.kind === "column" && before.traits["position"] !== after.traits["position"],
  );
  return [...grouped(columns, ({ before }) => before.traits["table"] ?? "")]
    .filter(([table]) => !otherColumns.has(table))
    .map(([table, moved]) => ({
      aspect: "position",
      object: table,
      words: `${table}: column order changed (${leapt(moved).map(moveWords).join(", ")})`,
    }));
}

/** Without those that only made room: the longest run of columns that are still in their order. */
function leapt(moved: readonly Pair[]): readonly Pair[] {
  const inOrder = moved.toSorted((one, other) => place(one.before) - place(other.before));
  const runs: (readonly Pair[])[] = [];
  for (const pair of inOrder) {
    const shorter = runs.filter((run) => placeOfLast(run) < place(pair.after));
    const longest = shorter.reduce((one, other) => (other.length > one.length ? other : one), []);
    runs.push([...longest, pair]);
  }
  const still = new Set(runs.reduce((one, other) => (other.length > one.length ? other : one), []));
  return inOrder.filter((pair) => !still.has(pair));
}

function place({ traits }: CatalogueObject): number {
  return Number(traits["position"]);
}

function placeOfLast(run: readonly Pair[]): number {
  const last = run.at(-1);
  return last === undefined ? 0 : place(last.after);
}

function moveWords({ before, after }: Pair): string {
  return `${before.traits["column"]} from ${before.traits["position"]} to ${after.traits["position"]}`;
}
