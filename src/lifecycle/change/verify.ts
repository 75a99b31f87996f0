import { movesRows } from "../../domain/backfill-plan.js";
import { type Compared, tableText } from "../../domain/destination.js";
import { DadosferaError } from "../../domain/errors.js";
import type { LoadType } from "../../domain/job.js";
import { isReplaced } from "../../domain/journal.js";
import { columnNamed, type DestinationTable } from "../../warehouse/destination.js";
import { isMissingObject, isMissingPrivilege } from "../../warehouse/refusals.js";
import type { KeyComparison, RowComparison } from "../../warehouse/verification.js";
import type { Change } from "./change.js";
import { expectIntact } from "./intact.js";

const KEYS_ALWAYS_ALLOWED = 10;

/**
 * Decides success by what stands in the table, not by a count: no key of the back-up may be lost, no pair of key and
 * cursor doubled. Keys that the source deleted are put back, together with the mark, in one transaction.
 */
export async function verify(change: Change): Promise<void> {
  await verifyDeduplicated(change);
  if (movesRows(change.request)) await verifyWindow(change);
  else await change.write({ step: "verified", putBack: 0, versions: 0 });
}

async function verifyWindow(change: Change): Promise<void> {
  const { request, doors, compared } = change;
  await expectIntact(change, doors.tables);
  const { comparison, arrived } = await judge(compared, change);
  const outside = outsideProblem(await doors.tables.countOutside(compared));
  if (outside !== undefined) throw verificationFailed(change, outside);
  const earlier = replacedBefore(change);
  await change.effect(async (tables) => {
    // A full load keeps no row that the source has deleted, today or at its next run.
    const isKept = isKeyed(change) && request.loadType !== "full_load";
    const putBack = isKept ? await tables.putBackLost(compared) : 0;
    const versions = isKept && request.keepVersions ? await tables.putBackVersions(compared) : 0;
    const gone = comparison.kind === "by-key" ? comparison.gone : undefined;
    return {
      step: "verified",
      putBack: earlier.putBack + putBack,
      versions: earlier.versions + versions,
      loaded: arrived.rows - earlier.putBack - earlier.versions,
      filled: arrived.filled,
      ...(arrived.newest !== undefined && { newest: arrived.newest }),
      ...(gone !== undefined && { versionsLost: gone - putBack - versions }),
    };
  });
  change.context.report.info(arrivalText(arrived, comparison, request.loadType));
}

/** Compares what came with what stood there, and measures it. @throws `VERIFICATION_FAILED` if rows are missing or doubled. */
export async function judge(compared: Compared, change: Change) {
  const { doors, request } = change;
  const comparison = isKeyed(change)
    ? await doors.tables.compareByKey(compared)
    : await doors.tables.compareByRow(compared);
  const arrived = await measureArrival(compared, change);
  const problem =
    arrivalProblem(comparison, arrived) ?? problemOf(comparison, request.missingPercent);
  if (problem !== undefined) throw verificationFailed(change, problem);
  return { comparison, arrived };
}

/** What was put back already when copies went for the rows that came; those that carry the bookmark never left. */
function replacedBefore({ record }: Change) {
  const replaced = record.entries.findLast(
    (entry) => entry.step === "replaced" && entry.reach === "window",
  );
  const isOfThisRun = isReplaced(record, "window") && replaced?.step === "replaced";
  return isOfThisRun ? replaced : { putBack: 0, versions: 0 };
}

function isKeyed({ request }: Change): boolean {
  return request.identity.keys.length > 0;
}

/** What stands in the window after the run, before anything is put back. */
interface Arrival {
  readonly rows: number;
  readonly newest?: string;
  /** Rows that have a value, by added column as the table spells it. */
  readonly filled: Readonly<Record<string, number>>;
  /** Added columns that the table lacks. */
  readonly absent: readonly string[];
}

async function measureArrival(compared: Compared, { request, doors }: Change): Promise<Arrival> {
  const { database, schema, name } = compared.table;
  const table = await doors.tables.find(database, schema, name);
  const wanted = request.change.kind === "columns" ? request.change.filled : [];
  const spelled = wanted.map((column) => table && columnNamed(table, column));
  const present = spelled.filter((column) => column !== undefined);
  const fill = await doors.tables.measureFill(compared, present);
  return { ...fill, absent: wanted.filter((_column, index) => spelled[index] === undefined) };
}

/** A run that brought nothing at all may have looked before the state was reset: its rows are not taken for deleted ones. */
function arrivalProblem(
  comparison: KeyComparison | RowComparison,
  { rows, absent }: Arrival,
): string | undefined {
  const before = comparison.kind === "by-key" ? comparison.keysBefore : comparison.rowsBefore;
  if (rows === 0) return before === 0 ? undefined : "it brought no row of the window back";
  if (absent.length === 0) return undefined;
  return `there is no column ${absent.map((column) => `"${column}"`).join(", ")}`;
}

function outsideProblem({ before, now }: { readonly before: number; readonly now: number }) {
  if (now <= before) return undefined;
  return `${now - before} rows that are not beyond the bookmark came again (a clock or time zone of the source that differs is the usual cause)`;
}

/** What the comparison finds wrong, or undefined. */
function problemOf(
  comparison: KeyComparison | RowComparison,
  missingPercent: number,
): string | undefined {
  if (comparison.kind === "by-row") {
    const missing = comparison.rowsBefore - comparison.rowsNow;
    return missing > allowed(comparison.rowsBefore, missingPercent)
      ? `${missing} of ${comparison.rowsBefore} rows did not come back`
      : undefined;
  }
  const { doubled, lostKeys, keysBefore, lostExamples } = comparison;
  if (doubled > 0)
    return `${doubled} pairs of key and cursor stand in the table more often than before`;
  return lostKeys > allowed(keysBefore, missingPercent)
    ? `${lostKeys} of ${keysBefore} keys did not come back (${lostExamples.join(", ")}${lostKeys > lostExamples.length ? ", …" : ""})`
    : undefined;
}

function allowed(before: number, missingPercent: number): number {
  return Math.max(KEYS_ALWAYS_ALLOWED, Math.floor((before * missingPercent) / 100));
}

function arrivalText(
  { rows, filled, newest }: Arrival,
  comparison: KeyComparison | RowComparison,
  loadType: LoadType,
): string {
  const fills = Object.entries(filled).map(([column, count]) => `, ${column} filled in ${count}`);
  const upTo = newest === undefined ? "" : `, newest cursor ${newest}`;
  return `verified: ${rows} rows in the window${fills.join("")}${upTo}; ${comparisonText(comparison, loadType)}`;
}

function comparisonText(comparison: KeyComparison | RowComparison, loadType: LoadType): string {
  if (comparison.kind === "by-row") {
    return `${comparison.rowsNow} rows for ${comparison.rowsBefore} before, ${comparison.notUnchanged} of them changed or gone (without \`primaryKeys\` nobody can tell which)`;
  }
  const { keysBefore, lostKeys } = comparison;
  if (lostKeys === 0) return `all ${keysBefore} keys are there, none doubled`;
  const fate =
    loadType === "full_load"
      ? "are gone from the source"
      : "are gone from the source: their rows were put back";
  return `${keysBefore} keys compared, none doubled; ${lostKeys} of them ${fate}`;
}

/** The one-row-per-key object of `incremental_with_qualify`; said, not judged, where it cannot be found. */
async function verifyDeduplicated(change: Change): Promise<void> {
  const { request, doors, context } = change;
  const wanted = request.deduplicated;
  if (wanted === undefined) return;
  const object = await doors.tables.find(wanted.database, wanted.schema, wanted.name);
  const keys =
    object &&
    request.primaryKeys.map((key) => columnNamed(object, key)).filter((key) => key !== undefined);
  if (object === undefined || keys === undefined || keys.length < request.primaryKeys.length) {
    context.report.warning(
      `not checked: found no deduplicated object ${tableText(wanted)} with the columns ${request.primaryKeys.join(", ")}`,
    );
    return;
  }
  const counts = await doors.tables
    .countDeduplicated(object.table, keys)
    .catch((error: unknown) => {
      if (isMissingPrivilege(error) || isMissingObject(error)) return undefined;
      throw error;
    });
  if (counts === undefined)
    return context.report.warning(`not checked: the role may not read ${tableText(object.table)}`);
  if (counts.rows !== counts.keys) {
    throw verificationFailed(
      change,
      `${tableText(object.table)} holds ${counts.rows} rows for ${counts.keys} keys`,
    );
  }
  context.report.info(
    `verified: ${tableText(object.table)} holds one row for each of ${counts.keys} keys${await fillText(change, object)}`,
  );
}

/** Whether the object shows the added columns as the newest raw rows do: reported, since nobody knows how it is made. */
async function fillText(change: Change, object: DestinationTable): Promise<string> {
  const { request, doors } = change;
  const wanted = request.change.kind === "columns" ? request.change.filled : [];
  const raw = await doors.tables.find(
    request.table.database,
    request.table.schema,
    request.table.name,
  );
  const texts = wanted.map(async (name) => {
    const [inRaw, inObject] = [raw && columnNamed(raw, name), columnNamed(object, name)];
    if (inRaw === undefined) return "";
    if (inObject === undefined) return `; it has no column ${name}`;
    const behind = await doors.tables.countBehind(object.table, request, [inRaw, inObject]);
    return behind === 0
      ? `, ${name} as in the newest rows`
      : `; ${name} is null in ${behind} of them, though not in the newest rows`;
  });
  return (await Promise.all(texts)).join("");
}

function verificationFailed(change: Change, problem: string): DadosferaError {
  return new DadosferaError({
    code: "VERIFICATION_FAILED",
    happened: `The run of pipeline ${change.pipelineId} ended well, but ${problem} in ${tableText(change.request.table)}.`,
    now: "",
    next: "Find out what the source holds beyond the bookmark. `limits: { missingPercent }` allows more keys to be gone from it.",
  });
}
