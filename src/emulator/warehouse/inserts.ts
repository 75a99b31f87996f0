import { castTo } from "./casts.js";
import type { CatalogueTable } from "./catalogue.js";
import { LONGEST_TEXT, printDataType } from "./data-types.js";
import { SnowflakeError } from "./errors.js";
import type { Plan, Step } from "./plans.js";
import { ADDRESS, addressedRows, deleteRows, insertRows } from "./storage.js";
import { changeable, defaultedColumns, defaultOf, listMismatch, requireColumn } from "./targets.js";
import { readObjectPath, type Translation } from "./translation.js";
import { printRows, readRows } from "./values.js";

/** INSERT [OVERWRITE] INTO t [(columns)] VALUES … or SELECT …; columns left out get their defaults. */
export function readInsert(t: Translation): Plan {
  t.reader.expect("INSERT");
  const overwrites = t.reader.accept("OVERWRITE");
  t.reader.expect("INTO");
  const path = readObjectPath(t);
  const table = changeable(t, path, "INSERT");
  if (overwrites) changeable(t, path, "DELETE");
  const named = readColumns(t, table);
  const query = t.reader.sees("VALUES") ? readValueRows(t, table, named) : readQueries(t);
  return {
    kind: "change",
    word: "INSERT",
    table,
    steps: [insertion(t, table, { named, query }), ...(overwrites ? [emptying(t, table)] : [])],
    counts: ["inserted"],
    locks: overwrites,
  };
}

function readColumns(t: Translation, table: CatalogueTable): readonly string[] {
  const startsQuery = t.reader.sees("(", "SELECT") || t.reader.sees("(", "WITH");
  if (!t.reader.sees("(") || startsQuery) return table.columns.map(({ name }) => name);
  return t.reader.parenthesized(() =>
    t.reader.list(() => {
      const name = t.reader.identifier();
      requireColumn(table, name);
      return name;
    }),
  );
}

function readQueries(t: Translation): string {
  const queries = t.binds.forEachRow(t.reader, () => t.query());
  return queries.length === 1
    ? queries.join()
    : queries.map((one) => `(${one})`).join(" UNION ALL ");
}

function readValueRows(t: Translation, table: CatalogueTable, named: readonly string[]): string {
  const rows = t.binds
    .forEachRow(t.reader, () => readRows(t, (index) => readCell(t, table, named[index] ?? "")))
    .flat();
  for (const { length } of rows) {
    if (length !== named.length) throw listMismatch(named.length, length);
  }
  return printRows(rows);
}

/** A value cast to its column's type: DuckDB would look for a type that all rows of VALUES share. */
function readCell(t: Translation, table: CatalogueTable, name: string): string {
  if (t.reader.accept("DEFAULT")) return defaultOf(t, table, name);
  const value = t.expression();
  const type = table.columns.find((one) => one.name === name)?.type;
  if ((type?.kind === "variant" || type?.kind === "binary") && value.text !== undefined) {
    throw otherType(name, printDataType(type));
  }
  if (type === undefined || type.kind === "binary" || type.kind === "variant") return value.sql;
  const whole = type.kind === "text" ? { ...type, length: LONGEST_TEXT } : type;
  return castTo(t, value, { type: whole, isTry: false }).sql;
}

/** Text becomes neither VARIANT nor BINARY by itself. */
function otherType(name: string, expected: string): SnowflakeError {
  return new SnowflakeError(
    "002023",
    "22000",
    `SQL compilation error:\nExpression type does not match column data type, expecting ${expected} but got VARCHAR for column ${name}`,
  );
}

function insertion(
  t: Translation,
  table: CatalogueTable,
  { named, query }: { readonly named: readonly string[]; readonly query: string },
): Step {
  const filled = defaultedColumns(table, named);
  const all = ["*", ...filled.map((name) => defaultOf(t, table, name))].join(", ");
  const rows = { query: `SELECT ${all} FROM (${query})`, mark: -t.environment.transaction };
  return { sql: insertRows(table, [...named, ...filled], rows), counts: "inserted" };
}

function emptying(t: Translation, table: CatalogueTable): Step {
  const { transaction } = t.environment;
  const all = `SELECT ${ADDRESS} FROM ${addressedRows(table, transaction)}`;
  return { sql: deleteRows(table, all, -transaction) };
}
