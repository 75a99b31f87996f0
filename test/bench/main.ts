import { writeFileSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
import { columnChange } from "./column-change.js";
import { columnDiff } from "./column-diff.js";
import { findEngines } from "./engines.js";
import { limited } from "./limited.js";
import { loading } from "./loading.js";
import type { Measure, Part, Sizes } from "./measure.js";
import { reportText, tableText } from "./report.js";
import { emulatedRows } from "./rows.js";
import { stacks } from "./stacks.js";

/** All parts, in the order of the table. PARTS names a few of them; `limited` takes minutes, and has to be named. */
const PARTS: Readonly<Record<string, Part>> = {
  stacks,
  diff: columnDiff,
  change: columnChange,
  loading,
  rows: emulatedRows,
  limited,
};
const USUAL = "stacks,diff,change,loading,rows";

async function main(): Promise<void> {
  const names = setting("PARTS", USUAL).split(",");
  const measures: Measure[] = [];
  for (const name of names) {
    const part = PARTS[name];
    if (part === undefined) throw new Error(`There is no part ${name}: ${Object.keys(PARTS)}`);
    process.stderr.write(`${name} …\n`);
    measures.push(...(await part(sizes())));
  }
  const surroundings = surroundingsNow();
  process.stdout.write(`${surroundings.join("\n")}\n\n${tableText(measures)}`);
  const report = process.env["BENCH_REPORT"];
  if (report !== undefined) writeFileSync(report, reportText(measures, surroundings));
  process.exitCode = measures.every(({ bound }) => bound?.isHeld !== false) ? 0 : 1;
}

function sizes(): Sizes {
  return {
    jobs: Number(setting("JOBS", "1000")),
    columns: Number(setting("COLUMNS", "10000")),
    rows: Number(setting("ROWS", "1000000")),
    repeats: Number(setting("REPEATS", "5")),
  };
}

/** What the environment says; sizes are made smaller for trying. */
function setting(variable: string, usual: string): string {
  return process.env[variable] || usual;
}

function surroundingsNow(): readonly string[] {
  const versionOf = (name: string) =>
    (require(`${name}/package.json`) as { readonly version: string }).version;
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return [
    `Date: ${new Date().toISOString().slice(0, 10)}`,
    `Machine: ${availableParallelism()} cores (${cpus()[0]?.model.trim()}), ${gigabytes} GB`,
    `Node ${process.versions.node}, @pulumi/pulumi ${versionOf("@pulumi/pulumi")}, DuckDB ${versionOf("@duckdb/node-api")}`,
    `Engines: ${findEngines()
      .map(({ name }) => name)
      .join(", ")}`,
  ];
}

void main();
