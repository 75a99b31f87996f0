import { compareSnapshots } from "../domain/catalogue-comparison.js";
import { compareRuns } from "../domain/drawn-values.js";
import { type Migration, migrationLabel, type SqlFile } from "../domain/migration.js";
import { withoutAdvance } from "../domain/sequence-values.js";
import { readSnapshot } from "./catalogue/snapshot.js";
import { type Engine, type Scratch, type ScratchDatabase, SqlError } from "./scratch/scratch.js";
import { findRefusedRows, isDataError } from "./seeds/refused-rows.js";
import { removeRows } from "./seeds/removal.js";
import { seedTables } from "./seeds/seed-tables.js";
import { parseStatements } from "./statements.js";
import { runFile } from "./verify/run-file.js";
import { sqlWords } from "./verify/sql-failure.js";
import { type Ground, Stage } from "./verify/stage.js";
import { passMigration } from "./verify/verify-migration.js";

/** The question: do these files, each in a transaction, do the same as this one pair in one? */
export interface Question extends Ground {
  /** What stands before the parts. */
  readonly before: readonly Migration[];
  readonly parts: readonly Migration[];
  readonly squash: { readonly up: string; readonly down: string };
}

export type Answer =
  | {
      readonly kind: "proven";
      readonly engine: Engine;
      /** What was compared: tables that held rows, and their rows. */
      readonly tables: number;
      readonly rows: number;
      /** What the downs do not give back, the same for the parts and for the squash. */
      readonly losses: readonly string[];
    }
  | { readonly kind: "refuted"; readonly engine: Engine; readonly reasons: readonly string[] };

/** Plays the parts in one database and the squash in another, up, down and up again, over the same rows, and compares after each. */
export async function proveSquash(scratch: Scratch, question: Question): Promise<Answer> {
  const { engine } = scratch;
  const refuted = (reasons: readonly string[]): Answer => ({ kind: "refuted", engine, reasons });
  await using stage = await Stage.open(scratch, question);
  for (const migration of question.before) await passMigration(stage, migration);
  await stage.seed();
  const unfit = await letRefusedRowsGo(stage, question.parts);
  if (unfit !== undefined) return refuted([unfit]);
  const before = await stage.look();
  await using one = await stage.copy();
  const two = stage.database;
  const contest = new Contest(one, two);
  const ups = await contest.play(
    "up",
    question.parts.map(({ up }) => up),
    question.squash.up,
  );
  if (ups.length > 0) return refuted(ups);
  for (const database of [one, two]) await seedTables(database);
  const full = await readSnapshot(two);
  const downs = question.parts.map(({ down }) => down).toReversed();
  const lowered = await contest.play("down", downs, question.squash.down);
  if (lowered.length > 0) return refuted(lowered);
  const losses = compareSnapshots(before, withoutAdvance(before, await readSnapshot(two)));
  const again = await contest.play(
    "up again",
    question.parts.map(({ up }) => up),
    question.squash.up,
  );
  if (again.length > 0) return refuted(again);
  const compared = full.rows.filter(({ rows }) => rows.length > 0);
  return {
    kind: "proven",
    engine,
    tables: compared.length,
    rows: compared.reduce((sum, { rows }) => sum + rows.length, 0),
    losses: losses.map(({ words }) => words),
  };
}

/** The same way in both databases, in two shapes: several files, each in a transaction, and one. */
class Contest {
  readonly #parts: ScratchDatabase;
  readonly #squash: ScratchDatabase;

  constructor(parts: ScratchDatabase, squash: ScratchDatabase) {
    this.#parts = parts;
    this.#squash = squash;
  }

  /** In what they differ afterwards; nothing if they are equal. */
  async play(
    way: string,
    files: readonly (SqlFile | undefined)[],
    squash: string,
  ): Promise<readonly string[]> {
    for (const file of files) {
      const failure = file && (await failureOf(this.#parts, file.sql));
      if (failure !== undefined)
        return [`${file?.path}: the ${way} fails by itself: ${sqlWords(failure)}`];
    }
    const failure = await failureOf(this.#squash, squash);
    if (failure !== undefined)
      return [`the ${way} of the squash fails in one transaction: ${sqlWords(failure)}`];
    const [several, single] = [await readSnapshot(this.#parts), await readSnapshot(this.#squash)];
    return compareRuns(several, single).map(
      ({ words }) => `after the ${way}, the squash differs from its parts: ${words}`,
    );
  }
}

async function failureOf(database: ScratchDatabase, sql: string): Promise<SqlError | undefined> {
  try {
    await runFile(database, sql);
    return undefined;
  } catch (error) {
    if (error instanceof SqlError) return error;
    throw error;
  }
}

/** Rows that one of the parts refuses would stop both shapes; without them there is something to compare. Why not, if it cannot be. */
async function letRefusedRowsGo(
  stage: Stage,
  parts: readonly Migration[],
): Promise<string | undefined> {
  const texts = await Promise.all(parts.map(({ up }) => parseStatements(up?.sql ?? "")));
  const touched = texts.flatMap(({ statements = [] }) =>
    statements.flatMap(({ touches }) => touches),
  );
  const attempt = async (database: ScratchDatabase) => {
    for (const { up } of parts) if (up !== undefined) await database.run(up.sql);
  };
  const failure = await rehearse(stage, attempt);
  if (failure === undefined || !isDataError(failure)) return undefined;
  const refused = await findRefusedRows(stage.database, [...new Set(touched)], attempt);
  if (refused.length === 0) return `${parts.map(migrationLabel).join(", ")}: ${sqlWords(failure)}`;
  await removeRows(stage.database, refused);
  return undefined;
}

/** On a copy, since parts may bring transactions of their own. */
async function rehearse(
  stage: Stage,
  attempt: (database: ScratchDatabase) => Promise<void>,
): Promise<SqlError | undefined> {
  await using copy = await stage.copy();
  try {
    await attempt(copy);
    return undefined;
  } catch (error) {
    if (error instanceof SqlError) return error;
    throw error;
  }
}
