import type { Migration, SqlFile } from "../../domain/migration.js";
import type { Finding } from "../../domain/verdict.js";
import { SqlError } from "../scratch/scratch.js";
import { findRefusedRows, isDataError, type RefusedRow } from "../seeds/refused-rows.js";
import { removeRows } from "../seeds/removal.js";
import { readOutside } from "./outside.js";
import { runFile } from "./run-file.js";
import { sqlFinding, sqlWords } from "./sql-failure.js";
import type { Stage } from "./stage.js";

/** Whether the up ran, and what had to be done for it. */
export interface Raised {
  readonly isDone: boolean;
  readonly findings: readonly Finding[];
}

/** What may be missing before one migration; beyond that something is wrong with us. */
const MOST_ATTEMPTS = 20;

/**
 * Runs the up. What is missing and can be guessed is made; rows of ours that it refuses are let go and named, since rows of that
 * kind in production would stop it as well.
 */
export async function raise(
  stage: Stage,
  { up }: Pick<Migration, "up">,
  touched: readonly string[],
): Promise<Raised> {
  if (up === undefined) return { isDone: false, findings: [] };
  const findings: Finding[] = [];
  for (let attempt = 1; ; attempt += 1) {
    const error = await failureOf(stage, up);
    if (error === undefined) return { isDone: true, findings };
    const remedied = attempt < MOST_ATTEMPTS && (await remedy(stage, error, up, touched));
    if (remedied === false || remedied === undefined) {
      return { isDone: false, findings: [...findings, unremedied(error, up, stage)] };
    }
    findings.push(...remedied);
  }
}

async function failureOf({ database }: Stage, up: SqlFile): Promise<SqlError | undefined> {
  try {
    await runFile(database, up.sql);
    return undefined;
  } catch (error) {
    if (error instanceof SqlError) return error;
    throw error;
  }
}

/** What was found on the way, once the up may be tried again; undefined if nothing can be done. */
async function remedy(
  stage: Stage,
  error: SqlError,
  up: SqlFile,
  touched: readonly string[],
): Promise<readonly Finding[] | undefined> {
  const outside = readOutside(error, stage.scratch.engine);
  if (outside?.kind === "made") return (await isMade(stage, outside.sql)) ? [] : undefined;
  if (!isDataError(error)) return undefined;
  const attempt = (database: Stage["database"]) => database.run(up.sql);
  const refused = await findRefusedRows(stage.database, touched, attempt);
  if (refused.length === 0) return undefined;
  await removeRows(stage.database, refused);
  await stage.look();
  return [rowsRefused(refused, up)];
}

async function isMade(stage: Stage, sql: string): Promise<boolean> {
  if (stage.made.includes(sql)) return false;
  try {
    await stage.make(sql);
    return true;
  } catch (error) {
    if (error instanceof SqlError) return false;
    throw error;
  }
}

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

function unremedied(error: SqlError, up: SqlFile, { scratch }: Stage): Finding {
  const outside = readOutside(error, scratch.engine);
  if (outside?.kind === "unknown") return { ...outside.finding, file: up.path };
  return sqlFinding("up-failed", "the up fails", error, up);
}
