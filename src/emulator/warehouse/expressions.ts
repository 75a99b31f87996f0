import { castTo, readCast } from "./casts.js";
import { readComparison } from "./comparisons.js";
import { type DataType, readDataType } from "./data-types.js";
import { notEmulated } from "./errors.js";
import { isCall, readCall } from "./function-calls.js";
import { literal } from "./identifiers.js";
import { columnPath, type Fragment, readBind, type Translation } from "./translation.js";

/** Reads an expression and puts it into DuckDB's words, each operation in parentheses of its own. */
export function readExpression(t: Translation): Fragment {
  return leftToRight(t, DISJUNCTION, readConjunction);
}

function readConjunction(t: Translation): Fragment {
  return leftToRight(t, CONJUNCTION, readNegation);
}

function readNegation(t: Translation): Fragment {
  if (t.reader.accept("NOT")) return { sql: `(NOT ${readNegation(t).sql})` };
  return readComparison(t, readSum);
}

function readSum(t: Translation): Fragment {
  return leftToRight(t, SUMS, readProduct);
}

function readProduct(t: Translation): Fragment {
  let left = readUnary(t);
  while (t.reader.sees("*") || t.reader.sees("/") || t.reader.sees("%")) {
    const { text } = t.reader.next();
    const right = readUnary(t).sql;
    // Snowflake refuses to divide by zero, DuckDB answers null.
    const divisor = text === "*" ? right : `${t.taught}divisor(${right})`;
    left = { sql: `(${left.sql} ${text} ${divisor})` };
  }
  return left;
}

const DISJUNCTION: ReadonlySet<string> = new Set(["OR"]);
const CONJUNCTION: ReadonlySet<string> = new Set(["AND"]);
const SUMS: ReadonlySet<string> = new Set(["+", "-", "||"]);

function leftToRight(
  t: Translation,
  operators: ReadonlySet<string>,
  operand: (t: Translation) => Fragment,
): Fragment {
  let left = operand(t);
  while (t.reader.seesOneOf(operators)) {
    const { text } = t.reader.next();
    const right = operand(t);
    left = { sql: text === "||" ? joined(t, left, right) : `(${left.sql} ${text} ${right.sql})` };
  }
  return left;
}

function joined({ taught }: Translation, left: Fragment, right: Fragment): string {
  return `(${taught}as_text(${left.sql}) || ${taught}as_text(${right.sql}))`;
}

function readUnary(t: Translation): Fragment {
  if (t.reader.accept("-")) return { sql: `(- ${readUnary(t).sql})` };
  if (t.reader.accept("+")) return readUnary(t);
  return readPostfix(t);
}

function readPostfix(t: Translation): Fragment {
  let value = readPrimary(t);
  while (t.reader.accept("::")) {
    value = castTo(t, value, { type: readDataType(t.reader), isTry: false });
  }
  if (t.reader.sees(":") || t.reader.sees("[")) throw notEmulated("paths into VARIANT values");
  return value;
}

function readPrimary(t: Translation): Fragment {
  const token = t.reader.peek();
  switch (token.kind) {
    case "string":
      t.reader.next();
      return { sql: literal(token.text), text: token.text };
    case "binary":
      t.reader.next();
      return { sql: `unhex(${literal(token.text)})` };
    case "number":
      t.reader.next();
      return { sql: token.text };
    case "bind":
      return readBind(t);
    case "quoted":
      return readColumn(t);
    case "word":
      return readWord(t);
    case "symbol":
      return readParenthesized(t);
    case "end":
      throw t.reader.refusal();
  }
}

function readParenthesized(t: Translation): Fragment {
  return t.reader.parenthesized(() => {
    if (startsQuery(t)) return { sql: `(${t.query()})` };
    const items = t.reader.list(() => t.expression());
    const [only] = items;
    if (only !== undefined && items.length === 1) return only;
    return { sql: `(${items.map(({ sql }) => sql).join(", ")})` };
  });
}

function startsQuery({ reader }: Translation): boolean {
  return reader.sees("SELECT") || reader.sees("WITH") || reader.sees("(", "SELECT");
}

const CONSTANTS: ReadonlySet<string> = new Set(["NULL", "TRUE", "FALSE"]);
const TYPED_LITERALS: Readonly<Record<string, DataType>> = {
  DATE: { kind: "date" },
  TIME: { kind: "time", scale: 9 },
  TIMESTAMP: { kind: "timestamp_ntz", scale: 9 },
};

function readWord(t: Translation): Fragment {
  const { text } = t.reader.peek();
  if (CONSTANTS.has(text)) {
    t.reader.next();
    return { sql: text };
  }
  if (text === "CASE") return readCase(t);
  if (text === "EXISTS") return readExists(t);
  if (text === "CAST" || text === "TRY_CAST") return readCast(t);
  if (text === "INTERVAL") return readInterval(t);
  const type = Object.hasOwn(TYPED_LITERALS, text) ? TYPED_LITERALS[text] : undefined;
  if (type !== undefined && t.reader.peek(1).kind === "string") {
    t.reader.next();
    return castTo(t, readPrimary(t), { type, isTry: false });
  }
  return isCall(t) ? readCall(t) : readColumn(t);
}

function readColumn(t: Translation): Fragment {
  const token = t.reader.peek();
  if (token.kind === "word" && RESERVED.has(token.text)) throw t.reader.refusal();
  const path = t.reader.path();
  if (t.reader.sees("(")) throw notEmulated(`function ${path.join(".")}`);
  const name = path.at(-1);
  return { sql: columnPath(path), ...(name === undefined ? {} : { column: name }) };
}

/** Words that end an expression, and so name neither a column nor an alias unless quoted. */
export const RESERVED: ReadonlySet<string> = new Set(
  `ALL AND AS ASC BETWEEN BY CASE CROSS DESC DISTINCT ELSE END ESCAPE EXCEPT EXISTS FETCH FROM FULL GROUP HAVING ILIKE
   IN INNER INTERSECT INTO IS JOIN LATERAL LEFT LIKE LIMIT MINUS NATURAL NOT NULLS OFFSET ON OR ORDER OVER QUALIFY
   RIGHT RLIKE SELECT SET THEN UNION USING VALUES WHEN WHERE WITH`.split(/\s+/),
);

function readCase(t: Translation): Fragment {
  t.reader.expect("CASE");
  const parts = ["CASE"];
  if (!t.reader.sees("WHEN")) parts.push(t.expression().sql);
  while (t.reader.accept("WHEN")) {
    const condition = t.expression().sql;
    t.reader.expect("THEN");
    parts.push(`WHEN ${condition} THEN ${t.expression().sql}`);
  }
  if (t.reader.accept("ELSE")) parts.push(`ELSE ${t.expression().sql}`);
  t.reader.expect("END");
  return { sql: `(${parts.join(" ")} END)` };
}

function readExists(t: Translation): Fragment {
  t.reader.expect("EXISTS");
  return { sql: `EXISTS (${t.reader.parenthesized(() => t.query())})` };
}

const INTERVAL = /^\s*(\d+)\s*(second|minute|hour|day|week|month|year)s?\s*$/i;

function readInterval(t: Translation): Fragment {
  t.reader.expect("INTERVAL");
  const text = t.reader.text();
  const [, count, unit] = INTERVAL.exec(text) ?? [];
  if (count === undefined || unit === undefined) throw notEmulated(`INTERVAL '${text}'`);
  return { sql: `INTERVAL '${count} ${unit}'` };
}
