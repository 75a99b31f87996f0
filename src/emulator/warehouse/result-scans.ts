import { sqlCell } from "./cells.js";
import { duckdbType } from "./data-types.js";
import { notEmulated, SnowflakeError } from "./errors.js";
import { column } from "./identifiers.js";
import type { QueryRows } from "./result-columns.js";
import { readLiteral, type Translation } from "./translation.js";

/** TABLE(RESULT_SCAN(…)): the rows that an earlier query of the same user brought, as it brought them. */
export function readResultScan(t: Translation): string {
  t.reader.expect("TABLE");
  const queryId = t.reader.parenthesized(() => {
    t.reader.expect("RESULT_SCAN");
    return t.reader.parenthesized(() => readQueryId(t));
  });
  const found = queryId === undefined ? undefined : t.environment.resultOf(queryId);
  if (found === undefined) {
    throw new SnowflakeError("000709", "02000", `Statement ${queryId ?? ""} not found`);
  }
  t.sources.tables.push(found);
  return rows(found);
}

function readQueryId(t: Translation): string | undefined {
  if (!t.reader.accept("LAST_QUERY_ID")) return readLiteral(t).text;
  t.reader.parenthesized(() => {
    if (t.reader.accept("-") && t.reader.integer() !== 1) throw notEmulated("LAST_QUERY_ID(n)");
  });
  return t.environment.lastQueryId;
}

function rows({ columns, rows: found }: QueryRows): string {
  const cast = columns.map(
    ({ name, type }, index) => `CAST(c${index} AS ${duckdbType(type)}) AS ${column(name)}`,
  );
  const lines = found.map(
    (row) => `(${columns.map(({ type }, index) => sqlCell(row[index] ?? null, type)).join(", ")})`,
  );
  const none = `(${columns.map(() => "NULL").join(", ")})`;
  const values = lines.length === 0 ? none : lines.join(", ");
  const names = columns.map((_, index) => `c${index}`).join(", ");
  return `(SELECT ${cast.join(", ")} FROM (VALUES ${values}) AS r(${names})${lines.length === 0 ? " WHERE false" : ""})`;
}
