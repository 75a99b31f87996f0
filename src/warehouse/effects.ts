import type { Compared, Identity, TableName, Window } from "../domain/destination.js";
import { DadosferaError } from "../domain/errors.js";
import { baseline, columnList, sameIn, savedColumns } from "./back-up.js";
import { beyondBookmark, countOf, cursorValue, first, tableSql } from "./destination.js";
import type { Runner } from "./session.js";
import { identifier, type Sql, sql } from "./sql.js";
import { lostKeys } from "./verification.js";

/** Deletes the window. Its transaction must compare the count with the back-up's before it commits. */
export function deleteWindow(table: TableName, window: Window): Sql {
  return sql`DELETE FROM ${tableSql(table)} WHERE ${beyondBookmark(window)}`;
}

/** Compares a count inside a transaction; a difference throws, which rolls it back. */
export function expectCount(what: string, expected: number, counted: number): void {
  if (expected === counted) return;
  throw new DadosferaError({
    code: "TABLE_MOVED",
    happened: `Expected ${expected} rows ${what}, and Snowflake counted ${counted}: the table moved meanwhile.`,
    now: "The transaction was rolled back.",
    next: "Run `pulumi up` again.",
  });
}

/** How far a restore reaches: up to a cursor value, rows without one included, or everywhere. */
export interface Reach {
  readonly deletedUpTo: string | undefined;
  readonly restoredUpTo: string | undefined;
}

/** Puts the window's rows back as the back-ups hold them, in the caller's transaction; answers how many. */
export async function restoreWindow(
  runner: Runner,
  compared: Compared,
  reach: Reach,
): Promise<number> {
  const { table, backUps, window, identity } = compared;
  const columns = savedColumns(backUps);
  const saved = sql`SELECT ${columnList(columns)} FROM (${baseline(backUps, columns, window, identity)}) WHERE ${upTo(reach.restoredUpTo, identity)}`;
  const count = async (rows: Sql) =>
    countOf(first(await runner.rows(sql`SELECT COUNT(*) AS TOTAL FROM (${rows})`)), "TOTAL");
  const now = sql`SELECT 1 AS ONE FROM ${tableSql(table)} WHERE ${beyondBookmark(window)}`;
  const expected = await count(saved);
  await runner.run(
    sql`DELETE FROM ${tableSql(table)} WHERE ${beyondBookmark(window)} AND ${upTo(reach.deletedUpTo, identity)}`,
  );
  const kept = await count(now);
  await runner.run(sql`INSERT INTO ${tableSql(table)} (${columnList(columns)}) ${saved}`);
  expectCount("after the restore", kept + expected, await count(now));
  return expected;
}

/** Puts back every row of the keys that did not return, in the caller's transaction; answers how many. */
export async function putBackLost(runner: Runner, compared: Compared): Promise<number> {
  const columns = savedColumns(compared.backUps);
  const rows = baseline(compared.backUps, columns, compared.window, compared.identity);
  const lost = sql`SELECT ${columnList(columns, "r")} FROM (${rows}) r WHERE EXISTS (SELECT 1 FROM (${lostKeys(compared)}) l WHERE ${sameIn(compared.identity.keys, "l", "r")}) AND ${isAbsent(compared)}`;
  return insertCounted(runner, compared.table, columns, lost);
}

/** Puts back the versions of keys that a newer version superseded, in the caller's transaction; answers how many. */
export async function putBackVersions(runner: Runner, compared: Compared): Promise<number> {
  const { table, backUps, window, identity } = compared;
  const columns = savedColumns(backUps);
  const superseded = sql`SELECT ${columnList(columns, "r")} FROM (${baseline(backUps, columns, window, identity)}) r WHERE ${isAbsent(compared)}`;
  return insertCounted(runner, table, columns, superseded);
}

/** True for rows `r` whose pair of key and cursor does not stand in the table. */
function isAbsent({ table, identity }: Compared): Sql {
  const told =
    identity.cursor === undefined ? identity.keys : [...identity.keys, identity.cursor.column];
  return sql`NOT EXISTS (SELECT 1 FROM ${tableSql(table)} t WHERE ${sameIn(told, "t", "r")})`;
}

/** The driver may send an INSERT twice, so the table is counted before and after in the same transaction. */
async function insertCounted(
  runner: Runner,
  table: TableName,
  columns: readonly string[],
  rows: Sql,
): Promise<number> {
  const count = async () =>
    countOf(
      first(await runner.rows(sql`SELECT COUNT(*) AS TOTAL FROM ${tableSql(table)}`)),
      "TOTAL",
    );
  const expected = countOf(
    first(await runner.rows(sql`SELECT COUNT(*) AS ROWS_BACK FROM (${rows})`)),
    "ROWS_BACK",
  );
  if (expected === 0) return 0;
  const before = await count();
  await runner.run(sql`INSERT INTO ${tableSql(table)} (${columnList(columns)}) ${rows}`);
  expectCount("after putting rows back", before + expected, await count());
  return expected;
}

/** Rows up to a cursor value, those without one included; every row where there is none. */
export function upTo(newest: string | undefined, { cursor }: Identity): Sql {
  if (newest === undefined || cursor === undefined) return sql`TRUE`;
  const column = identifier(cursor.column);
  return sql`(${column} <= ${cursorValue(newest, cursor.type)} OR ${column} IS NULL)`;
}
