import { notEmulated } from "./errors.js";
import { literal } from "./identifiers.js";

/** An element of a Snowflake time format, as strftime's pattern or as an expression over the value. */
type Element = string | ((value: string) => string);

/** strftime gives offsets as `+00` or `+05:30`. */
const offset = (value: string) => `substr(strftime(${value}, '%z') || ':00', 1, 6)`;

// Longest first: FF9 before FF. DuckDB keeps microseconds, and its own %n prints NULs after six digits.
const ELEMENTS: readonly (readonly [RegExp, Element])[] = [
  [/^YYYY/i, "%Y"],
  [/^YY/i, "%y"],
  [/^MM/i, "%m"],
  [/^MON/i, "%b"],
  [/^DD/i, "%d"],
  [/^DY/i, "%a"],
  [/^HH24/i, "%H"],
  [/^HH12/i, "%I"],
  [/^(?:AM|PM)/i, "%p"],
  [/^MI/i, "%M"],
  [/^SS/i, "%S"],
  [/^FF(?![0-8])9?/i, "%f000"],
  [/^FF6/i, "%f"],
  [/^FF3/i, "%g"],
  [/^FF0/i, ""],
  [/^TZH:TZM/i, offset],
  [/^TZHTZM/i, (value) => `replace(${offset(value)}, ':', '')`],
  [/^TZH/i, (value) => `left(${offset(value)}, 3)`],
];

/** TO_VARCHAR with a format: only a literal one, so that it can be read here. */
export function timeFormat(value: string, format: string | undefined): string {
  if (format === undefined) throw notEmulated("TO_VARCHAR with a format that is not a literal");
  return pieces(format, value)
    .map((piece) =>
      piece.kind === "pattern" ? `strftime(${value}, ${literal(piece.sql)})` : piece.sql,
    )
    .join(" || ");
}

/** The format as one strptime pattern, for reading. */
export function timePattern(format: string): string {
  return literal(
    pieces(format, "")
      .map((piece) => {
        if (piece.kind === "pattern") return piece.sql.replace("%f000", "%n");
        throw notEmulated(`reading times with format '${format}'`);
      })
      .join(""),
  );
}

interface Piece {
  readonly kind: "pattern" | "expression";
  readonly sql: string;
}

function pieces(format: string, value: string): readonly Piece[] {
  const found: Piece[] = [];
  let rest = format;
  while (rest !== "") {
    const [length, piece] = firstPiece(rest, value);
    found.push(piece);
    rest = rest.slice(length);
  }
  return merged(found);
}

function firstPiece(rest: string, value: string): readonly [number, Piece] {
  for (const [pattern, element] of ELEMENTS) {
    const match = pattern.exec(rest);
    if (match === null) continue;
    const piece: Piece =
      typeof element === "string"
        ? { kind: "pattern", sql: element }
        : { kind: "expression", sql: element(value) };
    return [match[0].length, piece];
  }
  const quoted = /^"([^"]*)"|^[^A-Za-z0-9%"]|^T(?!Z)/.exec(rest);
  if (quoted === null) throw notEmulated(`time format '${rest}'`);
  return [quoted[0].length, { kind: "pattern", sql: quoted[1] ?? quoted[0] }];
}

/** Neighbouring patterns as one: strftime is called once for them. */
function merged(found: readonly Piece[]): readonly Piece[] {
  const done: Piece[] = [];
  for (const piece of found) {
    const last = done.at(-1);
    if (last?.kind === "pattern" && piece.kind === "pattern") {
      done[done.length - 1] = { kind: "pattern", sql: last.sql + piece.sql };
    } else {
      done.push(piece);
    }
  }
  return done;
}
