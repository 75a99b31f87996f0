import type { Migration, SqlFile } from "../../domain/migration.js";
import type { Finding } from "../../domain/verdict.js";
import { type ScratchDatabase, SqlError } from "../scratch/scratch.js";
import { findRefusedRows, isDataError, type RefusedRow } from "../seeds/refused-rows.js";
import { removeRows } from "../seeds/removal.js";
import { parseStatements, type Statement } from "../sql/statements.js";
import { transactionTraits } from "../sql/transaction-traits.js";
import { type Outside, readOutside } from "./outside.js";
import { runFile } from "./run-file.js";
import { sqlFinding, sqlWords } from "./sql-failure.js";
import type { Stage } from "./stage.js";
import { whoseLack } from "./unmade.js";

/** Whether the up ran, and what had to be done for it. */
export interface Raised {
  readonly isDone: boolean;
  readonly findings: readonly Finding[];
}

/** What may be missing before one migration; beyond that something is wrong with us. */
const MOST_ATTEMPTS = 20;

/**
 * Runs the up. What is missing and can be guessed is made; rows of ours that it refuses are let go and named, since rows of that
 * kind in production would stop it as well. If it cannot run, the stage is as it was.
 */
export async function raise(
  stage: Stage,
  migration: Pick<Migration, "version" | "name" | "up">,
  touched: readonly string[],
): Promise<Raised> {
  const { up } = migration;
  if (up === undefined) return { isDone: false, findings: [] };
  const attempt = await attemptOf(up);
  const findings: Finding[] = [];
  for (let number = 1; ; number += 1) {
    const error = await failureOf(stage, attempt);
    if (error === undefined) {
      return { isDone: true, findings: [...findings, ...(await noteDone(stage, attempt))] };
    }
    const isLast = number === MOST_ATTEMPTS;
    const remedied = isLast ? NO_REMEDY : await remedy(stage, { error, attempt, touched });
    if (!remedied.isDone) {
      await stage.miss(migration);
      const failed = remedied.finding ?? sqlFinding("up-failed", "the up fails", error, up);
      return { isDone: false, findings: [...findings, failed] };
    }
    if (remedied.finding !== undefined) findings.push(remedied.finding);
  }
}

/** What an up that ran needed all the same: a replay without our rows goes on only with what runs there too. */
async function noteDone(stage: Stage, attempt: Attempt): Promise<readonly Finding[]> {
  const lacking = await lackingRows(stage, attempt);
  if (lacking.length === 0) stage.note(attempt.up.sql);
  return lacking;
}

interface Attempt {
  readonly up: SqlFile;
  readonly statements: readonly Statement[];
  /** It begins or ends transactions, or runs outside of one: a failure half-way leaves the first half done. */
  readonly isAlone: boolean;
}

async function attemptOf(up: SqlFile): Promise<Attempt> {
  const { statements = [] } = await parseStatements(up.sql);
  return { up, statements, isAlone: transactionTraits(up.sql, statements).alone.length > 0 };
}

async function failureOf(stage: Stage, { up, isAlone }: Attempt): Promise<SqlError | undefined> {
  const run = (database: ScratchDatabase) => runFile(database, up.sql);
  try {
    await (isAlone ? stage.guarded(run) : run(stage.database));
    return undefined;
  } catch (error) {
    if (error instanceof SqlError) return error;
    throw error;
  }
}

interface Failure {
  readonly error: SqlError;
  readonly attempt: Attempt;
  readonly touched: readonly string[];
}

/** Whether the up may be tried again, and what is to be said of it. */
interface Remedy {
  readonly isDone: boolean;
  readonly finding: Finding | undefined;
}

const NO_REMEDY: Remedy = { isDone: false, finding: undefined };

async function remedy(stage: Stage, failure: Failure): Promise<Remedy> {
  const { error, attempt, touched } = failure;
  const { up } = attempt;
  const behind = whoseLack(error, stage.unmade);
  if (behind !== undefined) {
    const words = `needs what ${behind.label} would make, which could not run here: ${sqlWords(error)}`;
    return { isDone: false, finding: { rule: "needs-object", words, file: up.path } };
  }
  const outside = readOutside(error, stage.scratch.engine);
  if (outside?.kind === "made") return makeIt(stage, outside, failure);
  if (isDataError(error)) {
    const sql = textWithoutTransactions(attempt);
    const refused = await findRefusedRows(stage.database, touched, (on) => on.run(sql));
    if (refused.length > 0 && (await stage.refusalBare(sql)) !== undefined)
      return { isDone: false, finding: undefined };
    if (refused.length > 0) {
      await removeRows(stage.database, refused);
      await stage.look();
      return { isDone: true, finding: rowsRefused(refused, up) };
    }
  }
  const known = outside?.finding ?? rowlessSelect(failure);
  return { isDone: false, finding: known && { ...known, file: up.path } };
}

/** For trying it within a transaction that must stay: the file's own words on transactions are left out. */
function textWithoutTransactions({ up, statements, isAlone }: Attempt): string {
  if (!isAlone) return up.sql;
  return statements
    .filter(({ kind }) => kind !== "TransactionStmt")
    .map(({ kind, text }) => (KEPT.test(kind) ? text : text.replace(/\bconcurrently\b/i, "")))
    .join(";\n");
}

const KEPT = /^(?!Index|Drop|Reindex|AlterTable)/;

async function makeIt(
  stage: Stage,
  { sql }: Outside & { kind: "made" },
  { error, attempt }: Failure,
): Promise<Remedy> {
  const refusal = stage.made.includes(sql) ? error : await refusalOf(stage, sql);
  if (refusal === undefined) return { isDone: true, finding: undefined };
  const outside = readOutside(refusal, stage.scratch.engine);
  const known =
    outside?.kind === "unknown"
      ? outside.finding
      : {
          rule: "needs-object" as const,
          words: `needs what no migration makes: ${sqlWords(error)}`,
        };
  return { isDone: false, finding: { ...known, file: attempt.up.path } };
}

async function refusalOf(stage: Stage, sql: string): Promise<SqlError | undefined> {
  try {
    await stage.make(sql);
    return undefined;
  } catch (error) {
    if (error instanceof SqlError) return error;
    throw error;
  }
}

/** An INSERT that takes its key from a row by SELECT gets null where no row is: nothing to do with rows of ours. */
function rowlessSelect({ error, attempt }: Failure): Finding | undefined {
  if (error.sqlState !== "23502") return undefined;
  const selects = attempt.statements.some(
    ({ kind, text }) => kind === "InsertStmt" && /\bselect\b/i.test(text),
  );
  if (!selects) return undefined;
  const words = `needs a row that no migration makes, which its SELECT would find: ${sqlWords(error)}`;
  return { rule: "needs-rows", words };
}

/** Rows of ours can carry the very keys that an INSERT refers to, and hide that nobody makes them. */
async function lackingRows(stage: Stage, attempt: Attempt): Promise<readonly Finding[]> {
  if (!attempt.statements.some(({ kind }) => WRITING.has(kind))) return [];
  const refusal = await stage.refusalBare(textWithoutTransactions(attempt));
  if (refusal?.sqlState !== "23503") return [];
  const words = `needs a row that no migration makes: ${refusal.detail ?? refusal.message}`;
  return [{ rule: "needs-rows", words, file: attempt.up.path }];
}

const WRITING: ReadonlySet<string> = new Set(["InsertStmt", "UpdateStmt", "MergeStmt"]);

function rowsRefused(refused: readonly RefusedRow[], { path }: SqlFile): Finding {
  const tables = [...new Set(refused.map(({ table }) => table))].join(", ");
  const [first] = refused;
  const example = first === undefined ? "" : `, as ${rowText(first)}: ${sqlWords(first.error)}`;
  const count = refused.length === 1 ? "1 row" : `${refused.length} rows`;
  return {
    rule: "rows-refused",
    words: `the up refuses ${count} that ${tables} may hold${example}`,
    file: path,
  };
}

/** `(1, '', null)`, shortened. */
function rowText({ row }: RefusedRow): string {
  const values = Object.values(row).map((value) => (value === null ? "null" : `'${value}'`));
  const text = `(${values.join(", ")})`.replaceAll("\n", "\\n");
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
