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

What \`npm run bench\` measured; \`BENCH_REPORT=docs/benchmarks.md\` writes this page. Both of a pair were measured in turn in
the same run; a number is the median of several, with the least and the most in brackets. Each bound is one of the
project's design, and the command ends with 1 when one is not held; a line without a bound is only reported.

"Do-nothing resources" are dynamic resources with the same inputs, parents and dependencies as the jobs and their
pipelines, ten jobs each, whose provider has a \`create\` that answers and nothing else. A ratio below 1 is no slip: the SDK
takes a stack trace of each promise of a resource, which costs more than all that this package adds, and makes its own
resources without them. On the Pulumi CLI a stack is made from nothing only once: the CLI writes the whole state of a
\`file://\` backend several times for each resource, and that is most of what is measured there.

\`JOBS\`, \`COLUMNS\`, \`ROWS\` and \`REPEATS\` make it smaller, for trying; \`PARTS\` takes some of \`stacks\`, \`diff\`, \`change\`,
\`loading\`, \`rows\`, \`limited\`, of which the last, a few minutes long, has to be named.

${surroundings.map((line) => `- ${line}\n`).join("")}
${tableText(measures)}`;
}
