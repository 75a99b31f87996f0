import { readAlias } from "./aliases.js";
import { notEmulated } from "./errors.js";
import { column } from "./identifiers.js";
import { readResultScan } from "./result-scans.js";
import { readObjectPath, type Translation } from "./translation.js";
import { readValues } from "./values.js";

/** FROM and its joins, or nothing. */
export function readFrom(t: Translation): string {
  if (!t.reader.accept("FROM")) return "";
  return `FROM ${t.reader.list(() => readJoins(t)).join(", ")}`;
}

function readJoins(t: Translation): string {
  const parts = [readRelation(t)];
  for (;;) {
    const join = readJoinKind(t);
    if (join === undefined) return parts.join(" ");
    parts.push(join, readRelation(t), readJoinCondition(t));
  }
}

const JOINS: readonly (readonly string[])[] = [
  ["JOIN"],
  ["INNER", "JOIN"],
  ["CROSS", "JOIN"],
  ["NATURAL", "JOIN"],
  ["LEFT", "JOIN"],
  ["LEFT", "OUTER", "JOIN"],
  ["RIGHT", "JOIN"],
  ["RIGHT", "OUTER", "JOIN"],
  ["FULL", "JOIN"],
  ["FULL", "OUTER", "JOIN"],
];

function readJoinKind(t: Translation): string | undefined {
  return JOINS.find((words) => t.reader.accept(...words))?.join(" ");
}

function readJoinCondition(t: Translation): string {
  if (t.reader.accept("ON")) return `ON ${t.expression().sql}`;
  if (!t.reader.accept("USING")) return "";
  const names = t.reader.parenthesized(() => t.reader.list(() => column(t.reader.identifier())));
  return `USING (${names.join(", ")})`;
}

/** One table, view, common table, subquery or VALUES, with its alias. */
export function readRelation(t: Translation): string {
  if (t.reader.accept("LATERAL")) throw notEmulated("LATERAL");
  if (t.reader.sees("TABLE", "(", "RESULT_SCAN")) {
    return `${readResultScan(t)}${readRelationAlias(t, "~ result")}`;
  }
  if (t.reader.sees("TABLE", "(")) throw notEmulated("TABLE(…) functions");
  if (t.reader.sees("VALUES")) return `(${readValues(t)})${readRelationAlias(t, "~ values")}`;
  if (t.reader.sees("(")) return readNested(t);
  const path = readObjectPath(t);
  if (t.reader.sees("(")) throw notEmulated(`table function ${path.join(".")}`);
  refuseModifiers(t);
  return `${t.relation(path)}${readRelationAlias(t, path.at(-1) ?? "")}`;
}

function readNested(t: Translation): string {
  const isQuery = ["SELECT", "WITH", "VALUES", "("].some((word) => t.reader.sees("(", word));
  if (!isQuery) return `(${t.reader.parenthesized(() => readJoins(t))})`;
  const query = t.reader.parenthesized(() => t.query());
  return `(${query})${readRelationAlias(t, "~ subquery")}`;
}

const MODIFIERS: Readonly<Record<string, string>> = {
  AT: "Time Travel",
  BEFORE: "Time Travel",
  CHANGES: "CHANGES",
  SAMPLE: "SAMPLE",
  TABLESAMPLE: "TABLESAMPLE",
  PIVOT: "PIVOT",
  UNPIVOT: "UNPIVOT",
  MATCH_RECOGNIZE: "MATCH_RECOGNIZE",
};

function refuseModifiers(t: Translation): void {
  const { kind, text } = t.reader.peek();
  const modifier = Object.hasOwn(MODIFIERS, text) ? MODIFIERS[text] : undefined;
  if (kind === "word" && modifier !== undefined && t.reader.peek(1).text === "(") {
    throw notEmulated(modifier);
  }
}

function readRelationAlias(t: Translation, otherwise: string): string {
  const alias = readAlias(t);
  const name = alias === undefined ? unnamed(otherwise) : column(alias);
  if (!t.reader.sees("(")) return ` AS ${name}`;
  const columns = t.reader.parenthesized(() => t.reader.list(() => column(t.reader.identifier())));
  return ` AS ${name}(${columns.join(", ")})`;
}

/** A subquery without alias gets one that cannot be spelt in Snowflake's SQL. */
function unnamed(name: string): string {
  return name.startsWith("~ ") ? `"${name}"` : column(name);
}
