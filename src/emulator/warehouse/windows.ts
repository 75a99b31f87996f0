import { readOrderBy } from "./ordering.js";
import type { Translation } from "./translation.js";

/** `OVER (…)`, or nothing. */
export function readWindow(t: Translation, name: string): string {
  if (!t.reader.accept("OVER")) return "";
  return t.reader.parenthesized(() => {
    const parts: string[] = [];
    if (t.reader.accept("PARTITION", "BY")) {
      parts.push(`PARTITION BY ${t.reader.list(() => t.expression().sql).join(", ")}`);
    }
    if (t.reader.sees("ORDER")) parts.push(readOrderBy(t));
    parts.push(readFrame(t) ?? defaultFrame(name));
    return ` OVER (${parts.join(" ")})`;
  });
}

/** FIRST_VALUE and LAST_VALUE look at the whole partition in Snowflake, at the rows so far in DuckDB. */
function defaultFrame(name: string): string {
  return name === "FIRST_VALUE" || name === "LAST_VALUE"
    ? "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING"
    : "";
}

function readFrame(t: Translation): string | undefined {
  for (const unit of ["ROWS", "RANGE"]) {
    if (!t.reader.accept(unit)) continue;
    if (!t.reader.accept("BETWEEN")) return `${unit} ${readEdge(t)}`;
    const from = readEdge(t);
    t.reader.expect("AND");
    return `${unit} BETWEEN ${from} AND ${readEdge(t)}`;
  }
  return undefined;
}

function readEdge(t: Translation): string {
  if (t.reader.accept("CURRENT", "ROW")) return "CURRENT ROW";
  const reach = t.reader.accept("UNBOUNDED") ? "UNBOUNDED" : String(t.reader.integer());
  for (const side of ["PRECEDING", "FOLLOWING"]) {
    if (t.reader.accept(side)) return `${reach} ${side}`;
  }
  throw t.reader.refusal();
}
