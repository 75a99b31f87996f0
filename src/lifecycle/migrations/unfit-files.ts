import type { Trouble } from "../../domain/errors.js";
import { migrationLabel, type SqlFile } from "../../domain/migration.js";
import type { MigrationStep } from "../../domain/migration-plan.js";
import { isTransactionEdge, outsideTransaction } from "../../hasura/sql/lonely-statements.js";
import { parseStatements, type Statement, syntaxTrouble } from "../../hasura/sql/statements.js";
import type { Place, Sight } from "./look.js";
import { fileOf } from "./perform-step.js";

/** What Hasura would refuse of the files that are to run, or carry out otherwise than as a whole: known before any of them runs. */
export async function unfitFiles(
  steps: readonly MigrationStep[],
  place: Place,
  sight: Sight,
): Promise<readonly Trouble[]> {
  const found = await Promise.all(
    steps.map(async (step) => {
      const file = step.kind === "mark" ? undefined : fileOf(step, place, sight);
      return file === undefined ? [] : unfit(file, step);
    }),
  );
  return found.flat();
}

async function unfit(file: SqlFile, step: MigrationStep): Promise<readonly Trouble[]> {
  const { statements, error } = await parseStatements(file.sql);
  if (error !== undefined) return [syntaxTrouble(file.path, error)];
  if (statements.length === 0) return [empty(file, step)];
  const outside = statements.find((one) => outsideTransaction(one) !== undefined);
  if (outside !== undefined) return [notInTransaction(file, step, outside)];
  const edge = statements.find((one, index) => isWithin(one, index, statements));
  return edge === undefined ? [] : [notWhole(file, step, edge)];
}

/** A BEGIN at the very start and a COMMIT at the very end leave a file the one transaction that it is in Hasura. */
function isWithin(statement: Statement, index: number, statements: readonly Statement[]): boolean {
  if (!isTransactionEdge(statement)) return false;
  const kind = String(statement.node["kind"] ?? "TRANS_STMT_BEGIN");
  const isFirst = index === 0 && ["TRANS_STMT_BEGIN", "TRANS_STMT_START"].includes(kind);
  return !isFirst && !(index === statements.length - 1 && kind === "TRANS_STMT_COMMIT");
}

const NOTHING = "Nothing was changed.";

function did(step: MigrationStep): string {
  return `Will not ${step.kind === "run-down" ? "take back" : "run"} migration ${migrationLabel(step)}`;
}

function empty({ path }: SqlFile, step: MigrationStep): Trouble {
  return {
    code: "MIGRATION_INVALID",
    happened: `${did(step)}: ${path} holds no statement, which Hasura refuses (EmptyQuery).`,
    now: NOTHING,
    next: `Write its statements; where nothing is to be done, write \`SELECT 1;\`.`,
  };
}

function notInTransaction({ path }: SqlFile, step: MigrationStep, statement: Statement): Trouble {
  const type = step.kind === "run-down" ? "down" : "up";
  return {
    code: "MIGRATION_INVALID",
    happened: `${did(step)}: ${path}:${statement.line}: ${outsideTransaction(statement)} cannot run in a transaction, and Hasura runs every request in one (25001).`,
    now: NOTHING,
    next: `Run the file with psql, then say so: \`hasura migrate apply --skip-execution --version ${step.version} --type ${type}\`; or write it in a form that can run in a transaction.`,
  };
}

function notWhole({ path }: SqlFile, step: MigrationStep, { line, text }: Statement): Trouble {
  return {
    code: "MIGRATION_INVALID",
    happened: `${did(step)}: ${path}:${line}: ${text.split(/\s/)[0]?.toUpperCase()} ends or begins a transaction in the middle of the file, which could then be carried out in part.`,
    now: NOTHING,
    next: "Take the statement out: Hasura runs the file in one transaction; or make a migration of each part.",
  };
}
