import type { SqlFile } from "../../domain/migration.js";
import type { Finding, Rule } from "../../domain/verdict.js";
import type { SqlError } from "../scratch/scratch.js";

/** What PostgreSQL answered to a file, at its line where it named one. */
export function sqlFinding(rule: Rule, what: string, error: SqlError, file: SqlFile): Finding {
  const line = lineOf(error, file.sql);
  return {
    rule,
    words: `${what}: ${sqlWords(error)}`,
    file: file.path,
    ...(line !== undefined && { line }),
  };
}

/** As `relation "students" does not exist (42P01)`; with the detail, which names the row. */
export function sqlWords({ message, detail, sqlState }: SqlError): string {
  return `${message}${detail === undefined ? "" : ` (${detail})`} (${sqlState})`;
}

/** From 1; undefined where PostgreSQL named no place. */
export function lineOf({ position }: SqlError, sql: string): number | undefined {
  if (position === undefined) return undefined;
  return [...sql].slice(0, position).filter((character) => character === "\n").length + 1;
}
