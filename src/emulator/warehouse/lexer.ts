import { SnowflakeError, unexpected } from "./errors.js";

/** One word of a statement. `text` is the meaning: folded for words, unescaped for strings; `start` and `end` are offsets in the source. */
export interface Token {
  readonly kind: "word" | "quoted" | "string" | "binary" | "number" | "bind" | "symbol" | "end";
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Cuts Snowflake SQL into tokens. Comments vanish; a character that begins nothing is a syntax error. */
export function tokenize(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  let binds = 0;
  while (offset < sql.length) {
    const [kind, raw] = lexeme(sql, offset);
    const end = offset + raw.length;
    if (kind === "bind") binds += 1;
    if (kind !== "space") {
      const text = kind === "bind" && raw === "?" ? String(binds) : meaning(kind, raw);
      tokens.push({ kind, text, start: offset, end });
    }
    offset = end;
  }
  tokens.push({ kind: "end", text: "", start: sql.length, end: sql.length });
  return tokens;
}

type Lexeme = Token["kind"] | "space";

const LEXEMES: readonly (readonly [Lexeme, RegExp])[] = [
  ["space", /\s+|--[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\//y],
  ["binary", /[xX]'(?:[0-9A-Fa-f]{2})*'/y],
  ["word", /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y],
  ["quoted", /"(?:[^"]|"")+"/y],
  ["string", /'(?:[^'\\]|''|\\[\s\S])*'|\$\$[\s\S]*?\$\$/y],
  ["number", /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ["bind", /\?|:\d+/y],
  ["symbol", /::|=>|<=|>=|<>|!=|\|\||[-+*/%=<>(),.;:[\]{}]/y],
];

function lexeme(sql: string, offset: number): readonly [Lexeme, string] {
  for (const [kind, pattern] of LEXEMES) {
    pattern.lastIndex = offset;
    const match = pattern.exec(sql);
    if (match !== null) return [kind, match[0]];
  }
  throw unexpected(sql.charAt(offset), offset);
}

function meaning(kind: Lexeme, raw: string): string {
  switch (kind) {
    case "word":
      return raw.toUpperCase();
    case "quoted":
      return raw.slice(1, -1).replaceAll('""', '"');
    case "string":
      return raw.startsWith("$$") ? raw.slice(2, -2) : unescapeText(raw.slice(1, -1));
    case "binary":
      return raw.slice(2, -1);
    case "bind":
      return raw.slice(1);
    case "number":
    case "symbol":
    case "end":
    case "space":
      return raw;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };

/** Single-quoted text in Snowflake knows backslashes, which DuckDB would keep. */
function unescapeText(text: string): string {
  const plain = text.replace(
    /''|\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([\s\S]))/g,
    (all, hex?: string, unicode?: string, letter?: string) => {
      if (all === "''") return "'";
      const digits = hex ?? unicode;
      if (digits !== undefined) return String.fromCharCode(Number.parseInt(digits, 16));
      return ESCAPES[letter ?? ""] ?? (letter === "0" ? "\0" : (letter ?? ""));
    },
  );
  return withoutNul(plain);
}

/** DuckDB's parser ends at a NUL, so text that holds one is refused rather than cut. */
export function withoutNul(text: string): string {
  if (!text.includes("\0")) return text;
  throw new SnowflakeError("001003", "42000", "SQL compilation error:\nnot emulated: NUL in text");
}
