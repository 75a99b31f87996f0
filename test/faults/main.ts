import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SEED } from "./drawing.js";
import type { Line } from "./report.js";
import { tableText } from "./report-table.js";

/** Processes that share the places, one per core of a small machine. */
const PARTS = 2;

/** Tries every place in two processes, prints what came of it, and writes it to FAULTS_REPORT as Markdown if that is set. */
async function main(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "dadosfera-faults-"));
  const startedAt = performance.now();
  try {
    const parts = Array.from({ length: PARTS }, (_, part) => tryPart(part, folder));
    const codes = await Promise.all(parts);
    const minutes = Math.round((performance.now() - startedAt) / 60_000);
    const report = reportText(linesIn(folder), minutes);
    process.stdout.write(report);
    const file = process.env["FAULTS_REPORT"];
    if (file !== undefined) writeFileSync(file, report);
    return Math.max(...codes);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function tryPart(part: number, folder: string): Promise<number> {
  const mocha = join(__dirname, "../../../node_modules/mocha/bin/mocha.js");
  const options = ["--no-package", "--enable-source-maps", ...process.argv.slice(2)];
  const child = spawn(process.execPath, [mocha, ...options, join(__dirname, "*.test.js")], {
    env: {
      ...process.env,
      FAULTS: "all",
      FAULTS_SEED: String(SEED),
      FAULTS_PART: `${part}/${PARTS}`,
      FAULTS_LINES: folder,
    },
    stdio: "inherit",
  });
  const [code] = (await once(child, "exit")) as [number | null];
  return code ?? 1;
}

function linesIn(folder: string): readonly Line[] {
  return readdirSync(folder).flatMap(
    (name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as readonly Line[],
  );
}

function reportText(lines: readonly Line[], minutes: number): string {
  return `# Faults tried

What \`npm run test:faults\` tried, and what came of it: a column change is struck at one of its requests to Maestro or
statements to Snowflake, then made again, and the table is compared row by row with that of an undisturbed change.
"Effects" are the requests and statements that can be struck, "places" the ways there are to strike them: for a kill,
before and after each. "Otherwise wrong" counts places after which a bookmark, a lease or the journal was not as it
should be, or a message said what was not so. FAULTS_SEED=${SEED}, ${minutes} minutes.

${tableText(lines)}`;
}

void main().then((code) => process.exit(code));
