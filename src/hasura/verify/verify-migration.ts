import type { Snapshot } from "../../domain/catalogue.js";
import { compareSnapshots } from "../../domain/catalogue-comparison.js";
import { compareRuns } from "../../domain/drawn-values.js";
import { type Migration, migrationLabel } from "../../domain/migration.js";
import { withoutAdvance } from "../../domain/sequence-values.js";
import { type Finding, findingsOfDown, statusOf, type Verdict } from "../../domain/verdict.js";
import { drawValues } from "../drawing-statements.js";
import { fillNew, type NewColumn } from "../seeds/fill-new.js";
import { type Lowered, lower } from "./lower.js";
import { type Raised, raise } from "./raise.js";
import type { Stage } from "./stage.js";
import { readTexts, type Texts } from "./texts.js";

/**
 * Takes one migration up, down and up again over rows, and compares. The stage is then as after the up, with rows in new tables and columns;
 * as before, if the up cannot run here.
 */
export async function verifyMigration(stage: Stage, migration: Migration): Promise<Verdict> {
  const texts = await readTexts(migration);
  const tried = texts.up === undefined ? [] : await tryIt(stage, migration, texts);
  const findings = [...texts.findings, ...tried];
  const { version } = migration;
  return { version, label: migrationLabel(migration), status: statusOf(findings), findings };
}

/** Plays an up through without judging it: for what stands before the migrations in question. Whether it ran. */
export async function passMigration(stage: Stage, migration: Migration): Promise<boolean> {
  const texts = await readTexts(migration);
  return texts.up !== undefined && (await advance(stage, migration, texts)).isDone;
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
  const lowered = await lower(stage, { up, down }, statements);
  return [
    ...advanced.findings,
    ...lowered.findings,
    ...judgeDown(before, lowered.afterDown, down.path),
    ...judgeUpAgain({ before, afterUp, isDrawn: drawValues(statements.up), ...lowered }, up.path),
    ...withoutRows(before, tablesOf(texts)),
  ];
}

/** Gives rows to empty tables, runs the up, and gives values to new columns and rows to new tables. */
async function advance(
  stage: Stage,
  migration: Migration,
  texts: Texts,
): Promise<Raised & { readonly before: Snapshot; readonly afterUp: Snapshot }> {
  await stage.seed();
  const raised = await raise(stage, migration, tablesOf(texts));
  const before = stage.seen;
  if (!raised.isDone) return { ...raised, before, afterUp: before };
  const afterUp = await stage.look();
  await fillNew(stage.database, newColumns(before, afterUp));
  await stage.seedNew(before);
  await stage.look();
  return { ...raised, before, afterUp };
}

function judgeDown(
  before: Snapshot,
  after: Snapshot | undefined,
  file: string,
): readonly Finding[] {
  if (after === undefined) return [];
  return findingsOfDown(compareSnapshots(before, withoutAdvance(before, after)), file);
}

interface Seen extends Pick<Lowered, "afterDown" | "afterUpAgain"> {
  readonly before: Snapshot;
  readonly afterUp: Snapshot;
  /** The up writes values that are others each time. */
  readonly isDrawn: boolean;
}

/** Rows count only where the down gave them back, otherwise what they lost is said already; and where they can be the same. */
function judgeUpAgain(seen: Seen, file: string): readonly Finding[] {
  const { before, afterUp, isDrawn, afterDown, afterUpAgain } = seen;
  if (afterDown === undefined || afterUpAgain === undefined) return [];
  const isExact = compareSnapshots(before, withoutAdvance(before, afterDown)).length === 0;
  return compareRuns(afterUp, withoutAdvance(afterUp, afterUpAgain))
    .filter(({ aspect }) => aspect === "schema" || (isExact && !isDrawn))
    .map(({ words }) => ({
      rule: "up-again-differs" as const,
      words: `after up, down and up, ${words}`,
      file,
    }));
}

/** A pass on an empty table shows nothing of what becomes of its rows. */
function withoutRows(before: Snapshot, touched: readonly string[]): readonly Finding[] {
  const empty = before.rows.filter(
    ({ table, rows }) => rows.length === 0 && touched.includes(table),
  );
  return empty.map(({ table }) => ({
    rule: "no-rows" as const,
    words: `${table} has no row here, so nothing shows what becomes of its rows`,
  }));
}

/** As the catalogue names them. */
function tablesOf({ up = [], down = [] }: Texts): readonly string[] {
  const names = [...up, ...down].flatMap(({ touches }) => touches);
  return [...new Set(names)];
}

function newColumns(before: Snapshot, after: Snapshot): readonly NewColumn[] {
  const columnsOf = ({ objects }: Snapshot) => objects.filter(({ kind }) => kind === "column");
  const known = new Set(columnsOf(before).map(({ name }) => name));
  return columnsOf(after)
    .filter(({ name }) => !known.has(name))
    .map(({ traits }) => ({ table: traits["table"] ?? "", column: traits["column"] ?? "" }));
}
