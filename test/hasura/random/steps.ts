import { columnSteps } from "./column-steps.js";
import { objectSteps } from "./object-steps.js";
import { insertRows, rowSteps } from "./row-steps.js";
import type { RandomSchema } from "./schema.js";
import type { Draw, RandomMigration, Step } from "./step.js";
import { createTable, tableSteps } from "./table-steps.js";

/** Rows most often: what changes a schema matters where there are some. */
const STEPS: readonly Step[] = [
  ...tableSteps,
  ...columnSteps,
  ...objectSteps,
  ...rowSteps,
  ...columnSteps,
  ...rowSteps,
  insertRows,
  insertRows,
];

/** The migration that a draw means for a schema; rows are inserted where it would mean nothing. */
export function applyStep(
  draw: Draw,
  schema: RandomSchema,
  index: number,
): { readonly migration: RandomMigration; readonly next: RandomSchema } {
  const step = STEPS[draw.kind % STEPS.length];
  const made = step?.(draw, schema) ?? insertRows(draw, schema) ?? createTable(draw, schema);
  const end = draw.semicolon ? ";\n" : "";
  const migration = {
    version: String(1_650_000_000_000 + index * 1000),
    name: made.name,
    up: `${made.up.join(";\n")}${end}`,
    down: `${made.down.join(";\n")}${end}`,
    inverse: made.inverse,
  };
  return { migration, next: made.next };
}
