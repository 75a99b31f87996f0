import { readAlias } from "./aliases.js";
import { notEmulated } from "./errors.js";
import { column } from "./identifiers.js";
import { readOrderBy } from "./ordering.js";
import { readFrom } from "./relations.js";
import type { Translation } from "./translation.js";
import { readValues } from "./values.js";

/** Reads a query, WITH to LIMIT, and puts it into DuckDB's words. */
export function readQuery(t: Translation): string {
  const common: string[] = [];
  t.commonTables.push(common);
  try {
    return clauses([readWith(t, common), readOperands(t), readTail(t)]);
  } finally {
    t.commonTables.pop();
  }
}

function clauses(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" ");
}

function readWith(t: Translation, common: string[]): string {
  if (!t.reader.accept("WITH")) return "";
  if (t.reader.sees("RECURSIVE")) throw notEmulated("WITH RECURSIVE");
  const tables = t.reader.list(() => {
    const name = t.reader.identifier();
    const columns = t.reader.sees("(") ? ` ${readNames(t)}` : "";
    t.reader.expect("AS");
    const query = t.reader.parenthesized(() => t.query());
    common.push(name);
    return `${column(name)}${columns} AS (${query})`;
  });
  return `WITH ${tables.join(", ")}`;
}

function readNames(t: Translation): string {
  const names = t.reader.parenthesized(() => t.reader.list(() => column(t.reader.identifier())));
  return `(${names.join(", ")})`;
}

const SET_OPERATORS: Readonly<Record<string, string>> = {
  UNION: "UNION",
  EXCEPT: "EXCEPT",
  MINUS: "EXCEPT",
  INTERSECT: "INTERSECT",
};

function readOperands(t: Translation): string {
  let query = readOperand(t);
  for (;;) {
    const { text } = t.reader.peek();
    const operator = Object.hasOwn(SET_OPERATORS, text) ? SET_OPERATORS[text] : undefined;
    if (operator === undefined || !t.reader.accept(text)) return query;
    const all = operator === "UNION" && t.reader.accept("ALL") ? " ALL" : "";
    query = `${query} ${operator}${all} ${readOperand(t)}`;
  }
}

function readOperand(t: Translation): string {
  if (t.reader.sees("(")) return `(${t.reader.parenthesized(() => t.query())})`;
  if (t.reader.sees("VALUES")) return readValues(t);
  return readSelect(t);
}

function readSelect(t: Translation): string {
  const { reader } = t;
  reader.expect("SELECT");
  const distinct = reader.accept("DISTINCT") ? "DISTINCT " : "";
  if (distinct === "") reader.accept("ALL");
  const top = reader.sees("TOP") && reader.peek(1).kind === "number" ? readTop(t) : "";
  const items = reader.list(() => readItem(t)).join(", ");
  return clauses([
    `SELECT ${distinct}${items}`,
    readFrom(t),
    reader.accept("WHERE") ? `WHERE ${t.expression().sql}` : "",
    readGroupBy(t),
    reader.accept("HAVING") ? `HAVING ${t.expression().sql}` : "",
    reader.accept("QUALIFY") ? `QUALIFY ${t.expression().sql}` : "",
    top,
  ]);
}

function readTop(t: Translation): string {
  t.reader.expect("TOP");
  return `LIMIT ${t.reader.integer()}`;
}

function readItem(t: Translation): string {
  if (t.reader.accept("*")) return `*${readExclusion(t)}`;
  const prefix = readStarPrefix(t);
  if (prefix !== undefined) return `${column(prefix)}.*${readExclusion(t)}`;
  const { start } = t.reader.peek();
  const value = t.expression();
  const source = t.reader.source.slice(start, t.reader.lastEnd());
  const alias = readAlias(t) ?? (value.column === undefined ? nameOf(source) : undefined);
  if (alias !== undefined && alias !== value.column) t.sources.computed.add(alias);
  return alias === undefined ? value.sql : `${value.sql} AS ${column(alias)}`;
}

function readStarPrefix(t: Translation): string | undefined {
  let ahead = 0;
  while (isName(t, ahead) && t.reader.peek(ahead + 1).text === ".") {
    if (t.reader.peek(ahead + 2).text === "*") {
      const name = t.reader.peek(ahead).text;
      for (let skipped = 0; skipped < ahead + 3; skipped += 1) t.reader.next();
      return name;
    }
    ahead += 2;
  }
  return undefined;
}

function isName(t: Translation, ahead: number): boolean {
  const { kind } = t.reader.peek(ahead);
  return kind === "word" || kind === "quoted";
}

function readExclusion(t: Translation): string {
  for (const other of ["ILIKE", "REPLACE", "RENAME"]) {
    if (t.reader.sees(other)) throw notEmulated(`SELECT * ${other}`);
  }
  if (!t.reader.accept("EXCLUDE")) return "";
  return ` EXCLUDE ${t.reader.sees("(") ? readNames(t) : `(${column(t.reader.identifier())})`}`;
}

/** Snowflake names a column without alias after its text, in upper case: `COUNT(*)`. */
function nameOf(source: string): string {
  return source.replace(/"((?:[^"]|"")*)"|'(?:[^']|'')*'|[^"']+/g, (part) =>
    part.startsWith("'") || part.startsWith('"') ? part : part.toUpperCase(),
  );
}

function readGroupBy(t: Translation): string {
  if (!t.reader.accept("GROUP", "BY")) return "";
  if (t.reader.accept("ALL")) return "GROUP BY ALL";
  for (const grouping of ["ROLLUP", "CUBE", "GROUPING"]) {
    if (t.reader.sees(grouping)) throw notEmulated(`GROUP BY ${grouping}`);
  }
  return `GROUP BY ${t.reader.list(() => t.expression().sql).join(", ")}`;
}

function readTail(t: Translation): string {
  const { reader } = t;
  const order = reader.sees("ORDER") ? readOrderBy(t) : "";
  const limit = reader.accept("LIMIT") ? `LIMIT ${t.expression().sql}` : "";
  const offset = reader.accept("OFFSET") ? `OFFSET ${t.expression().sql}` : "";
  return clauses([order, limit === "" ? readFetch(t) : limit, offset]);
}

function readFetch(t: Translation): string {
  if (!t.reader.accept("FETCH")) return "";
  if (!t.reader.accept("FIRST")) t.reader.accept("NEXT");
  const count = t.reader.integer();
  if (!t.reader.accept("ROWS")) t.reader.accept("ROW");
  t.reader.accept("ONLY");
  return `LIMIT ${count}`;
}
