import type { Difference } from "./catalogue.js";

/**
 * What became of a migration that was taken up, down and up again over rows:
 * `exact`: schema and rows as before; `position only`: but for the order of columns; `lossy`: the schema came back, rows did not;
 * `broken`: it fails, or its down leaves another schema; `not proven`: nothing could be said here.
 */
export type Status = "exact" | "position only" | "lossy" | "broken" | "not proven";

/** What was found about a migration, by the rule that finds it. */
export const RULES = [
  "syntax",
  "no-statement",
  "no-up",
  "no-down",
  "console-comment",
  "half-commented",
  "up-failed",
  "down-failed",
  "schema-differs",
  "position-differs",
  "rows-differ",
  "up-again-differs",
  "rows-refused",
  "no-rows",
  "needs-object",
  "needs-rows",
  "engine-lacks",
] as const;
export type Rule = (typeof RULES)[number];

export interface Finding {
  readonly rule: Rule;
  /** For people, in one line. */
  readonly words: string;
  /** Relative to the Hasura project. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** What differs, by name, where that is it: `students.score`. */
  readonly object?: string;
}

export interface Verdict {
  readonly version: string;
  /** `1638852925395_add_score_decimal` */
  readonly label: string;
  readonly status: Status;
  readonly findings: readonly Finding[];
}

const BREAKING: ReadonlySet<Rule> = new Set<Rule>([
  "syntax",
  "no-statement",
  "no-up",
  "no-down",
  "console-comment",
  "half-commented",
  "up-failed",
  "down-failed",
  "schema-differs",
  "up-again-differs",
]);
const UNPROVEN: ReadonlySet<Rule> = new Set<Rule>([
  "no-rows",
  "needs-object",
  "needs-rows",
  "engine-lacks",
]);

/** The worst that the findings say; `exact` without any. What could not be tried here is no fault of the migration. */
export function statusOf(findings: readonly Finding[]): Status {
  const has = (rules: ReadonlySet<Rule>) => findings.some(({ rule }) => rules.has(rule));
  if (has(BREAKING)) return "broken";
  if (findings.some(({ rule }) => rule === "rows-differ")) return "lossy";
  if (has(UNPROVEN)) return "not proven";
  return findings.some(({ rule }) => rule === "position-differs") ? "position only" : "exact";
}

/** What a down left otherwise than it was before the up. */
export function findingsOfDown(
  differences: readonly Difference[],
  file: string,
): readonly Finding[] {
  return differences.map(({ aspect, words, object }) => ({
    rule: RULE_OF[aspect],
    words: `after the down, ${words}`,
    file,
    object,
  }));
}

const RULE_OF = {
  schema: "schema-differs",
  position: "position-differs",
  rows: "rows-differ",
} as const satisfies Record<Difference["aspect"], Rule>;

/** How many of each status, the worst first. */
export function countStatuses(
  verdicts: readonly Verdict[],
): readonly { readonly status: Status; readonly count: number }[] {
  return STATUSES.map((status) => ({
    status,
    count: verdicts.filter((verdict) => verdict.status === status).length,
  })).filter(({ count }) => count > 0);
}

/** From worst to best. */
export const STATUSES = [
  "broken",
  "not proven",
  "lossy",
  "position only",
  "exact",
] as const satisfies readonly Status[];
