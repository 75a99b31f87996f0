import { notEmulated } from "./errors.js";
import type { Fragment, Translation } from "./translation.js";

type Operand = (t: Translation) => Fragment;

const COMPARISONS: ReadonlySet<string> = new Set(["=", "<>", "!=", "<", "<=", ">", ">="]);

/** Comparisons, IS, BETWEEN, IN and LIKE: all bind looser than arithmetic and tighter than NOT. */
export function readComparison(t: Translation, operand: Operand): Fragment {
  let left = operand(t);
  for (;;) {
    const next = readOne(t, left.sql, operand);
    if (next === undefined) return left;
    left = { sql: `(${next})` };
  }
}

function readOne(t: Translation, left: string, operand: Operand): string | undefined {
  const { reader } = t;
  if (reader.seesOneOf(COMPARISONS)) {
    const { text } = reader.next();
    if (reader.sees("ANY") || reader.sees("ALL")) throw notEmulated("comparison with ANY or ALL");
    return `${left} ${text} ${operand(t).sql}`;
  }
  if (reader.accept("IS")) return `${left} IS ${readState(t, operand)}`;
  const not =
    reader.sees("NOT") && NEGATABLE.has(reader.peek(1).text) ? reader.accept("NOT") : false;
  return readMatch(t, `${left}${not ? " NOT" : ""}`, operand);
}

const NEGATABLE: ReadonlySet<string> = new Set(["BETWEEN", "IN", "LIKE", "ILIKE"]);

function readState(t: Translation, operand: Operand): string {
  const not = t.reader.accept("NOT") ? "NOT " : "";
  if (t.reader.accept("DISTINCT")) {
    t.reader.expect("FROM");
    return `${not}DISTINCT FROM ${operand(t).sql}`;
  }
  for (const state of ["NULL", "TRUE", "FALSE"]) {
    if (t.reader.accept(state)) return `${not}${state}`;
  }
  throw t.reader.refusal();
}

function readMatch(t: Translation, left: string, operand: Operand): string | undefined {
  const { reader } = t;
  if (reader.accept("BETWEEN")) {
    const low = operand(t).sql;
    reader.expect("AND");
    return `${left} BETWEEN ${low} AND ${operand(t).sql}`;
  }
  if (reader.accept("IN")) return `${left} IN (${reader.parenthesized(() => readMembers(t))})`;
  for (const like of ["LIKE", "ILIKE"]) {
    if (reader.accept(like)) return `${left} ${like} ${readPattern(t, operand)}`;
  }
  return undefined;
}

function readMembers(t: Translation): string {
  if (t.reader.sees("SELECT") || t.reader.sees("WITH")) return t.query();
  return t.reader.list(() => t.expression().sql).join(", ");
}

function readPattern(t: Translation, operand: Operand): string {
  if (t.reader.sees("ANY") || t.reader.sees("ALL")) throw notEmulated("LIKE ANY and LIKE ALL");
  const pattern = operand(t).sql;
  return t.reader.accept("ESCAPE") ? `${pattern} ESCAPE ${operand(t).sql}` : pattern;
}
