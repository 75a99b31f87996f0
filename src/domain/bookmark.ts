/** What a cursor counts in, as far as a bookmark is concerned. */
export type CursorKind = "timestamp" | "date" | "number";

/** A bookmark in its one spelling: `YYYY-MM-DD HH:MM:SS` in UTC, `YYYY-MM-DD`, or decimal digits. */
export type Bookmark =
  | { readonly kind: "bookmark"; readonly cursorKind: CursorKind; readonly text: string }
  | { readonly kind: "problem"; readonly problem: string };

const TIMESTAMP = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(\.0{1,9})?Z?$/;
const FRACTION = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}\.\d*[1-9]/;
const OFFSET = /[+-]\d{2}:?\d{2}$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
// Compared as NUMBER(38, 9): more would be rounded, and a bookmark is never moved.
const NUMBER = /^-?\d{1,29}(\.\d{1,9})?$/;

/** The kind of a cursor by Maestro's name for its type at the source; undefined where the name says nothing. */
export function cursorKindOf(
  plugin: string,
  incrementalColumnType: string,
): CursorKind | undefined {
  const name = incrementalColumnType.toLowerCase();
  if (/timestamp|datetime/.test(name)) return "timestamp";
  // An Oracle DATE holds a time of day.
  if (name === "date") return plugin === "oracle" ? "timestamp" : "date";
  if (/^(tiny|small|medium|big)?int(eger)?\b|number|numeric|decimal|serial/.test(name))
    return "number";
  return undefined;
}

/** Reads a bookmark as the user wrote it. It is used as it is or refused, never moved. */
export function parseBookmark(value: string | number, cursorKind: CursorKind): Bookmark {
  switch (cursorKind) {
    case "timestamp":
      return parseTimestamp(String(value));
    case "date":
      return DATE.test(String(value)) && isReal(`${value} 00:00:00`)
        ? { kind: "bookmark", cursorKind, text: String(value) }
        : { kind: "problem", problem: "is not a date (YYYY-MM-DD), which this cursor holds" };
    case "number":
      return NUMBER.test(String(value))
        ? { kind: "bookmark", cursorKind, text: String(value) }
        : { kind: "problem", problem: "is not a plain number, which this cursor holds" };
  }
}

/**
 * The latest whole second, at or before the bookmark, that has no row in itself or in the second on either side,
 * so that neither `>` nor `>=` nor a cut fraction can tell a row's side differently.
 * `occupied` holds the seconds (since 1970) in which rows lie, up to the one after the bookmark, newest first.
 */
export function freeSecondBelow(bookmark: number, occupied: readonly number[]): number {
  let candidate = bookmark;
  for (const second of occupied) {
    if (second > candidate + 1) continue;
    if (second < candidate - 1) break;
    candidate = second - 2;
  }
  return candidate;
}

/** Seconds since 1970 of `YYYY-MM-DD HH:MM:SS` in UTC, fractions cut. */
export function secondsOf(timestamp: string): number {
  return Math.floor(Date.parse(`${timestamp.slice(0, 19).replace(" ", "T")}Z`) / 1000);
}

/** `YYYY-MM-DD HH:MM:SS` in UTC. */
export function timestampOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ");
}

function parseTimestamp(value: string): Bookmark {
  const match = TIMESTAMP.exec(value);
  if (match !== null && isReal(`${match[1]} ${match[2]}`)) {
    return { kind: "bookmark", cursorKind: "timestamp", text: `${match[1]} ${match[2]}` };
  }
  if (match === null && FRACTION.test(value)) {
    return {
      kind: "problem",
      problem: "has a fraction of a second, which Maestro may cut: give whole seconds",
    };
  }
  if (OFFSET.test(value) && !DATE.test(value)) {
    return { kind: "problem", problem: "has a time-zone offset: give the time in UTC without one" };
  }
  return {
    kind: "problem",
    problem: "is not a timestamp (YYYY-MM-DD HH:MM:SS in UTC), which this cursor holds",
  };
}

function isReal(timestamp: string): boolean {
  const milliseconds = Date.parse(`${timestamp.replace(" ", "T")}Z`);
  return !Number.isNaN(milliseconds) && timestampOf(milliseconds / 1000) === timestamp;
}
