import type { TableName, Window } from "../domain/destination.js";
import { DadosferaError } from "../domain/errors.js";
import { baseline, columnList, sameIn, savedColumns } from "./back-up.js";
import { beyondBookmark, countOf, cursorValue, first, tableSql } from "./destination.js";
import type { Runner } from "./session.js";
import { identifier, type Sql, sql } from "./sql.js";
import { type Compared, lostKeys } from "./verification.js";

/** Deletes the window. Its transaction must compare the count with the back-up's before it commits. */
export function deleteWindow(table: TableName, window: Window): Sql {
  return sql`DELETE FROM ${tableSql(table)} WHERE ${beyondBookmark(window)}`;
}

/** Compares a count inside a transaction; a difference throws, which rolls it back. */
export function expectCount(what: string, expected: number, counted: number): void {
  if (expected === counted) return;
  throw new DadosferaError({
    code: "WAREHOUSE_REFUSED",
    happened: `Expected ${expected} rows ${what}, and Snowflake counted ${counted}: the table moved meanwhile.`,
    now: "The transaction was rolled back.",
    next: "Run `pulumi up` again.",
  });
}

/** Puts the window's rows back as the back-ups hold them, in the caller's transaction; answers how many. */
export async function restoreWindow(
  runner: Runner,
  compared: Compared,
  replaced: Replaced,
): Promise<number> {
  const { table, backUps, window, identity } = compared;
  const columns = savedColumns(backUps);
  const rows = baseline(backUps, columns, window, identity);
  const expected = countOf(
    first(await runner.rows(sql`SELECT COUNT(*) AS SAVED FROM (${rows})`)),
    "SAVED",
  );
  await runner.run(
    sql`DELETE FROM ${tableSql(table)} WHERE ${beyondBookmark(window)} AND ${replacedRows(compared, replaced)}`,
  );
  await runner.run(
    sql`INSERT INTO ${tableSql(table)} (${columnList(columns)}) SELECT ${columnList(columns)} FROM (${rows})`,
  );
  const now = first(
    await runner.rows(
      sql`SELECT COUNT(*) AS RESTORED FROM ${tableSql(table)} WHERE ${beyondBookmark(window)} AND ${replacedRows(compared, replaced)}`,
    ),
  );
  expectCount("after the restore", expected, countOf(now, "RESTORED"));
  return expected;
}

/** Which rows of the window a restore replaces: all, or those up to what was the newest cursor before the change. */
export type Replaced =
  | { readonly kind: "all" }
  | { readonly kind: "up-to"; readonly newest: string };

/** Puts back every row of the keys that did not return, in the caller's transaction; answers how many. */
export async function putBackLost(runner: Runner, compared: Compared): Promise<number> {
  const columns = savedColumns(compared.backUps);
  const rows = baseline(compared.backUps, columns, compared.window, compared.identity);
  const lost = sql`SELECT ${columnList(columns, "r")} FROM (${rows}) r WHERE EXISTS (SELECT 1 FROM (${lostKeys(compared)}) l WHERE ${sameIn(compared.identity.keys, "l", "r")})`;
  return insertCounted(runner, compared.table, columns, lost);
}

/** Puts back the versions of keys that a newer version superseded, in the caller's transaction; answers how many. */
export async function putBackVersions(runner: Runner, compared: Compared): Promise<number> {
  const { table, backUps, window, identity } = compared;
  const columns = savedColumns(backUps);
  const told =
    identity.cursor === undefined ? identity.keys : [...identity.keys, identity.cursor.column];
  const superseded = sql`SELECT ${columnList(columns, "r")} FROM (${baseline(backUps, columns, window, identity)}) r WHERE NOT EXISTS (SELECT 1 FROM ${tableSql(table)} t WHERE ${sameIn(told, "t", "r")})`;
  return insertCounted(runner, table, columns, superseded);
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

function replacedRows({ identity }: Compared, replaced: Replaced): Sql {
  if (replaced.kind === "all" || identity.cursor === undefined) return sql`TRUE`;
  const { column, type } = identity.cursor;
  return sql`(${identifier(column)} <= ${cursorValue(replaced.newest, type)} OR ${identifier(column)} IS NULL)`;
}
