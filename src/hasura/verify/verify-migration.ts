import type { Snapshot } from "../../domain/catalogue.js";
import { isDadosferaError } from "../../domain/errors.js";
import { type Migration, migrationLabel } from "../../domain/migration.js";
import { type Finding, statusOf, type Verdict } from "../../domain/verdict.js";
import { fillNew, type NewColumn } from "../seeds/fill-new.js";
import { plainName } from "../seeds/sql-text.js";
import { judgeDown, judgeUpAgain } from "./judge.js";
import { type Lowered, lower } from "./lower.js";
import { type Raised, raise } from "./raise.js";
import { sowNew } from "./sowing.js";
import type { Stage } from "./stage.js";
import { readTexts, type Texts } from "./texts.js";

/**
 * Takes one migration up, down and up again over rows, and compares. The stage is then as after the up, with rows in new tables and columns;
 * as before, if the up cannot run here.
 */
export async function verifyMigration(stage: Stage, migration: Migration): Promise<Verdict> {
  const texts = await readTexts(migration);
  const tried = await tryIt(stage, migration, texts);
  const findings = [...texts.findings, ...tried];
  const { version } = migration;
  return { version, label: migrationLabel(migration), status: statusOf(findings), findings };
}

/** Plays an up through without judging it: for what stands before the migrations in question. Whether it ran. */
export async function passMigration(stage: Stage, migration: Migration): Promise<boolean> {
  const texts = await readTexts(migration);
  return (await advance(stage, migration, texts)).isDone;
}

async function tryIt(
  stage: Stage,
  migration: Migration,
  texts: Texts,
): Promise<readonly Finding[]> {
  const advanced = await advance(stage, migration, texts);
  const { up, down } = migration;
  if (!advanced.isDone || up === undefined || down === undefined || texts.down === undefined) {
    return advanced.findings;
  }
  const { before, afterUp } = advanced;
  const statements = { up: texts.up ?? [], down: texts.down };
  const play = () => lower(stage, { up, down, before }, statements);
  try {
    const lowered = await play();
    const seen = { before, afterUp, ...lowered };
    const ofDown = judgeDown(seen, down.path);
    return [
      ...advanced.findings,
      ...blame(lowered, ofDown),
      ...ofDown,
      ...(await judgeUpAgain(seen, up.path, play)),
      ...withoutRows(before, tablesOf(texts)),
    ];
  } catch (error) {
    return [...advanced.findings, notTried(error)];
  }
}

/** An up that fails over the rows which a down left, where those are all that it left otherwise, is a part of that loss. */
function blame({ findings, isOverRows }: Lowered, ofDown: readonly Finding[]): readonly Finding[] {
  const isOfRows =
    ofDown.some(({ rule }) => rule === "rows-differ") &&
    ofDown.every(({ rule }) => rule !== "schema-differs");
  if (!isOverRows || !isOfRows) return findings;
  return findings.map((finding) => ({ ...finding, rule: "rows-differ" as const }));
}

/** Some engines cannot copy every database. */
function notTried(error: unknown): Finding {
  if (!isDadosferaError(error) || error.code !== "SCRATCH_REFUSED") throw error;
  return { rule: "engine-lacks", words: `cannot prove here: ${error.happened}` };
}

interface Advanced extends Raised {
  readonly before: Snapshot;
  readonly afterUp: Snapshot;
}

/** Gives rows to empty tables, runs the up, and gives values to new columns and rows to new tables. */
async function advance(stage: Stage, migration: Migration, texts: Texts): Promise<Advanced> {
  await stage.seed();
  const raised = await raiseIt(stage, migration, texts);
  const before = stage.seen;
  if (!raised.isDone) return { ...raised, before, afterUp: before };
  const afterUp = await stage.look();
  const filled = await fillNew(stage.database, newColumns(before, afterUp));
  const isSown = await sowNew(stage.database, before, afterUp);
  if (isSown || filled.length > 0) await stage.look();
  return { ...raised, before, afterUp };
}

async function raiseIt(stage: Stage, migration: Migration, { up }: Texts): Promise<Raised> {
  if (up === undefined) {
    await stage.miss(migration);
    return { isDone: false, findings: [] };
  }
  try {
    return await raise(stage, migration, tablesOf({ up }));
  } catch (error) {
    await stage.miss(migration);
    return { isDone: false, findings: [notTried(error)] };
  }
}

/** A pass on an empty table shows nothing of what becomes of its rows. */
function withoutRows(before: Snapshot, touched: readonly string[]): readonly Finding[] {
  const empty = before.rows.filter(
    ({ table, rows }) => rows.length === 0 && touched.includes(plainName(table)),
  );
  return empty.map(({ table }) => ({
    rule: "no-rows" as const,
    words: `${table} has no row here, so nothing shows what becomes of its rows`,
  }));
}

/** As the catalogue names them. */
function tablesOf({ up = [], down = [] }: Partial<Texts>): readonly string[] {
  const names = [...up, ...down].flatMap(({ touches }) => touches);
  return [...new Set(names)];
}

/** Of tables that have rows; a new table without any is given some. */
function newColumns(before: Snapshot, after: Snapshot): readonly NewColumn[] {
  const columnsOf = ({ objects }: Snapshot) => objects.filter(({ kind }) => kind === "column");
  const known = new Set(columnsOf(before).map(({ name }) => name));
  const filled = new Set(
    after.rows.filter(({ rows }) => rows.length > 0).map(({ table }) => table),
  );
  return columnsOf(after)
    .filter(({ name, traits }) => !known.has(name) && filled.has(traits["table"] ?? ""))
    .map(({ traits }) => ({
      table: plainName(traits["table"] ?? ""),
      column: traits["column"] ?? "",
    }));
}
