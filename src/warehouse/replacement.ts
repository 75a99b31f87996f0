import type { Compared, Identity, TableName, Window } from "../domain/destination.js";
import { baseline, columnList, sameIn, savedColumns } from "./back-up.js";
import { beyondBookmark, countOf, findTable, first, tableSql } from "./destination.js";
import {
  deleteWindow,
  expectCount,
  putBackLost,
  putBackVersions,
  type Reach,
  upTo,
} from "./effects.js";
import type { Runner } from "./session.js";
import { identifier, joined, type Sql, sql } from "./sql.js";

/** What a run brought while the old rows stood beside it. Counts are rows. */
export interface Arrived {
  /** A table of our own with the rows that the run brought. */
  readonly table: TableName;
  readonly columns: readonly string[];
  /** Rows of the window, old and new ones, when they were told apart. */
  readonly standing: number;
  readonly rows: number;
}

/** What a replacement did. Counts are rows. */
export interface Replaced {
  readonly deleted: number;
  readonly inserted: number;
  readonly putBack: number;
  readonly versions: number;
}

/**
 * Copies the rows that a run brought into a table of our own, which tells them from the old rows beside them: among rows
 * that are equal in all columns of the back-up, those with null in every added column are the old ones, exactly as
 * often as they stood in the back-ups. `restoredUpTo` bounds which rows of the back-ups stood there.
 */
export async function collectArrived(
  runner: Runner,
  compared: Compared,
  { restoredUpTo }: Pick<Reach, "restoredUpTo">,
  into: TableName,
): Promise<Arrived> {
  const { table, window } = compared;
  const found = await findTable(runner, table.database, table.schema, table.name);
  const columns = (found?.columns ?? []).map((column) => column.name);
  await runner.run(
    sql`CREATE OR REPLACE TRANSIENT TABLE ${tableSql(into)} AS ${arrivedRows(compared, columns, restoredUpTo)}`,
  );
  const counts = first(
    await runner.rows(
      sql`SELECT (SELECT COUNT(*) FROM ${tableSql(table)} WHERE ${beyondBookmark(window)}) AS STANDING, (SELECT COUNT(*) FROM ${tableSql(into)}) AS ARRIVED`,
    ),
  );
  return {
    table: into,
    columns,
    standing: countOf(counts, "STANDING"),
    rows: countOf(counts, "ARRIVED"),
  };
}

function arrivedRows(
  { table, backUps, window, identity }: Compared,
  columns: readonly string[],
  restoredUpTo: string | undefined,
): Sql {
  const original = backUps[0]?.columns ?? [];
  const added = columns.filter((column) => !original.includes(column));
  const isFilled = joined(
    added.map((column) => sql`${identifier(column)} IS NOT NULL`),
    " OR ",
    "FALSE",
  );
  const standing = sql`SELECT ${columnList(columns)}, ROW_NUMBER() OVER (PARTITION BY ${columnList(original)} ORDER BY IFF(${isFilled}, 1, 0)) AS PULUMI_COPY FROM ${tableSql(table)} WHERE ${beyondBookmark(window)}`;
  const old = sql`SELECT ${columnList(original)}, COUNT(*) AS PULUMI_COPIES FROM (${baseline(backUps, original, window, identity)}) WHERE ${upTo(restoredUpTo, identity)} GROUP BY ${columnList(original)}`;
  return sql`SELECT ${columnList(columns, "n")} FROM (${standing}) n LEFT JOIN (${old}) o ON ${sameIn(original, "n", "o")} WHERE n.PULUMI_COPY > COALESCE(o.PULUMI_COPIES, 0)`;
}

/**
 * In the caller's transaction: the window's rows go, those that the run brought come, and with them the old rows whose
 * key did not return. A table that moved since the rows were told apart throws, which rolls back.
 */
export async function replaceWindow(
  runner: Runner,
  compared: Compared,
  arrived: Arrived,
  { keepsVersions }: { readonly keepsVersions: boolean },
): Promise<Replaced> {
  const deleted = await exchange(runner, compared, arrived);
  const isKeyed = compared.identity.keys.length > 0;
  const putBack = isKeyed ? await putBackLost(runner, compared) : 0;
  const versions = isKeyed && keepsVersions ? await putBackVersions(runner, compared) : 0;
  return { deleted, inserted: arrived.rows, putBack, versions };
}

/**
 * The same for the rows that carry the bookmark: each that did not come again stays as it was, since nobody knows
 * whether Maestro begins at the bookmark or beyond it.
 */
export async function replaceBoundary(
  runner: Runner,
  compared: Compared,
  arrived: Arrived,
): Promise<Replaced> {
  const deleted = await exchange(runner, compared, arrived);
  const { table, backUps, window, identity } = compared;
  const columns = savedColumns(backUps);
  const absent = sql`NOT EXISTS (SELECT 1 FROM ${tableSql(arrived.table)} s WHERE ${sameIn(told(identity, backUps[0]?.columns ?? []), "s", "r")})`;
  const putBack = await runner.run(
    sql`INSERT INTO ${tableSql(table)} (${columnList(columns)}) SELECT ${columnList(columns, "r")} FROM (${baseline(backUps, columns, window, identity)}) r WHERE ${absent}`,
  );
  const inWindow = await countRows(runner, table, window);
  expectCount("that carry the bookmark", arrived.rows + putBack, inWindow);
  return { deleted, inserted: arrived.rows, putBack, versions: 0 };
}

/** The window's rows for those of the arrived table; both counted, since the driver may send a statement twice. */
async function exchange(
  runner: Runner,
  { table, window }: Compared,
  { standing, rows, columns, table: source }: Arrived,
): Promise<number> {
  const deleted = await runner.run(deleteWindow(table, window));
  expectCount("in the window", standing, deleted);
  expectCount("left in the window", 0, await countRows(runner, table, window));
  await runner.run(
    sql`INSERT INTO ${tableSql(table)} (${columnList(columns)}) SELECT ${columnList(columns)} FROM ${tableSql(source)}`,
  );
  expectCount("put in the window", rows, await countRows(runner, table, window));
  return deleted;
}

async function countRows(runner: Runner, table: TableName, window: Window): Promise<number> {
  const row = first(
    await runner.rows(
      sql`SELECT COUNT(*) AS TOTAL FROM ${tableSql(table)} WHERE ${beyondBookmark(window)}`,
    ),
  );
  return countOf(row, "TOTAL");
}

/** The columns that tell one row from another: key and cursor, or all of them. */
function told({ keys, cursor }: Identity, columns: readonly string[]): readonly string[] {
  if (keys.length === 0) return columns;
  return cursor === undefined ? keys : [...keys, cursor.column];
}
