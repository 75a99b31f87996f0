import type { BackUp, Compared, Identity, TableName, Window } from "../domain/destination.js";
import {
  beyondBookmark,
  countOf,
  type DestinationTable,
  findTable,
  first,
  tableSql,
} from "./destination.js";
import { isExistingObject } from "./refusals.js";
import type { Runner } from "./session.js";
import { identifier, joined, type Sql, sql } from "./sql.js";

/** `CREATE TABLE … CLONE`: no data is copied. The name holds the change's id, so one that exists is ours. */
export function cloneStatement(source: DestinationTable, copy: TableName): Sql {
  const kind = source.isTransient ? sql`TRANSIENT TABLE` : sql`TABLE`;
  return sql`CREATE ${kind} ${tableSql(copy)} CLONE ${tableSql(source.table)}`;
}

/** Takes a back-up; one that an earlier, lost attempt took serves as well, with the columns that the table had then. */
export async function takeBackUp(
  runner: Runner,
  source: DestinationTable,
  copy: TableName,
): Promise<BackUp> {
  await runner.run(cloneStatement(source, copy)).catch((error: unknown) => {
    if (!isExistingObject(error)) throw error;
  });
  const taken = await findTable(runner, copy.database, copy.schema, copy.name);
  return { table: copy, columns: (taken ?? source).columns.map((column) => column.name) };
}

export async function dropBackUp(runner: Runner, copy: TableName): Promise<void> {
  await runner.run(sql`DROP TABLE IF EXISTS ${tableSql(copy)}`);
}

/** Rows of the table's window that none of the back-ups holds: what a run brought since. */
export async function countUnsaved(
  runner: Runner,
  { table, backUps, window, identity }: Compared,
): Promise<number> {
  const missing = backUps.map((backUp) => absentFrom(backUp, "t", identity));
  const row = first(
    await runner.rows(
      sql`SELECT COUNT(*) AS UNSAVED FROM ${tableSql(table)} t WHERE ${beyondBookmark(window)} AND ${joined(missing, " AND ", "TRUE")}`,
    ),
  );
  return countOf(row, "UNSAVED");
}

/**
 * The rows that stood in the window before the change, as a query with the given columns: those of the first
 * back-up, and those that only a later one holds. A column that a back-up lacks is null.
 */
export function baseline(
  backUps: readonly BackUp[],
  columns: readonly string[],
  window: Window,
  identity: Identity,
): Sql {
  const parts = backUps.map((backUp, index) => {
    const earlier = backUps.slice(0, index).map((each) => absentFrom(each, "b", identity));
    return sql`SELECT ${columnsOf(backUp, columns)} FROM ${tableSql(backUp.table)} b WHERE ${beyondBookmark(window)} AND ${joined(earlier, " AND ", "TRUE")}`;
  });
  return joined(parts, " UNION ALL ");
}

/** Every column that some back-up holds. */
export function savedColumns(backUps: readonly BackUp[]): readonly string[] {
  return [...new Set(backUps.flatMap((backUp) => backUp.columns))];
}

/** Columns by name, in a list. */
export function columnList(columns: readonly string[], alias?: string): Sql {
  return joined(
    columns.map((column) => (alias === undefined ? identifier(column) : aliased(alias, column))),
    ", ",
  );
}

/** True for rows of both sides that are the same in all these columns, nulls included. */
export function sameIn(columns: readonly string[], one: string, other: string): Sql {
  const pairs = columns.map(
    (column) => sql`${aliased(one, column)} IS NOT DISTINCT FROM ${aliased(other, column)}`,
  );
  return joined(pairs, " AND ", "TRUE");
}

/** A column of an alias; aliases are ours and need no quotes, which would make their case count. */
export function aliased(alias: string, column: string): Sql {
  return sql`${{ text: alias, binds: [] }}.${identifier(column)}`;
}

/** The columns that tell one row from another: key and cursor, or all that a back-up holds. */
function identifying(identity: Identity, backUp: BackUp): readonly string[] {
  if (identity.keys.length === 0) return backUp.columns;
  return identity.cursor === undefined ? identity.keys : [...identity.keys, identity.cursor.column];
}

function columnsOf(backUp: BackUp, columns: readonly string[]): Sql {
  const held = new Set(backUp.columns);
  return joined(
    columns.map((column) =>
      held.has(column) ? aliased("b", column) : sql`NULL AS ${identifier(column)}`,
    ),
    ", ",
  );
}

function absentFrom(backUp: BackUp, alias: string, identity: Identity): Sql {
  const same = sameIn(identifying(identity, backUp), "e", alias);
  return sql`NOT EXISTS (SELECT 1 FROM ${tableSql(backUp.table)} e WHERE ${same})`;
}
