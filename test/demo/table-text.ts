export type Row = Readonly<Record<string, unknown>>;

/** Rows as aligned text, numbers to the right; one line says so if there are none. */
export function tableText(rows: readonly Row[]): readonly string[] {
  const columns = Object.keys(rows[0] ?? {});
  if (columns.length === 0) return ["(no rows)"];
  const cells = rows.map((row) => columns.map((column) => String(row[column] ?? "null")));
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...cells.map((row) => (row[index] ?? "").length)),
  );
  const isNumeric = columns.map((_, index) =>
    cells.every((row) => /^-?\d{1,8}(\.\d+)?$/.test(row[index] ?? "")),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, index) => {
        const width = widths[index] ?? 0;
        return isNumeric[index] === true ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd();
  return [line(columns), line(widths.map((width) => "─".repeat(width))), ...cells.map(line)];
}
