import { tableText } from "../domain/destination.js";
import { DadosferaError } from "../domain/errors.js";
import type { LoadType } from "../domain/job.js";
import { columnNamed, type DestinationTable, findTable } from "../warehouse/destination.js";
import { putBackLost, putBackVersions } from "../warehouse/effects.js";
import {
  compareByKey,
  compareByRow,
  countBehind,
  countDeduplicated,
  type KeyComparison,
  measureFill,
  type RowComparison,
} from "../warehouse/verification.js";
import type { Change } from "./change.js";

const KEYS_ALWAYS_ALLOWED = 10;

/**
 * Decides success by what stands in the table, not by a count: no key of the back-up may be lost, no pair of key and
 * cursor doubled. Keys that the source deleted are put back, together with the mark, in one transaction.
 */
export async function verify(change: Change): Promise<void> {
  if (change.request.window !== undefined) await verifyWindow(change);
  else await change.write({ step: "verified", putBack: 0, versions: 0 });
  await verifyDeduplicated(change);
}

async function verifyWindow(change: Change): Promise<void> {
  const { request, doors, compared } = change;
  const isKeyed = request.identity.keys.length > 0;
  const comparison = isKeyed
    ? await compareByKey(doors.warehouse, compared)
    : await compareByRow(doors.warehouse, compared);
  const problem = problemOf(comparison, request.missingPercent);
  if (problem !== undefined) throw verificationFailed(change, problem);
  await change.effect(async (runner) => {
    // A full load keeps no row that the source has deleted, today or at its next run.
    const isKept = isKeyed && request.loadType !== "full_load";
    const putBack = isKept ? await putBackLost(runner, compared) : 0;
    const versions = isKept && request.keepVersions ? await putBackVersions(runner, compared) : 0;
    return { step: "verified", putBack, versions };
  });
  await reportFill(change, comparison);
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

async function reportFill(
  change: Change,
  comparison: KeyComparison | RowComparison,
): Promise<void> {
  const { request, doors, context, compared } = change;
  const table = await findTable(
    doors.warehouse,
    request.table.database,
    request.table.schema,
    request.table.name,
  );
  const wanted = request.change.kind === "columns" ? request.change.filled : [];
  const present = wanted
    .map((name) => table && columnNamed(table, name))
    .filter((name) => name !== undefined);
  const fill = await measureFill(doors.warehouse, compared, present);
  const filled = present
    .map((column) => `${column} filled in ${fill.filled[column] ?? 0}`)
    .join(", ");
  context.report.info(
    `verified: ${fill.rows} rows in the window${filled === "" ? "" : `, ${filled}`}${fill.newest === undefined ? "" : `, newest cursor ${fill.newest}`}; ${comparisonText(comparison, request.loadType)}`,
  );
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
  const object = await findTable(doors.warehouse, wanted.database, wanted.schema, wanted.name);
  const keys =
    object &&
    request.primaryKeys.map((key) => columnNamed(object, key)).filter((key) => key !== undefined);
  if (object === undefined || keys === undefined || keys.length < request.primaryKeys.length) {
    context.report.warning(
      `not checked: found no deduplicated object ${tableText(wanted)} with the columns ${request.primaryKeys.join(", ")}`,
    );
    return;
  }
  const counts = await countDeduplicated(doors.warehouse, object.table, keys);
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
  const raw = await findTable(
    doors.warehouse,
    request.table.database,
    request.table.schema,
    request.table.name,
  );
  const texts = wanted.map(async (name) => {
    const [inRaw, inObject] = [raw && columnNamed(raw, name), columnNamed(object, name)];
    if (inRaw === undefined) return "";
    if (inObject === undefined) return `; it has no column ${name}`;
    const behind = await countBehind(doors.warehouse, object.table, request, [inRaw, inObject]);
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
