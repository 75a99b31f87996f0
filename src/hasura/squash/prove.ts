import type { Snapshot } from "../../domain/catalogue.js";
import { compareSnapshots } from "../../domain/catalogue-comparison.js";
import { type Migration, migrationLabel, type SqlFile } from "../../domain/migration.js";
import { withoutAdvance } from "../../domain/sequence-values.js";
import { readSnapshot } from "../catalogue/snapshot.js";
import { type Engine, type Scratch, type ScratchDatabase, SqlError } from "../scratch/scratch.js";
import { findRefusedRows, isDataError } from "../seeds/refused-rows.js";
import { removeRows } from "../seeds/removal.js";
import { type Parsed, parseStatements } from "../sql/statements.js";
import { beyondChance } from "../verify/judge.js";
import { forgetSession, runFile } from "../verify/run-file.js";
import { sowNew } from "../verify/sowing.js";
import { sqlWords } from "../verify/sql-failure.js";
import { type Ground, Stage } from "../verify/stage.js";
import { passMigration } from "../verify/verify-migration.js";

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
  for (const migration of question.before) {
    if (await passMigration(stage, migration)) continue;
    return refuted([`${migrationLabel(migration)} stands before the parts and does not run here`]);
  }
  await stage.seed();
  const unfit = await letRefusedRowsGo(stage, question.parts);
  if (unfit !== undefined) return refuted([unfit]);
  const before = await stage.look();
  await using parts = await stage.copy();
  await using control = await stage.copy();
  const contest = new Contest({ parts, control, squash: stage.database });
  const ups = question.parts.map(({ up }) => up);
  const raised = await contest.play("up", ups, question.squash.up);
  if (raised.reasons.length > 0) return refuted(raised.reasons);
  const full = await contest.sow(before, raised.after);
  const downs = question.parts.map(({ down }) => down).toReversed();
  const lowered = await contest.play("down", downs, question.squash.down);
  if (lowered.reasons.length > 0) return refuted(lowered.reasons);
  const again = await contest.play("up again", ups, question.squash.up);
  if (again.reasons.length > 0) return refuted(again.reasons);
  const compared = full.rows.filter(({ rows }) => rows.length > 0);
  return {
    kind: "proven",
    engine,
    tables: compared.length,
    rows: compared.reduce((sum, { rows }) => sum + rows.length, 0),
    losses: compareSnapshots(before, withoutAdvance(before, lowered.after)).map(
      ({ words }) => words,
    ),
  };
}

interface Played {
  /** In what the squash differs from its parts; nothing if they are equal. */
  readonly reasons: readonly string[];
  /** What the squash led to; what stood there before, if something did not run. */
  readonly after: Snapshot;
}

interface Players {
  readonly parts: ScratchDatabase;
  /** The parts once more: what differs here comes from a clock or by chance. */
  readonly control: ScratchDatabase;
  readonly squash: ScratchDatabase;
}

/** The same way in databases that were equal, in two shapes: several files, each in a transaction, and one. */
class Contest {
  readonly #players: Players;

  constructor(players: Players) {
    this.#players = players;
  }

  async play(
    way: string,
    files: readonly (SqlFile | undefined)[],
    joined: string,
  ): Promise<Played> {
    const { parts, control, squash } = this.#players;
    const failed =
      (await firstFailure(parts, files, way)) ??
      (await firstFailure(control, files, way)) ??
      (await firstFailure(squash, [{ sql: joined, path: SQUASH }], way));
    const after = await readSnapshot(squash);
    if (failed !== undefined) return { reasons: [failed], after };
    const several = await readSnapshot(parts);
    const differences = compareSnapshots(several, after);
    const isOfRows = differences.some(({ aspect }) => aspect === "rows");
    const ofChance = isOfRows ? compareSnapshots(several, await readSnapshot(control)) : [];
    const reasons = beyondChance(differences, ofChance).map(
      ({ words }) => `after the ${way}, the squash differs from its parts: ${words}`,
    );
    return { reasons, after };
  }

  /** Gives rows to the tables that the ups made, so that the downs have some to lose. */
  async sow(before: Snapshot, after: Snapshot): Promise<Snapshot> {
    const { parts, control, squash } = this.#players;
    for (const database of [parts, control, squash]) await sowNew(database, before, after);
    return readSnapshot(squash);
  }
}

const SQUASH = "the squash";

async function firstFailure(
  database: ScratchDatabase,
  files: readonly (Pick<SqlFile, "sql" | "path"> | undefined)[],
  way: string,
): Promise<string | undefined> {
  for (const file of files) {
    const failure = file && (await failureOf(database, file.sql));
    if (failure === undefined) continue;
    return file?.path === SQUASH
      ? `the ${way} of the squash fails in one transaction: ${sqlWords(failure)}`
      : `${file?.path}: the ${way} fails by itself: ${sqlWords(failure)}`;
  }
  return undefined;
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
    for (const { up } of parts) {
      if (up === undefined) continue;
      await database.run(up.sql);
      await forgetSession(database);
    }
  };
  const failure = await rehearse(stage, attempt);
  if (failure === undefined || !isDataError(failure)) return undefined;
  const all = parts.map(migrationLabel).join(", ");
  if (texts.some(endsTransaction)) return `${all}: ${sqlWords(failure)}`;
  const refused = await findRefusedRows(stage.database, [...new Set(touched)], attempt);
  if (refused.length === 0) return `${all}: ${sqlWords(failure)}`;
  await removeRows(stage.database, refused);
  return undefined;
}

/** Rows are looked for in a transaction, which such a part would end, and with it lose them. */
function endsTransaction({ statements = [] }: Parsed): boolean {
  return statements.some(({ kind }) => kind === "TransactionStmt");
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
