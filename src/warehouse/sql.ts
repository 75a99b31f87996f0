/** A value bound to a `?`. Cursor values are bound as text and cast in SQL. */
export type Bind = string | number | boolean | null;

/** SQL text with a `?` for each bound value, in order. */
export interface Sql {
  readonly text: string;
  readonly binds: readonly Bind[];
}

/** Composes SQL: a part that is SQL is put in as it is, any other value is bound. */
export function sql(strings: TemplateStringsArray, ...parts: readonly (Sql | Bind)[]): Sql {
  let text = strings[0] ?? "";
  const binds: Bind[] = [];
  for (const [index, part] of parts.entries()) {
    const isSql = typeof part === "object" && part !== null;
    text += isSql ? part.text : "?";
    binds.push(...(isSql ? part.binds : [part]));
    text += strings[index + 1] ?? "";
  }
  return { text, binds };
}

/** An identifier, or a path of them, in quotes: the only place where names become SQL. */
export function identifier(...path: readonly string[]): Sql {
  return { text: path.map((name) => `"${name.replaceAll('"', '""')}"`).join("."), binds: [] };
}

/** Parts with something between them; `empty` where there is none. */
export function joined(parts: readonly Sql[], between: string, empty = ""): Sql {
  if (parts.length === 0) return { text: empty, binds: [] };
  return {
    text: parts.map((part) => part.text).join(between),
    binds: parts.flatMap((part) => part.binds),
  };
}

/** What a reader of SQL must not look into: a name or a text in quotes; then a bound value's mark, and white space. */
const TOKEN = /"(?:[^"]|"")*"|'(?:[^']|'')*'|\?|\s+/g;

/** SQL for a person to read: bound values in place of their marks, white space folded. Never executed. */
export function shown(statement: Sql): string {
  let index = 0;
  return statement.text.trim().replaceAll(TOKEN, (token) => {
    if (token === "?") return literal(statement.binds[index++] ?? null);
    return token.trim() === "" ? " " : token;
  });
}

/** Snowflake reads a backslash in a text as the start of an escape. */
function literal(bind: Bind): string {
  return typeof bind === "string"
    ? `'${bind.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`
    : String(bind).toUpperCase();
}
