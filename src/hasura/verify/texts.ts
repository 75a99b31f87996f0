import type { Migration, SqlFile } from "../../domain/migration.js";
import type { Finding } from "../../domain/verdict.js";
import {
  hasConsoleMark,
  isHalfCommented,
  parseStatements,
  type Statement,
} from "../statements.js";

/** What the texts of a migration say before anything is run. */
export interface Texts {
  /** Undefined where there is nothing that could be run. */
  readonly up: readonly Statement[] | undefined;
  readonly down: readonly Statement[] | undefined;
  readonly findings: readonly Finding[];
}

export async function readTexts(migration: Migration): Promise<Texts> {
  const up = await readText(migration.up, noUp);
  const down = await readText(migration.down, noDown);
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

async function readText(file: SqlFile | undefined, missing: Finding): Promise<Text> {
  if (file === undefined) return { statements: undefined, findings: [missing] };
  const parsed = await parseStatements(file.sql);
  if ("error" in parsed) {
    const { message, line } = parsed.error;
    const words = `PostgreSQL cannot read it: ${message}`;
    return { statements: undefined, findings: [{ rule: "syntax", words, file: file.path, line }] };
  }
  const { statements } = parsed;
  if (statements.length === 0) {
    return { statements: undefined, findings: [withoutStatement(file)] };
  }
  const findings = isHalfCommented(file.sql, statements) ? [halfCommented(file, statements)] : [];
  return { statements, findings };
}

function withoutStatement({ path, sql }: SqlFile): Finding {
  return hasConsoleMark(sql)
    ? {
        rule: "console-comment",
        words:
          "holds only the console's comment: Hasura refuses it (EmptyQuery), and after a squash the reversal is skipped in silence",
        file: path,
        line: 1,
      }
    : {
        rule: "no-statement",
        words: "holds no statement: Hasura refuses it (EmptyQuery)",
        file: path,
        line: 1,
      };
}

function halfCommented({ path }: SqlFile, [first]: readonly Statement[]): Finding {
  return {
    rule: "half-commented",
    words:
      "the console commented only the first line of the statement; what follows the comment runs as SQL of its own",
    file: path,
    ...(first !== undefined && { line: first.line }),
  };
}
