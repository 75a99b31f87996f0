import type { Finding } from "#src/domain/verdict.js";

/**
 * The words in which differences are expected. They stand in one place, so that the corpus holds no second opinion
 * on a phrase. Counts are written `N`, for they depend on the rows that seeds bring; `isNamed` compares without them.
 */
export const lost = (object: string, what: string): string => `${object}: ${bare(what)} was lost`;

export const appeared = (object: string, what: string): string =>
  `${object}: ${bare(what)} was ${what === "NOT NULL" ? "added" : "left over"}`;

export const changed = (object: string, what: string, before: string, after: string): string => {
  if (what === "the labels") return `${object}: enum `;
  if (what === "the definition") return `${object}: definition `;
  return `${object}: ${bare(what)} ${before} became ${after}`;
};

/** The object stood before, and does not stand after the down. */
export const gone = (kind: string, object: string): string => `${object}: ${kind} is gone`;

/** The object did not stand before, and stands after the down. */
export const leftBehind = (kind: string, object: string): string =>
  `${object}: ${kind} was left over`;

/** Which columns leapt and which made room is for whoever tells it to say. */
export const moved = (column: string, _before: number, _after: number): string =>
  `${column.slice(0, column.lastIndexOf("."))}: column order changed`;

export const becameNull = (column: string): string => `${column}: N of N values became null`;

export const valuesDiffer = (column: string): string => `${column}: N of N values differ`;

export const rowsGone = (table: string): string => `${table}: N of N rows are gone`;

export const rowsAdded = (table: string): string => `${table}: N rows were left over`;

/** `down.sql: 42601`: the file that PostgreSQL refused, and its SQLSTATE. */
export const refused = (direction: "up" | "down", sqlState: string): string =>
  `${direction}.sql: ${sqlState}`;

export const missing = (direction: "up" | "down"): string => `${direction}.sql: missing`;

/** A file of blanks or comments, which Hasura refuses with `EmptyQuery`. */
export const nothingToRun = (direction: "up" | "down"): string =>
  `${direction}.sql: holds no statement`;

/** The console's comment whose first line only is one (hasura/graphql-engine #7211). */
export const halfCommented = (direction: "up" | "down"): string =>
  `${direction}.sql: half commented`;

export const needsExtension = (name: string): string => `cannot prove here: ${name}`;

/** `(school_id)=(977)`: the columns that refer, and the key that is missing. */
export const needsRow = (table: string, key: string): string =>
  `needs a row that no migration makes: ${table} ${key}`;

export const nothingToProveOn = (table: string): string => `${table}: holds no row to prove it on`;

/** What a verdict says, in the words that are expected here: file and SQLSTATE first where a file is at fault. */
export function phrasesOf(findings: readonly Finding[]): readonly string[] {
  return findings.flatMap((finding) => [finding.words, ...filePhrases(finding)]);
}

function filePhrases({ rule, words, file = "" }: Finding): readonly string[] {
  const direction = file.endsWith("up.sql") ? "up" : "down";
  const sqlState = /\((\w{5})\)$/.exec(words)?.[1] ?? "";
  switch (rule) {
    case "syntax":
      return [refused(direction, "42601")];
    case "up-failed":
    case "down-failed":
    case "needs-object":
      return [refused(direction, sqlState)];
    case "no-up":
      return [missing("up")];
    case "no-down":
      return [missing("down")];
    case "no-statement":
    case "console-comment":
      return [nothingToRun(direction)];
    case "half-commented":
      return [halfCommented(direction)];
    case "engine-lacks":
      return [needsExtension(/the extension (.+)$/.exec(words)?.[1] ?? "")];
    case "no-rows":
      return [nothingToProveOn(words.split(" has no row here")[0] ?? "")];
    default:
      return [];
  }
}

/** Whether one of the said words holds the expected ones. Who tells of a renaming names the old object and the new. */
export function isNamed(expected: string, said: readonly string[]): boolean {
  const plain = said.map(withoutCounts);
  const [, object = "", kind = "", what] =
    /^(.*): ([\w ]+) (is gone|was left over)$/.exec(expected) ?? [];
  const name = object.slice(object.lastIndexOf(".") + 1);
  const renamed = {
    "is gone": `${object}: ${kind} was renamed to `,
    "was left over": `: ${kind} was renamed to ${name}`,
  }[what ?? ""];
  return plain.some(
    (words) =>
      words.includes(withoutCounts(expected)) || (renamed !== undefined && words.includes(renamed)),
  );
}

/** `"école": 1 of 6 rows is gone` as `école: N of N rows are gone`. */
function withoutCounts(words: string): string {
  return words
    .replaceAll('"', "")
    .replace(/\b\d+ of \d+ (value|row)s?\b/, "N of N $1s")
    .replace(/(N of N rows) is gone/, "$1 are gone")
    .replace(/(N of N values) differs/, "$1 differ")
    .replace(/\b\d+ rows? (?:was|were) left over/, "N rows were left over");
}

function bare(what: string): string {
  return what.replace(/^the /, "");
}
