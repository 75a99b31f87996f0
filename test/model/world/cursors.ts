import type { Cursor, CursorType } from "#src/domain/destination.js";
import { CURSOR } from "./rows.js";

/** What a world's cursor counts in: moments, in milliseconds since 1970, or numbers without gaps. */
export type CursorKind = "timestamp" | "number";

export function typeOf(kind: CursorKind): CursorType {
  return kind === "timestamp" ? "TIMESTAMP_NTZ" : "NUMBER";
}

/** The cell that a bookmark's text means. */
export function cellOf(text: string, { type }: Pick<Cursor, "type">): number {
  return type === "NUMBER" ? Number(text) : momentOf(text);
}

/** The text of a cell. */
export function textOf(cell: number, { type }: Pick<Cursor, "type">): string {
  return type === "NUMBER" ? String(cell) : momentText(cell);
}

/** The cursor column of a world. */
export function cursorOf(kind: CursorKind): Cursor {
  return { column: CURSOR, type: typeOf(kind) };
}

function momentOf(text: string): number {
  const plain = text.replace("T", " ").replace(/Z$/, "");
  return remembered(read, plain, () => Date.parse(`${plain.replace(" ", "T")}Z`));
}

/** `YYYY-MM-DD HH:MM:SS[.fraction]` in UTC, without zeros behind its last digit. */
export function momentText(ms: number): string {
  return remembered(written, ms, () =>
    new Date(ms)
      .toISOString()
      .slice(0, 23)
      .replace("T", " ")
      .replace(/\.(\d*?)0+$/, (_all, digits: string) => (digits === "" ? "" : `.${digits}`)),
  );
}

// The model sees the same few moments over and over.
const read = new Map<string, number>();
const written = new Map<number, string>();

function remembered<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  return made;
}
