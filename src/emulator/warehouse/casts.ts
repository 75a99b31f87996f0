import { type DataType, duckdbType, LONGEST_TEXT, readDataType } from "./data-types.js";
import { notEmulated } from "./errors.js";
import { literal } from "./identifiers.js";
import type { Fragment, Translation } from "./translation.js";

export interface Cast {
  readonly type: DataType;
  /** TRY_CAST answers null where a cast would be refused. */
  readonly isTry: boolean;
}

export function readCast(t: Translation): Fragment {
  const isTry = t.reader.next().text === "TRY_CAST";
  return t.reader.parenthesized(() => {
    const value = t.expression();
    t.reader.expect("AS");
    return castTo(t, value, { type: readDataType(t.reader), isTry });
  });
}

export function castTo(t: Translation, value: Fragment, { type, isTry }: Cast): Fragment {
  const cast = isTry ? "TRY_CAST" : "CAST";
  switch (type.kind) {
    case "text":
      return { sql: toText(t, value.sql, type.length) };
    case "variant":
      return { sql: `to_json(${value.sql})` };
    case "binary":
      if (value.text === undefined) throw notEmulated("a cast to BINARY of something not literal");
      return { sql: `unhex(${value.sql})` };
    case "timestamp_ntz":
    case "timestamp_ltz":
    case "timestamp_tz":
    case "date":
    case "time":
      return { sql: `${cast}(${timeSource(value)} AS ${duckdbType(type)})` };
    case "number":
    case "float":
    case "boolean":
      return { sql: `${cast}(${value.sql} AS ${duckdbType(type)})` };
  }
}

function toText(t: Translation, sql: string, length: number): string {
  const text = `${t.taught}as_text(${sql})`;
  return length === LONGEST_TEXT ? text : `${t.taught}bounded_text(${text}, ${length})`;
}

/** Snowflake takes `… +03:00` with a space before the offset; DuckDB reads a zone's name there. */
function timeSource(value: Fragment): string {
  if (value.text === undefined) return value.sql;
  return literal(value.text.trim().replace(/\s+(?=[+-]\d{2}:?\d{2}$)/, ""));
}
