import type { CatalogueObject, Snapshot } from "../../domain/catalogue.js";
import type { SqlFile } from "../../domain/migration.js";
import type { Finding } from "../../domain/verdict.js";
import { readSnapshot } from "../catalogue/snapshot.js";
import { type ScratchDatabase, SqlError } from "../scratch/scratch.js";
import { isDataError } from "../seeds/refused-rows.js";
import { readSequences, restoreSequences } from "../seeds/sequences.js";
import { literal } from "../seeds/sql-text.js";
import type { Statement } from "../sql/statements.js";
import { transactionTraits } from "../sql/transaction-traits.js";
import { forgetSession, runFile } from "./run-file.js";
import { sqlFinding } from "./sql-failure.js";
import type { Stage } from "./stage.js";

/** What stood there after the down, and after the up that followed it. */
export interface Lowered {
  readonly afterDown: Snapshot | undefined;
  readonly afterUpAgain: Snapshot | undefined;
  readonly findings: readonly Finding[];
  /** The up that followed failed over rows: those that the down left, it may be. */
  readonly isOverRows: boolean;
}

/** Both files, and what stood there before the up. */
export interface Tried {
  readonly up: SqlFile;
  readonly down: SqlFile;
  readonly before: Snapshot;
}

/**
 * Tries the down, and the up again, and leaves the stage as it was. One transaction that is rolled back costs least; files that
 * bring transactions of their own, or behave otherwise in a longer one, are tried on a copy.
 */
export async function lower(
  stage: Stage,
  migration: Tried,
  texts: { readonly up: readonly Statement[]; readonly down: readonly Statement[] },
): Promise<Lowered> {
  const { up, down } = migration;
  const isAlone = isForItself(up.sql, texts.up) || isForItself(down.sql, texts.down);
  const lowered = isAlone ? undefined : await lowerInTransaction(stage, migration);
  return lowered ?? lowerOnCopy(stage, migration);
}

/** The same by the slower way, which serves every file: as Hasura runs them, one after the other. */
export async function lowerOnCopy(stage: Stage, migration: Tried): Promise<Lowered> {
  await using copy = await stage.copy();
  return await tryBoth(copy, migration, (file) => runFile(copy, file.sql));
}

function isForItself(sql: string, statements: readonly Statement[]): boolean {
  return transactionTraits(sql, statements).alone.length > 0;
}

/** Undefined where the failure may come from sharing a transaction, as with a value that was just added to an enum. */
export async function lowerInTransaction(
  stage: Stage,
  migration: Tried,
): Promise<Lowered | undefined> {
  const { database } = stage;
  const sequences = await readSequences(database);
  await database.run("BEGIN");
  let isShared = false;
  try {
    return await tryBoth(database, migration, async (file) => {
      await database.run("SAVEPOINT file");
      try {
        await database.run(file.sql);
        // What would be checked when the transaction of the file ends.
        await database.run("SET CONSTRAINTS ALL IMMEDIATE");
      } catch (error) {
        isShared ||= error instanceof SqlError && mayComeOfSharing(error, stage);
        await database.run("ROLLBACK TO SAVEPOINT file");
        throw error;
      }
      await forgetSession(database);
    }).then((lowered) => (isShared ? undefined : lowered));
  } finally {
    await database.run("ROLLBACK");
    await forgetSession(database);
    await restoreSequences(database, sequences);
  }
}

/** A check that was to wait for the end of a file waits for none any more once the first file ended. */
function mayComeOfSharing({ sqlState }: SqlError, { seen }: Stage): boolean {
  if (OF_SHARED_TRANSACTIONS.has(sqlState)) return true;
  return sqlState.startsWith("23") && seen.objects.some(isDeferrable);
}

function isDeferrable({ traits }: CatalogueObject): boolean {
  return /(?<!NOT )DEFERRABLE/.test(traits["definition"] ?? "");
}

/** 55P04 a new enum value; 55006 pending trigger events; 25001 not in a transaction; 25P02 in a failed one; 2D000 it ends one. */
const OF_SHARED_TRANSACTIONS: ReadonlySet<string> = new Set([
  "55P04",
  "55006",
  "25001",
  "25P02",
  "2D000",
]);

async function tryBoth(
  database: ScratchDatabase,
  { up, down, before }: Tried,
  run: (file: SqlFile) => Promise<void>,
): Promise<Lowered> {
  const downFailure = await failure(run, down);
  if (downFailure !== undefined) {
    const findings = [sqlFinding("down-failed", "the down fails", downFailure, down)];
    return { afterDown: undefined, afterUpAgain: undefined, findings, isOverRows: false };
  }
  const afterDown = await readSnapshot(database);
  await rewindSequences(database, before, afterDown);
  const upFailure = await failure(run, up);
  if (upFailure !== undefined) {
    const what = "after the down, the up fails";
    const findings = [sqlFinding("up-again-differs", what, upFailure, up)];
    return { afterDown, afterUpAgain: undefined, findings, isOverRows: isDataError(upFailure) };
  }
  const afterUpAgain = await readSnapshot(database);
  return { afterDown, afterUpAgain, findings: [], isOverRows: false };
}

/** So that the second up gives out the same numbers as the first. */
async function rewindSequences(
  database: ScratchDatabase,
  before: Snapshot,
  now: Snapshot,
): Promise<void> {
  const calls = now.objects.filter(isSequence).flatMap(({ name, traits }) => {
    const old = before.objects.find((one) => isSequence(one) && one.name === name)?.traits["value"];
    if (old == null || old === traits["value"]) return [];
    return [`setval(${literal(name)}, ${old}, false)`];
  });
  if (calls.length > 0) await database.run(`SELECT ${calls.join(", ")}`);
}

function isSequence({ kind }: CatalogueObject): boolean {
  return kind === "sequence";
}

async function failure(
  run: (file: SqlFile) => Promise<void>,
  file: SqlFile,
): Promise<SqlError | undefined> {
  try {
    await run(file);
    return undefined;
  } catch (error) {
    if (error instanceof SqlError) return error;
    throw error;
  }
}
