import type { Measure } from "./measure.js";

const HEADINGS = ["What", "Measured", "Bound", "Held"] as const;

/** The measures as a table of Markdown. */
export function tableText(measures: readonly Measure[]): string {
  const rows = measures.map(({ what, measured, bound }) => [
    what,
    measured,
    bound?.text ?? "",
    bound === undefined ? "" : bound.isHeld ? "yes" : "NO",
  ]);
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const rule = widths.map((width) => "-".repeat(width));
  return [[...HEADINGS], rule, ...rows]
    .map((row) => `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |\n`)
    .join("");
}

/** A page of the documentation: where and with what it was measured, what the lines mean, and the table. */
export function reportText(measures: readonly Measure[], surroundings: readonly string[]): string {
  return `# Benchmarks

What \`npm run bench\` measured. Both of a pair were measured in turn in the same run; a number is the median of several,
with the least and the most in brackets. Each bound is one of the project's design; a line without one is only reported.
"Do-nothing resources" are dynamic resources with the same inputs, parents and dependencies as the jobs and their
pipelines, whose provider has a \`create\` that answers and nothing else.

${surroundings.map((line) => `- ${line}\n`).join("")}
${tableText(measures)}`;
}
