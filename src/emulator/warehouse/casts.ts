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
      return { sql: toText(t, value, type.length) };
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
      return { sql: `${cast}(${timeSource(value, type)} AS ${duckdbType(type)})` };
    case "number":
    case "float":
    case "boolean":
      return { sql: `${cast}(${value.sql} AS ${duckdbType(type)})` };
  }
}

function toText(t: Translation, value: Fragment, length: number): string {
  const text = value.text === undefined ? `${t.taught}as_text(${value.sql})` : value.sql;
  return length === LONGEST_TEXT ? text : `${t.taught}bounded_text(${text}, ${length})`;
}

/** A text of digits is a time since 1970: in seconds, or where that would be far away, in the unit that is not. */
function epochMicros(count: bigint): bigint {
  const size = count < 0n ? -count : count;
  if (size < 31_536_000_000n) return count * 1_000_000n;
  if (size < 31_536_000_000_000n) return count * 1000n;
  return size < 31_536_000_000_000_000n ? count : count / 1000n;
}

/** Snowflake takes `… +03:00` with a space before the offset; DuckDB reads a zone's name there. */
function timeSource(value: Fragment, { kind }: DataType): string {
  if (value.text === undefined) return value.sql;
  if (/^-?\d{1,19}$/.test(value.text)) {
    const make = kind === "timestamp_ltz" || kind === "timestamp_tz" ? "timestamptz" : "timestamp";
    return `make_${make}(${epochMicros(BigInt(value.text))})`;
  }
  return literal(value.text.trim().replace(/\s+(?=[+-]\d{2}:?\d{2}$)/, ""));
}
