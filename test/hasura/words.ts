/**
 * The words in which differences are expected. They stand in one place, so that the corpus holds no second opinion
 * on a phrase; where a count depends on the rows that seeds bring, it is written `N`, and `withoutCounts` makes it so.
 */
export const lost = (object: string, what: string): string => `${object}: ${what} was lost`;

export const appeared = (object: string, what: string): string => `${object}: ${what} was added`;

export const changed = (object: string, what: string, before: string, after: string): string =>
  `${object}: ${what} was ${before}, is ${after}`;

/** The object stood before, and does not stand after the down. */
export const gone = (kind: string, object: string): string => `${object}: the ${kind} is gone`;

/** The object did not stand before, and stands after the down. */
export const leftBehind = (kind: string, object: string): string =>
  `${object}: the ${kind} was left behind`;

export const moved = (column: string, before: number, after: number): string =>
  `${column}: position was ${before}, is ${after}`;

export const becameNull = (column: string): string => `${column}: N of N values became null`;

export const valuesDiffer = (column: string): string => `${column}: N of N values differ`;

export const rowsGone = (table: string): string => `${table}: N of N rows are gone`;

export const rowsAdded = (table: string): string => `${table}: N rows were added`;

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

export const needsRow = (table: string, key: string): string =>
  `${table}: needs a row that no migration makes, ${key}`;

export const nothingToProveOn = (table: string): string => `${table}: holds no row to prove it on`;

/** `students: 2 of 6 rows are gone` as `students: N of N rows are gone`. */
export const withoutCounts = (words: string): string =>
  words
    .replace(/\b\d+ of \d+ (values|rows)\b/, "N of N $1")
    .replace(/\b\d+ rows? (?:was|were) added\b/, "N rows were added");
