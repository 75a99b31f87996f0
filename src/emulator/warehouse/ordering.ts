import type { Translation } from "./translation.js";

/** ORDER BY, with the place of nulls spelt out: they are the highest values in Snowflake, and always last in DuckDB. */
export function readOrderBy(t: Translation): string {
  t.reader.expect("ORDER", "BY");
  return `ORDER BY ${t.reader.list(() => readItem(t)).join(", ")}`;
}

function readItem(t: Translation): string {
  const { sql } = t.expression();
  const isDescending = t.reader.accept("DESC");
  if (!isDescending) t.reader.accept("ASC");
  return `${sql} ${isDescending ? "DESC" : "ASC"} NULLS ${readNulls(t, isDescending)}`;
}

function readNulls(t: Translation, isDescending: boolean): string {
  if (t.reader.accept("NULLS", "FIRST")) return "FIRST";
  if (t.reader.accept("NULLS", "LAST")) return "LAST";
  return isDescending ? "FIRST" : "LAST";
}
