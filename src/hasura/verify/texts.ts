import type { Migration, SqlFile } from "../../domain/migration.js";
import type { Finding } from "../../domain/verdict.js";
import { consoleDown } from "../sql/console-down.js";
import { parseStatements, type Statement } from "../sql/statements.js";

/** What the texts of a migration say before anything is run. */
export interface Texts {
  /** Undefined where there is nothing that could be run. */
  readonly up: readonly Statement[] | undefined;
  readonly down: readonly Statement[] | undefined;
  readonly findings: readonly Finding[];
}

export async function readTexts(migration: Migration): Promise<Texts> {
  const up = await readText(migration.up, noUp, "");
  const down = await readText(migration.down, noDown, migration.up?.sql ?? "");
  return {
    up: up.statements,
    down: down.statements,
    findings: [...up.findings, ...down.findings],
  };
}

interface Text {
  readonly statements: readonly Statement[] | undefined;
  readonly findings: readonly Finding[];
}

const noUp: Finding = {
  rule: "no-up",
  words: "there is no up.sql, or it has no bytes: Hasura's CLI cannot apply this version",
};
const noDown: Finding = {
  rule: "no-down",
  words:
    "there is no down.sql, or it has no bytes: Hasura's CLI stops here when it rolls back, and leaves it out of a squash with a warning only",
};

async function readText(file: SqlFile | undefined, missing: Finding, up: string): Promise<Text> {
  if (file === undefined) return { statements: undefined, findings: [missing] };
  const { path, sql } = file;
  const { statements, error } = await parseStatements(sql);
  const left = consoleDown(sql, up);
  const half: readonly Finding[] =
    left.kind === "half commented" ? [{ ...HALF_COMMENTED, file: path, line: left.line }] : [];
  if (error !== undefined) {
    const words = `PostgreSQL cannot read it: ${error.message}`;
    const syntax: Finding = { rule: "syntax", words, file: path, line: error.line };
    return { statements: undefined, findings: [...half, syntax] };
  }
  if (statements.length === 0) {
    const finding = left.kind === "comment only" ? CONSOLE_COMMENT : NO_STATEMENT;
    return { statements: undefined, findings: [{ ...finding, file: path, line: 1 }] };
  }
  return { statements, findings: half };
}

const NO_STATEMENT: Finding = {
  rule: "no-statement",
  words: "holds no statement: Hasura refuses it (EmptyQuery)",
};
const CONSOLE_COMMENT: Finding = {
  rule: "console-comment",
  words:
    "holds only the console's comment: Hasura refuses it (EmptyQuery), and after a squash the reversal is skipped in silence",
};
const HALF_COMMENTED: Finding = {
  rule: "half-commented",
  words:
    "the console commented only the first line of the statement; what follows the comment runs as SQL of its own",
};
