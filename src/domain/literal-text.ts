/** A value as JSON has it; fields that are undefined are left out. */
export type Literal =
  | string
  | number
  | boolean
  | null
  | readonly Literal[]
  | { readonly [name: string]: Literal | undefined };

/** A value as TypeScript: what is short and plain on one line, the rest one item or field a line. `depth` counts indentations. */
export function literalText(value: Literal, depth = 0, column = 0): string {
  if (typeof value === "string") return quotedText(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return isList(value) ? listText(value, depth, column) : objectText(value, depth, column);
}

/** A text in double quotes that reads back equal, and shows nothing invisible: no end of line, no change of direction. */
export function quotedText(text: string): string {
  return JSON.stringify(text).replaceAll(INVISIBLE, (found) =>
    Array.from({ length: found.length }, (_, index) => escaped(found.charCodeAt(index))).join(""),
  );
}

const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/gu;
const WIDTH = 100;

function escaped(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, "0")}`;
}

function listText(list: readonly Literal[], depth: number, column: number): string {
  const line = `[${list.map((item) => literalText(item)).join(", ")}]`;
  if (list.every(isPlain) && fits(line, column)) return line;
  return block(
    "[",
    list.map((item) => literalText(item, depth + 1, indent(depth + 1).length)),
    depth,
    "]",
  );
}

function objectText(
  fields: Readonly<Record<string, Literal | undefined>>,
  depth: number,
  column: number,
): string {
  const present = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [[`${keyText(name)}: `, value] as const],
  );
  if (present.length === 0) return "{}";
  const line = `{ ${present.map(([start, value]) => start + literalText(value)).join(", ")} }`;
  if (present.length <= SHORT && present.every(([, value]) => isPlain(value)) && fits(line, column))
    return line;
  const inner = present.map(
    ([start, value]) =>
      start + literalText(value, depth + 1, indent(depth + 1).length + start.length),
  );
  return block("{", inner, depth, "}");
}

/** Objects of so many plain fields may stand on one line. */
const SHORT = 2;

function isPlain(value: Literal): boolean {
  return typeof value !== "object" || value === null;
}

/** The comma behind it has to fit too. */
function fits(line: string, column: number): boolean {
  return column + line.length < WIDTH;
}

function block(open: string, lines: readonly string[], depth: number, close: string): string {
  const inner = lines.map((line) => `${indent(depth + 1)}${line},\n`).join("");
  return `${open}\n${inner}${indent(depth)}${close}`;
}

function indent(depth: number): string {
  return "  ".repeat(depth);
}

/** `__proto__` would name the prototype, unless it is computed. */
function keyText(name: string): string {
  if (name === "__proto__") return '["__proto__"]';
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quotedText(name);
}

/** `Array.isArray` does not tell readonly lists from objects. */
function isList(value: object): value is readonly Literal[] {
  return Array.isArray(value);
}
