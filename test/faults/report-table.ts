import type { Line } from "./report.js";

const HEADINGS = [
  "Change",
  "Fault",
  "Effects",
  "Places",
  "Tried",
  "Rows lost",
  "Rows doubled",
  "Schedules held",
  "Otherwise wrong",
] as const;

/** The lines as a table of Markdown, those of the same change and fault added up, with their sum below. */
export function tableText(lines: readonly Line[]): string {
  const names = [...new Set(lines.map(nameOf))];
  const added = names.map((name) => lines.filter((line) => nameOf(line) === name));
  const rows = added.map((same) => rowOf(sumOf(same)));
  const total = { ...sumOf(lines), effects: 0, places: sum(added.map(sumOf), "places") };
  const bottom = rowOf({ ...total, kind: "all", fault: "all" }).with(2, "");
  return aligned([[...HEADINGS], ...rows, bottom]);
}

function nameOf({ kind, fault }: Line): string {
  return `${kind} | ${fault}`;
}

function sumOf(lines: readonly Line[]): Line {
  const [first] = lines;
  return {
    kind: first?.kind ?? "",
    fault: first?.fault ?? "",
    effects: first?.effects ?? 0,
    places: first?.places ?? 0,
    tried: sum(lines, "tried"),
    lost: sum(lines, "lost"),
    doubled: sum(lines, "doubled"),
    held: sum(lines, "held"),
    other: sum(lines, "other"),
  };
}

type Counted = "places" | "tried" | "lost" | "doubled" | "held" | "other";

function sum(lines: readonly Line[], part: Counted): number {
  return lines.reduce((total, line) => total + line[part], 0);
}

function rowOf(line: Line): string[] {
  const { kind, fault, effects, places, tried, lost, doubled, held, other } = line;
  return [kind, fault, ...[effects, places, tried, lost, doubled, held, other].map(String)];
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = HEADINGS.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const rule = widths.map((width, column) =>
    column < 2 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
  );
  const [head = [], ...body] = rows;
  return [head, rule, ...body].map((row) => `| ${padded(row, widths).join(" | ")} |\n`).join("");
}

function padded(row: readonly string[], widths: readonly number[]): readonly string[] {
  return row.map((cell, column) =>
    column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
  );
}
