import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "./package-root.js";

/** The program `stacks/orders.ts`. */
export function ordersProgram(): string {
  return readFileSync(join(PACKAGE_ROOT, "stacks", "orders.ts"), "utf8");
}

/** The column in the job's list, and what is to happen to the rows that are loaded already. */
export function withPhone(program: string): string {
  const listed = replaced(program, '"updated_at"],', '"updated_at", "telefone"],');
  return replaced(
    listed,
    'primaryKeys: ["id"],',
    'primaryKeys: ["id"],\n      backfill: { columns: ["telefone"], rows: { after: "2025-12-17 16:49:00" } },',
  );
}

export function withOneRowPerKey(program: string): string {
  return replaced(program, 'loadType: "incremental"', 'loadType: "incremental_with_qualify"');
}

/** Replaces the one place where the text stands. */
export function replaced(program: string, text: string, other: string): string {
  const [before, after, ...more] = program.split(text);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`The program does not hold this text once: ${text}`);
  }
  return `${before}${other}${after}`;
}
