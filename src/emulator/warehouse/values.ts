import { SnowflakeError } from "./errors.js";
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
      refuseInValues(t);
      return cell(index);
    }),
  );
}

/** Snowflake takes neither subqueries nor semi-structured functions in VALUES: those go through SELECT. */
function refuseInValues({ reader }: Translation): void {
  const isRefused =
    reader.sees("(", "SELECT") || reader.sees("PARSE_JSON", "(") || reader.sees("TO_VARIANT", "(");
  if (!isRefused) return;
  throw new SnowflakeError(
    "002014",
    "22000",
    `SQL compilation error:\nInvalid expression [${reader.peek().text}] in VALUES clause`,
  );
}

export function printRows(rows: readonly (readonly string[])[]): string {
  return `VALUES ${rows.map((row) => `(${row.join(", ")})`).join(", ")}`;
}
