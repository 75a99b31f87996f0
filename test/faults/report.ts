import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SEED } from "./drawing.js";
import { tableText } from "./report-table.js";
import { type Damage, isDamaged } from "./standing.js";

/** What was tried of one kind of change under one kind of fault, and what came of it. */
export interface Line {
  readonly kind: string;
  readonly fault: string;
  /** Requests and statements that the undisturbed change sends. */
  readonly effects: number;
  /** Places that there are: most often before and after each of them. */
  readonly places: number;
  readonly tried: number;
  readonly lost: number;
  readonly doubled: number;
  readonly held: number;
  /** Places after which anything else was wrong. */
  readonly other: number;
}

const lines: Line[] = [];

/** Notes what came of trying some of the places of one kind of change under one kind of fault. */
export function note(
  what: Pick<Line, "kind" | "fault" | "effects" | "places">,
  damages: readonly Damage[],
): void {
  // At once: the whole takes most of an hour, and the runner tells of failures at its end.
  for (const damage of damages.filter(isDamaged)) {
    process.stderr.write(`${what.kind}, ${what.fault}: ${JSON.stringify(damage)}\n`);
  }
  const sum = (part: "lost" | "doubled" | "held") =>
    damages.reduce((total, damage) => total + damage[part], 0);
  lines.push({
    ...what,
    tried: damages.length,
    lost: sum("lost"),
    doubled: sum("doubled"),
    held: sum("held"),
    other: damages.filter(({ other }) => other.length > 0).length,
  });
  hand();
}

/** Hands the lines to whoever asked for them; at once, since a run that is ended early has tried something too. */
function hand(): void {
  const folder = process.env["FAULTS_LINES"];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify(lines));
}

after("the report of the faults", () => {
  process.stdout.write(`\n  Faults tried, FAULTS_SEED=${SEED}\n\n${tableText(lines)}\n`);
});
