import { notEmulated, SnowflakeError } from "./errors.js";
import { literal } from "./identifiers.js";
import { withoutNul } from "./lexer.js";
import type { Fragment } from "./translation.js";

/** A bound value as a driver sends it. */
export interface Bind {
  readonly type: string;
  readonly value: unknown;
}

/** Bound values as literals, so that DuckDB finds their types as Snowflake does: from where they stand. */
export function bindFragments(bindings: Readonly<Record<string, Bind>>): readonly Fragment[] {
  return Object.entries(bindings)
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([, bind]) => bindFragment(bind));
}

function bindFragment({ type, value }: Bind): Fragment {
  if (value === null) return { sql: "NULL" };
  if (typeof value !== "string") throw notEmulated("array binds");
  switch (type) {
    case "TEXT":
    case "VARIANT":
      return { sql: literal(withoutNul(value)), text: value };
    case "FIXED":
      return { sql: `(${number(value, /^-?\d+(\.\d+)?$/)})` };
    case "REAL":
      return { sql: `CAST(${literal(number(value, /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/))} AS DOUBLE)` };
    case "BOOLEAN":
      return { sql: value === "true" || value === "1" ? "TRUE" : "FALSE" };
    case "TIMESTAMP_NTZ":
      return { sql: `make_timestamp(${number(value, /^-?\d+$/)} // 1000)` };
    case "DATE":
      return { sql: `CAST(epoch_ms(${number(value, /^-?\d+$/)}) AS DATE)` };
    default:
      throw notEmulated(`a bound value of type ${type}`);
  }
}

function number(value: string, form: RegExp): string {
  if (form.test(value)) return value;
  throw new SnowflakeError("100038", "22018", `Numeric value '${value}' is not recognized`);
}
