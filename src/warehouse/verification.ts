import type { Compared, TableName } from "../domain/destination.js";
import { aliased, baseline, columnList, sameIn, savedColumns } from "./back-up.js";
import { beyondBookmark, countOf, cursorText, first, tableSql } from "./destination.js";
import type { Row, Runner } from "./session.js";
import { identifier, joined, type Sql, sql } from "./sql.js";

/** What a comparison by key and cursor finds. */
export interface KeyComparison {
  readonly kind: "by-key";
  /** Distinct keys of the window before the change. */
  readonly keysBefore: number;
  /** Keys of which no row with an equal or newer cursor stands in the table. */
  readonly lostKeys: number;
  /** Up to five of them, as text. */
  readonly lostExamples: readonly string[];
  /** Pairs of key and cursor that stand in the table more often than before. */
  readonly doubled: number;
  /** Rows of the back-ups whose pair of key and cursor does not stand in the table; missing where nobody counted. */
  readonly gone?: number;
}

/** What a job without keys can be told by: counts and whole rows. */
export interface RowComparison {
  readonly kind: "by-row";
  readonly rowsBefore: number;
  readonly rowsNow: number;
  /** Rows of the back-up that do not stand in the table unchanged: updated or deleted at the source, or lost. */
  readonly notUnchanged: number;
}

/** Compares the table with the back-ups, by key and cursor. */
export async function compareByKey(runner: Runner, compared: Compared): Promise<KeyComparison> {
  const keys = compared.identity.keys;
  const counts = first(
    await runner.rows(
      sql`SELECT COUNT(*) AS LOST, (SELECT COUNT(*) FROM (${newestBefore(compared)})) AS KEYS_BEFORE, (SELECT COUNT(*) FROM (${goneRows(compared)})) AS GONE FROM (${lostKeys(compared)})`,
    ),
  );
  const doubled = await countDoubled(runner, compared);
  const examples = await runner.rows(
    sql`SELECT ${joined(
      keys.map((key) => sql`TO_VARCHAR(${identifier(key)}) AS ${identifier(key)}`),
      ", ",
    )} FROM (${lostKeys(compared)}) ORDER BY ${columnList(keys)} LIMIT 5`,
  );
  return {
    kind: "by-key",
    keysBefore: countOf(counts, "KEYS_BEFORE"),
    lostKeys: countOf(counts, "LOST"),
    lostExamples: examples.map((row) => keys.map((key) => String(row[key])).join("/")),
    doubled,
    gone: countOf(counts, "GONE"),
  };
}

function goneRows({ table, backUps, window, identity }: Compared): Sql {
  const { keys, cursor } = identity;
  const told = cursor === undefined ? keys : [...keys, cursor.column];
  return sql`SELECT 1 AS ONE FROM (${baseline(backUps, told, window, identity)}) g WHERE NOT EXISTS (SELECT 1 FROM ${tableSql(table)} t WHERE ${sameIn(told, "t", "g")})`;
}

/** Pairs of key and cursor that stand in the window more often than in the back-ups, or than once where there are none. */
export async function countDoubled(runner: Runner, compared: Compared): Promise<number> {
  const row = first(
    await runner.rows(sql`SELECT COUNT(*) AS DOUBLED FROM (${doubledRows(compared)})`),
  );
  return countOf(row, "DOUBLED");
}

/** Compares the table with the back-ups where no keys are known. */
export async function compareByRow(runner: Runner, compared: Compared): Promise<RowComparison> {
  const { table, backUps, window, identity } = compared;
  const columns = backUps[0]?.columns ?? [];
  const before = baseline(backUps, columns, window, identity);
  const row = first(
    await runner.rows(sql`SELECT (SELECT COUNT(*) FROM (${before})) AS ROWS_BEFORE,
      (SELECT COUNT(*) FROM ${tableSql(table)} WHERE ${beyondBookmark(window)}) AS ROWS_NOW,
      (SELECT COUNT(*) FROM (${before}) o WHERE NOT EXISTS (SELECT 1 FROM ${tableSql(table)} t WHERE ${sameIn(columns, "t", "o")})) AS NOT_UNCHANGED`),
  );
  return {
    kind: "by-row",
    rowsBefore: countOf(row, "ROWS_BEFORE"),
    rowsNow: countOf(row, "ROWS_NOW"),
    notUnchanged: countOf(row, "NOT_UNCHANGED"),
  };
}

/** Keys of the back-ups' window of which no row with an equal or newer cursor stands in the table. */
export function lostKeys(compared: Compared): Sql {
  const { table, identity } = compared;
  const keys = identity.keys;
  const asNew =
    identity.cursor === undefined
      ? sql`TRUE`
      : sql`(o.NEWEST_BEFORE IS NULL OR ${aliased("t", identity.cursor.column)} >= o.NEWEST_BEFORE)`;
  return sql`SELECT ${columnList(keys, "o")} FROM (${newestBefore(compared)}) o WHERE NOT EXISTS (SELECT 1 FROM ${tableSql(table)} t WHERE ${sameIn(keys, "t", "o")} AND ${asNew})`;
}

/** Rows outside the window, now and in the first back-up. A run that reckons by another clock or bound brings such rows again. */
export async function countOutside(
  runner: Runner,
  { table, backUps, window }: Compared,
): Promise<{ readonly before: number; readonly now: number }> {
  const [saved] = backUps;
  if (window.kind === "all" || saved === undefined) return { before: 0, now: 0 };
  const outside = sql`NOT COALESCE(${beyondBookmark(window)}, FALSE)`;
  const row = first(
    await runner.rows(
      sql`SELECT (SELECT COUNT(*) FROM ${tableSql(saved.table)} WHERE ${outside}) AS ROWS_BEFORE, (SELECT COUNT(*) FROM ${tableSql(table)} WHERE ${outside}) AS ROWS_NOW`,
    ),
  );
  return { before: countOf(row, "ROWS_BEFORE"), now: countOf(row, "ROWS_NOW") };
}

/** Rows of the window, how far the added columns are filled, and the newest cursor: reported, not judged. */
export async function measureFill(
  runner: Runner,
  { table, window, identity }: Compared,
  columns: readonly string[],
): Promise<{
  readonly rows: number;
  readonly filled: Readonly<Record<string, number>>;
  readonly newest?: string;
}> {
  const fills = columns.map(
    (column, index) => sql`COUNT(${identifier(column)}) AS ${identifier(`FILLED_${index}`)}`,
  );
  const newest =
    identity.cursor === undefined
      ? sql`NULL`
      : cursorText(sql`MAX(${identifier(identity.cursor.column)})`, identity.cursor.type);
  const row = first(
    await runner.rows(
      sql`SELECT ${joined([sql`COUNT(*) AS ROWS_NOW`, sql`${newest} AS NEWEST`, ...fills], ", ")} FROM ${tableSql(table)} WHERE ${beyondBookmark(window)}`,
    ),
  );
  return {
    rows: countOf(row, "ROWS_NOW"),
    filled: Object.fromEntries(
      columns.map((column, index) => [column, countOf(row, `FILLED_${index}`)]),
    ),
    ...newestOf(row),
  };
}

/** Rows, and rows beyond the first of a key, of the deduplicated object; undefined where it is not there. */
export async function countDeduplicated(
  runner: Runner,
  object: TableName,
  keys: readonly string[],
): Promise<{ readonly rows: number; readonly keys: number }> {
  const row = first(
    await runner.rows(
      sql`SELECT COUNT(*) AS OBJECT_ROWS, (SELECT COUNT(*) FROM (SELECT DISTINCT ${columnList(keys)} FROM ${tableSql(object)})) AS OBJECT_KEYS FROM ${tableSql(object)}`,
    ),
  );
  return { rows: countOf(row, "OBJECT_ROWS"), keys: countOf(row, "OBJECT_KEYS") };
}

/** Keys whose row in the deduplicated object lacks a value that the newest raw row of the key has. */
export async function countBehind(
  runner: Runner,
  object: TableName,
  { table, identity }: Pick<Compared, "table" | "identity">,
  [inRaw, inObject]: readonly [string, string],
): Promise<number> {
  const { keys, cursor } = identity;
  const order =
    cursor === undefined ? columnList(keys) : sql`${identifier(cursor.column)} DESC NULLS LAST`;
  const newest = sql`SELECT ${columnList(keys)}, ${identifier(inRaw)} AS FILLED, ROW_NUMBER() OVER (PARTITION BY ${columnList(keys)} ORDER BY ${order}) AS POSITION FROM ${tableSql(table)}`;
  const row = first(
    await runner.rows(
      sql`SELECT COUNT(*) AS BEHIND FROM (${newest}) n JOIN ${tableSql(object)} o ON ${sameIn(keys, "n", "o")} WHERE n.POSITION = 1 AND n.FILLED IS NOT NULL AND ${aliased("o", inObject)} IS NULL`,
    ),
  );
  return countOf(row, "BEHIND");
}

function newestBefore({ backUps, window, identity }: Compared): Sql {
  const keys = columnList(identity.keys);
  const newest =
    identity.cursor === undefined ? sql`NULL` : sql`MAX(${identifier(identity.cursor.column)})`;
  return sql`SELECT ${keys}, ${newest} AS NEWEST_BEFORE FROM (${baseline(backUps, savedColumns(backUps), window, identity)}) GROUP BY ${keys}`;
}

function doubledRows({ table, backUps, window, identity }: Compared): Sql {
  const columns =
    identity.cursor === undefined ? identity.keys : [...identity.keys, identity.cursor.column];
  const list = columnList(columns);
  const saved =
    backUps.length === 0
      ? sql`SELECT ${list} FROM ${tableSql(table)} WHERE FALSE`
      : baseline(backUps, savedColumns(backUps), window, identity);
  const before = sql`SELECT ${list}, COUNT(*) AS TIMES FROM (${saved}) GROUP BY ${list}`;
  const now = sql`SELECT ${list}, COUNT(*) AS TIMES FROM ${tableSql(table)} WHERE ${beyondBookmark(window)} GROUP BY ${list}`;
  return sql`SELECT n.TIMES FROM (${now}) n LEFT JOIN (${before}) o ON ${sameIn(columns, "n", "o")} WHERE n.TIMES > GREATEST(1, COALESCE(o.TIMES, 0))`;
}

function newestOf(row: Row): { readonly newest?: string } {
  const newest = row["NEWEST"];
  return typeof newest === "string" ? { newest: newest.replace(/\.0+$/, "") } : {};
}
