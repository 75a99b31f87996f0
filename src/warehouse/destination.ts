import type { Cursor, CursorType, Identity, TableName, Window } from "../domain/destination.js";
import { DadosferaError } from "../domain/errors.js";
import type { WindowCounts } from "../domain/preflight.js";
import type { Row, Runner } from "./session.js";
import { identifier, joined, type Sql, sql } from "./sql.js";

/** A destination table as the catalogue describes it. */
export interface DestinationTable {
  readonly table: TableName;
  readonly isTransient: boolean;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Tells a table from another that came in its place: UTC, as text. */
  readonly createdAt?: string;
}

/** Finds a table by name: exactly, or by the only one that differs in case. */
export async function findTable(
  runner: Runner,
  database: string,
  schema: string,
  name: string,
): Promise<DestinationTable | undefined> {
  const catalogue = identifier(database);
  const tables = await runner.rows(
    sql`SELECT TABLE_SCHEMA, TABLE_NAME, IS_TRANSIENT, TO_VARCHAR(CREATED, 'YYYY-MM-DD HH24:MI:SS.FF9') AS CREATED FROM ${catalogue}.INFORMATION_SCHEMA.TABLES WHERE UPPER(TABLE_SCHEMA) = UPPER(${schema}) AND UPPER(TABLE_NAME) = UPPER(${name})`,
  );
  const fitting = spelled(spelled(tables, "TABLE_NAME", name), "TABLE_SCHEMA", schema);
  const found = fitting[0];
  if (found === undefined) return undefined;
  if (fitting.length > 1) throw ambiguous(schema, name, fitting);
  const table = {
    database,
    schema: textOf(found, "TABLE_SCHEMA"),
    name: textOf(found, "TABLE_NAME"),
  };
  const columns = await runner.rows(
    sql`SELECT COLUMN_NAME, DATA_TYPE FROM ${catalogue}.INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = ${table.schema} AND TABLE_NAME = ${table.name} ORDER BY ORDINAL_POSITION`,
  );
  return {
    table,
    isTransient: found["IS_TRANSIENT"] === "YES",
    columns: columns.map((row) => ({
      name: textOf(row, "COLUMN_NAME"),
      type: textOf(row, "DATA_TYPE"),
    })),
    ...textIf(found, "CREATED", "createdAt"),
  };
}

/** The table's own spelling of a source column's name; undefined where it has none, or more than one that fits. */
export function columnNamed(table: DestinationTable, name: string): string | undefined {
  const names = table.columns.map((column) => column.name);
  if (names.includes(name)) return name;
  const close = names.filter((column) => column.toUpperCase() === name.toUpperCase());
  return close.length === 1 ? close[0] : undefined;
}

/** The cursor as the table holds it; undefined where the column is missing or of a type that does not order as the source's does. */
export function cursorNamed(table: DestinationTable, name: string): Cursor | undefined {
  const column = columnNamed(table, name);
  const type = table.columns.find((each) => each.name === column)?.type;
  const known = (
    ["TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "TIMESTAMP_TZ", "DATE", "NUMBER"] as const
  ).find((each) => each === type);
  return column === undefined || known === undefined ? undefined : { column, type: known };
}

/** Counts a window in one statement. */
export async function countWindow(
  runner: Runner,
  table: TableName,
  window: Window,
  identity: Identity,
): Promise<WindowCounts> {
  const cursor = identity.cursor;
  const beyond = beyondBookmark(window);
  const keys = joined(
    identity.keys.map((key) => identifier(key)),
    ", ",
  );
  const row = first(
    await runner.rows(sql`SELECT COUNT(*) AS TOTAL, COUNT_IF(${beyond}) AS IN_WINDOW,
      ${cursor === undefined ? sql`0` : sql`COUNT_IF(${identifier(cursor.column)} IS NULL)`} AS NULL_CURSOR,
      ${window.kind === "after" ? sql`COUNT_IF(${identifier(window.cursor.column)} = ${bookmarkValue(window)})` : sql`0`} AS AT_BOOKMARK,
      ${cursor === undefined ? sql`NULL` : cursorText(sql`MIN(IFF(${beyond}, ${identifier(cursor.column)}, NULL))`, cursor.type)} AS OLDEST,
      ${cursor === undefined ? sql`NULL` : cursorText(sql`MAX(${identifier(cursor.column)})`, cursor.type)} AS NEWEST
      FROM ${tableSql(table)}`),
  );
  const superseded =
    identity.keys.length === 0
      ? 0
      : countOf(
          first(
            await runner.rows(
              sql`SELECT COUNT(*) AS ROWS_BEYOND FROM (SELECT ROW_NUMBER() OVER (PARTITION BY ${keys} ORDER BY ${cursor === undefined ? keys : identifier(cursor.column)}) AS POSITION FROM ${tableSql(table)} WHERE ${beyond}) WHERE POSITION > 1`,
            ),
          ),
          "ROWS_BEYOND",
        );
  return {
    total: countOf(row, "TOTAL"),
    inWindow: countOf(row, "IN_WINDOW"),
    nullCursor: countOf(row, "NULL_CURSOR"),
    atBookmark: countOf(row, "AT_BOOKMARK"),
    superseded,
    ...textIf(row, "OLDEST", "oldestInWindow"),
    ...textIf(row, "NEWEST", "newest"),
  };
}

/** How many occupied seconds are looked at for a free one beside them. */
export const SECONDS_LOOKED_AT = 2000;

/** The newest seconds (since 1970, newest first) at or before the bookmark's next second, in which rows lie. */
export async function occupiedSeconds(
  runner: Runner,
  table: TableName,
  window: Window & { kind: "after" },
): Promise<readonly number[]> {
  const cursor = identifier(window.cursor.column);
  const rows = await runner.rows(
    sql`SELECT DISTINCT DATE_PART(EPOCH_SECOND, ${cursor}) AS SECOND FROM ${tableSql(table)} WHERE ${cursor} < DATEADD(second, 2, ${bookmarkValue(window)}) ORDER BY SECOND DESC LIMIT ${SECONDS_LOOKED_AT}`,
  );
  return rows.map((row) => countOf(row, "SECOND"));
}

/** Rows of one table that lie in the window, as a condition. */
export function beyondBookmark(window: Window): Sql {
  if (window.kind === "all") return sql`TRUE`;
  const compares = { at: sql`=`, from: sql`>=`, beyond: sql`>` }[window.edge ?? "beyond"];
  return sql`${identifier(window.cursor.column)} ${compares} ${bookmarkValue(window)}`;
}

/** A cursor value, bound as text and cast to the column's type. */
export function cursorValue(value: string, type: CursorType): Sql {
  switch (type) {
    case "TIMESTAMP_NTZ":
      return sql`${value}::TIMESTAMP_NTZ`;
    case "TIMESTAMP_LTZ":
    case "TIMESTAMP_TZ":
      return sql`${`${value} +00:00`}::TIMESTAMP_TZ`;
    case "DATE":
      return sql`${value}::DATE`;
    case "NUMBER":
      return sql`${value}::NUMBER(38, 9)`;
  }
}

export function tableSql(table: TableName): Sql {
  return identifier(table.database, table.schema, table.name);
}

/** A count, as a number; NULL counts as none. The driver writes the NULL of a number as text. */
export function countOf(row: Row, column: string): number {
  const value = row[column] ?? 0;
  return value === "NULL" ? 0 : Number(value);
}

export function first(rows: readonly Row[]): Row {
  return rows[0] ?? {};
}

/** An expression of the cursor's type as text with full precision. */
export function cursorText(expression: Sql, type: CursorType): Sql {
  switch (type) {
    case "TIMESTAMP_NTZ":
      return sql`TO_VARCHAR(${expression}, 'YYYY-MM-DD HH24:MI:SS.FF9')`;
    case "TIMESTAMP_LTZ":
    case "TIMESTAMP_TZ":
      return sql`TO_VARCHAR(CONVERT_TIMEZONE('UTC', ${expression}), 'YYYY-MM-DD HH24:MI:SS.FF9')`;
    case "DATE":
      return sql`TO_VARCHAR(${expression}, 'YYYY-MM-DD')`;
    case "NUMBER":
      return sql`TO_VARCHAR(${expression})`;
  }
}

function bookmarkValue(window: Window & { kind: "after" }): Sql {
  return cursorValue(window.bookmark, window.cursor.type);
}

function textIf<K extends string>(
  row: Row,
  column: string,
  as: K,
): { readonly [key in K]?: string } {
  const value = row[column];
  if (typeof value !== "string") return {};
  return {
    [as]: value.replace(/\.(\d*?)0+$/, (_all, digits: string) =>
      digits === "" ? "" : `.${digits}`,
    ),
  } as { readonly [key in K]?: string };
}

function textOf(row: Row, column: string): string {
  return String(row[column] ?? "");
}

/** The rows with exactly this spelling; all of them where there is none. */
function spelled(rows: readonly Row[], column: string, name: string): readonly Row[] {
  const exact = rows.filter((row) => row[column] === name);
  return exact.length > 0 ? exact : rows;
}

function ambiguous(schema: string, name: string, tables: readonly Row[]): DadosferaError {
  const names = tables.map((row) => `"${row["TABLE_SCHEMA"]}.${row["TABLE_NAME"]}"`).join(", ");
  return new DadosferaError({
    code: "DESTINATION_UNKNOWN",
    happened: `Cannot tell which table "${schema}.${name}" means: ${names} differ only in case.`,
    now: "Nothing was changed.",
    next: "Rename or drop the ones that are not the job's destination.",
  });
}
