import type { Trouble } from "../../domain/errors.js";
import { isNode, type SqlNode } from "./syntax-tree.js";
import { touchedTables } from "./touched-tables.js";

export interface Statement {
  /** Its own bytes, without the `;` and without what stands around it. */
  readonly text: string;
  /** Where it stands in the file, in UTF-16 units, the end not included. */
  readonly start: number;
  readonly end: number;
  /** From 1, in the file. */
  readonly line: number;
  /** Type of its node, as `AlterTableStmt`. */
  readonly kind: string;
  readonly node: SqlNode;
  /** Whether a `;` ends it. Only the last of a file may lack it. */
  readonly isClosed: boolean;
  /** Tables and views it names, the schema left out where it is `public`: `students`, `sales.orders`. */
  readonly touches: readonly string[];
}

export interface SyntaxProblem {
  /** PostgreSQL's own words: `syntax error at or near "frm"`. */
  readonly message: string;
  /** Both from 1; the column in characters. */
  readonly line: number;
  readonly column: number;
}

export type Parsed =
  | { readonly statements: readonly Statement[]; readonly error?: undefined }
  | { readonly statements?: undefined; readonly error: SyntaxProblem };

/** Takes a file apart as PostgreSQL 18 would. A file of comments and blanks has no statements, and no error. */
export async function parseStatements(sql: string): Promise<Parsed> {
  const unreadable = unreadableCharacter(sql);
  if (unreadable) return { error: unreadable };
  if (sql.trim() === "") return { statements: [] };
  const parser = await import("libpg-query");
  try {
    const result = await parser.parse(sql);
    return { statements: statementsOf(sql, (result.stmts ?? []) as readonly RawStatement[]) };
  } catch (error) {
    if (!parser.hasSqlDetails(error)) throw error;
    // Its position counts code points, from 0.
    const before = [...sql].slice(0, error.sqlDetails?.cursorPosition ?? 0).join("");
    return { error: problemAt(sql, before.length, error.message) };
  }
}

/** The three lines for a file that is no SQL. */
export function syntaxTrouble(path: string, { message, line, column }: SyntaxProblem): Trouble {
  return {
    code: "MIGRATION_INVALID",
    happened: `${path}:${line}:${column}: ${message}.`,
    now: "Nothing was changed. Hasura would answer with the same error (42601).",
    next: "Correct the file; commands of psql, as \\connect, are not SQL either.",
  };
}

/** What the parser would not show: it stops at a NUL, and names a byte order mark by a character that nobody sees. */
function unreadableCharacter(sql: string): SyntaxProblem | undefined {
  if (sql.startsWith("\uFEFF")) {
    return problemAt(
      sql,
      0,
      "syntax error at a byte order mark (U+FEFF), which Hasura sends to PostgreSQL as part of the first word",
    );
  }
  const zero = sql.indexOf("\0");
  return zero === -1 ? undefined : problemAt(sql, zero, "syntax error at a NUL character");
}

function problemAt(sql: string, index: number, message: string): SyntaxProblem {
  const lines = sql.slice(0, index).split("\n");
  return { message, line: lines.length, column: [...(lines.at(-1) ?? "")].length + 1 };
}

/** As libpg-query answers: bytes, no length where no `;` follows, no location at the start of the text. */
interface RawStatement {
  readonly stmt?: SqlNode;
  readonly stmt_location?: number;
  readonly stmt_len?: number;
}

function statementsOf(sql: string, raw: readonly RawStatement[]): readonly Statement[] {
  const bytes = Buffer.from(sql);
  let byte = 0;
  let character = 0;
  let line = 1;
  const advance = (to: number): number => {
    const text = bytes.toString("utf8", byte, to);
    character += text.length;
    line += text.split("\n").length - 1;
    byte = to;
    return character;
  };
  return raw.map(({ stmt = {}, stmt_location = 0, stmt_len = 0 }) => {
    const start = advance(stmt_location);
    const startLine = line;
    const end = stmt_len === 0 ? sql.length : advance(stmt_location + stmt_len);
    // Comments behind the last statement stay with it where no `;` parts them.
    const text = sql.slice(start, end).trimEnd();
    const [kind = "", node] = Object.entries(stmt)[0] ?? [];
    return {
      text,
      start,
      end: start + text.length,
      line: startLine,
      kind,
      node: isNode(node) ? node : {},
      isClosed: stmt_len !== 0,
      touches: touchedTables(kind, node),
    };
  });
}
