import type { StagedColumn, WantedTable } from "./source-server.js";

/**
 * A condition for the server that keeps back only rows which the extraction would leave out anyway; empty where the two might not
 * agree: text hangs on collations, and a bookmark may be written so that one of them rounds it.
 */
export function lowerBound(
  columns: readonly StagedColumn[],
  since: WantedTable["since"],
  quote: (name: string) => string,
): string {
  const cursor = columns.find(({ name }) => name.toLowerCase() === since?.column.toLowerCase());
  if (cursor === undefined || since === undefined) return "";
  const literal = literalOf(cursor, since.value);
  return literal === undefined ? "" : ` WHERE ${quote(cursor.name)} >= ${literal}`;
}

function literalOf({ type }: StagedColumn, value: string): string | undefined {
  const form = FORMS.find(([types]) => types.test(type))?.[1];
  const text = form?.exec(value)?.[1];
  return text === undefined || /^-?\d+$/.test(text) ? text : `'${text}'`;
}

/** A day's time is dropped, as DuckDB does; without a zone, a time is in UTC for both. */
const FORMS: readonly (readonly [RegExp, RegExp])[] = [
  [/^U?(TINY|SMALL|BIG)?INT(EGER)?$/, /^(-?\d+)$/],
  [/^DATE$/, /^(\d{4}-\d\d-\d\d)(?: \d\d:\d\d:\d\d(?:\.\d+)?)?$/],
  [/^TIMESTAMP$/, /^(\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d(?:\.\d{1,6})?)?)$/],
  [/^TIMESTAMP WITH TIME ZONE$/, /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?)(?:\+00)?$/],
];
