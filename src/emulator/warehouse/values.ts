import type { Translation } from "./translation.js";

/** `VALUES (…), (…)`, whose columns are COLUMN1, COLUMN2 in Snowflake. */
export function readValues(t: Translation): string {
  const rows = readRows(t, () => t.expression().sql);
  const names = (rows[0] ?? []).map((_, index) => `"COLUMN${index + 1}"`);
  return `SELECT * FROM (${printRows(rows)}) AS "~ values"(${names.join(", ")})`;
}

/** The rows of VALUES, each cell read by its place. */
export function readRows(
  t: Translation,
  cell: (index: number) => string,
): readonly (readonly string[])[] {
  t.reader.expect("VALUES");
  return t.reader.list(() => readRow(t, cell));
}

export function readRow(t: Translation, cell: (index: number) => string): readonly string[] {
  let index = -1;
  return t.reader.parenthesized(() =>
    t.reader.list(() => {
      index += 1;
      return cell(index);
    }),
  );
}

export function printRows(rows: readonly (readonly string[])[]): string {
  return `VALUES ${rows.map((row) => `(${row.join(", ")})`).join(", ")}`;
}
