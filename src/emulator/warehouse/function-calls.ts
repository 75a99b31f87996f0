import { AGGREGATES, WINDOW_FUNCTIONS } from "./aggregate-functions.js";
import { readContextFunction } from "./context-functions.js";
import { readDateFunction } from "./date-functions.js";
import { notEmulated } from "./errors.js";
import { readOrderBy } from "./ordering.js";
import { SCALARS, type Shape } from "./scalar-functions.js";
import type { Fragment, Translation } from "./translation.js";
import { readWindow } from "./windows.js";

/** True where a function is called, or one of those that Snowflake lets stand without parentheses. */
export function isCall(t: Translation): boolean {
  const { text } = t.reader.peek();
  return t.reader.sees(text, "(") || (BARE.has(text) && !t.reader.sees(text, "."));
}

const BARE: ReadonlySet<string> = new Set(
  "CURRENT_TIMESTAMP CURRENT_DATE CURRENT_TIME CURRENT_USER LOCALTIMESTAMP LOCALTIME".split(" "),
);

/** Reads a call of a function on our list; any other is refused by name. */
export function readCall(t: Translation): Fragment {
  const name = t.reader.next().text;
  const special = readContextFunction(t, name) ?? readDateFunction(t, name);
  if (special !== undefined) return { sql: special };
  const scalar = own(SCALARS, name);
  if (scalar !== undefined) return { sql: apply(t, scalar, readArguments(t, name, scalar)) };
  const aggregate = own(AGGREGATES, name);
  if (aggregate !== undefined) return { sql: readAggregate(t, name, aggregate) };
  const windowed = own(WINDOW_FUNCTIONS, name);
  if (windowed !== undefined) return { sql: readWindowed(t, name, windowed) };
  throw notEmulated(`function ${name}`);
}

function own(table: Readonly<Record<string, Shape>>, name: string): Shape | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function readArguments(t: Translation, name: string, { least, most }: Shape): readonly Fragment[] {
  const values = t.reader.parenthesized(() =>
    t.reader.sees(")") ? [] : t.reader.list(() => t.expression()),
  );
  if (values.length < least || values.length > most) {
    throw notEmulated(`${name} with ${values.length} arguments`);
  }
  return values;
}

function apply(t: Translation, shape: Shape, values: readonly Fragment[]): string {
  return shape.sql(
    values.map(({ sql }) => sql),
    { taught: t.taught, texts: values.map(({ text }) => text) },
  );
}

function readAggregate(t: Translation, name: string, shape: Shape): string {
  const isStar = t.reader.accept("(", "*", ")");
  if (isStar && name !== "COUNT") throw notEmulated(`${name}(*)`);
  const call = isStar ? "count(*)" : readAggregateCall(t, name, shape);
  const whole = `${call}${readWindow(t, name)}`;
  return shape.wrap?.(whole) ?? whole;
}

function readAggregateCall(t: Translation, name: string, shape: Shape): string {
  t.reader.expect("(");
  const isDistinct = t.reader.accept("DISTINCT");
  const values = t.reader.list(() => t.expression().sql);
  t.reader.expect(")");
  const [first = "", ...rest] = isDistinct && name === "COUNT" ? [combined(values)] : values;
  if (rest.length + 1 < shape.least || rest.length + 1 > shape.most) {
    throw notEmulated(`${name} with ${values.length} arguments`);
  }
  const order =
    name === "LISTAGG" && t.reader.accept("WITHIN", "GROUP")
      ? ` ${t.reader.parenthesized(() => readOrderBy(t))}`
      : "";
  const distinct = isDistinct ? "DISTINCT " : "";
  return shape.sql([`${distinct}${first}`, ...rest], { taught: t.taught, texts: [], order });
}

/** COUNT(DISTINCT a, b) counts the combinations in which nothing is null. */
function combined(values: readonly string[]): string {
  const [first = ""] = values;
  if (values.length === 1) return first;
  const present = values.map((value) => `${value} IS NOT NULL`).join(" AND ");
  return `CASE WHEN ${present} THEN row(${values.join(", ")}) END`;
}

function readWindowed(t: Translation, name: string, shape: Shape): string {
  const values = readArguments(t, name, shape).map(({ sql }) => sql);
  const ignored = t.reader.accept("IGNORE", "NULLS") ? " IGNORE NULLS" : "";
  t.reader.accept("RESPECT", "NULLS");
  const call = shape.sql(values, { taught: t.taught, texts: [], order: ignored });
  if (!t.reader.sees("OVER")) throw t.reader.refusal();
  return `${call}${readWindow(t, name)}`;
}
