import type { ObjectKind } from "./catalogue.js";

/** One changed trait for people: `NOT NULL was lost`, `type text became numeric`, `function body changed`. */
export function traitWords(
  kind: ObjectKind,
  trait: string,
  from: string | null,
  to: string | null,
): string {
  const special = SPECIAL[trait];
  if (special !== undefined) return special(from, to);
  const name = NAMES[trait] ?? trait;
  if (trait === "body" || (isLong(from) && isLong(to))) return `${kind} ${name} changed`;
  if (to === null) return `${name} was lost (${shorten(from)})`;
  if (from === null) return `${name} was left over (${shorten(to)})`;
  return `${name} ${shorten(from)} became ${shorten(to)}`;
}

type Words = (from: string | null, to: string | null) => string;

const SPECIAL: Readonly<Record<string, Words>> = {
  notNull: (_, to) => (to === "true" ? "NOT NULL was added" : "NOT NULL was lost"),
  labels: (from, to) => labelWords(readLabels(from), readLabels(to)),
  grants: (from, to) => grantWords(readGrants(from), readGrants(to)),
  value: (from, to) => `next value ${from ?? "nothing"} became ${to ?? "nothing"}`,
  valid: (_, to) => (to === "true" ? "index became valid" : "index became invalid"),
};

const NAMES: Readonly<Record<string, string>> = {
  defaultPrivileges: "default privileges",
  forceRowSecurity: "forced row security",
  memberOf: "membership",
  ownedBy: "owner column",
  partitionedBy: "partition key",
  partitionFor: "partition bound",
  replicaIdentity: "replica identity",
  rowSecurity: "row security",
};

function isLong(text: string | null): boolean {
  return text !== null && (text.length > LONG || text.includes("\n"));
}

const LONG = 120;

function shorten(text: string | null): string {
  const line = (text ?? "").replaceAll(/\s+/g, " ");
  return line.length > LONG ? `${line.slice(0, LONG)}…` : line;
}

function readLabels(json: string | null): readonly string[] {
  const labels: unknown = JSON.parse(json ?? "[]");
  return Array.isArray(labels) ? labels.map(String) : [];
}

function labelWords(from: readonly string[], to: readonly string[]): string {
  const gone = from.filter((label) => !to.includes(label)).map((label) => `'${label}'`);
  const extra = to.filter((label) => !from.includes(label)).map((label) => `'${label}'`);
  const words = [
    ...(gone.length > 0 ? [`enum ${values(gone)} is gone`] : []),
    ...(extra.length > 0 ? [`enum ${values(extra)} was left over`] : []),
  ];
  if (words.length > 0) return words.join(", ");
  return `enum order changed from ${from.join(", ")} to ${to.join(", ")}`;
}

function readGrants(text: string | null): readonly string[] {
  return text === null ? [] : text.split(", ");
}

/** What was taken away from PostgreSQL's own default is listed with `not`. */
function grantWords(from: readonly string[], to: readonly string[]): string {
  const gone = from.filter((grant) => !to.includes(grant)).map((grant) => `${grant} was lost`);
  const extra = to
    .filter((grant) => !from.includes(grant))
    .map((grant) => `${grant} was left over`);
  return `grant ${[...gone, ...extra].join(", ")}`;
}

function values(labels: readonly string[]): string {
  return `value ${labels.join(", ")}`;
}
