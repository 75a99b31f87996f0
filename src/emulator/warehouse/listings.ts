import { encodeName, literal, quote } from "./identifiers.js";

/** A cell of a listing: a value, or SQL that brings it. */
export type Cell = string | number | boolean | null | { readonly sql: string };

/** A table made up of rows of ours, as a subquery; `columns` gives names and DuckDB types. */
export function listing(
  columns: Readonly<Record<string, string>>,
  rows: readonly (readonly Cell[])[],
): string {
  const names = Object.entries(columns);
  const head = names.map(([name, type]) => `CAST(NULL AS ${type}) AS ${quote(encodeName(name))}`);
  const body = rows.map(
    (row) =>
      ` UNION ALL SELECT ${names.map(([, type], index) => `CAST(${print(row[index])} AS ${type})`).join(", ")}`,
  );
  return `(SELECT ${head.join(", ")} WHERE false${body.join("")})`;
}

function print(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return "NULL";
  if (typeof cell === "object") return cell.sql;
  return typeof cell === "string" ? literal(cell) : String(cell);
}
