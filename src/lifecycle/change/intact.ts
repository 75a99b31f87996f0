import type { BackfillRequest } from "../../domain/backfill-plan.js";
import { type TableName, tableText } from "../../domain/destination.js";
import { DadosferaError, isDadosferaError } from "../../domain/errors.js";
import { backUpsOf, lastEntry } from "../../domain/journal.js";
import type { DestinationTable } from "../../warehouse/destination.js";
import type { Tables } from "../../warehouse/tables.js";
import type { Change } from "./change.js";

const LOSSES: readonly string[] = ["BACK_UP_GONE", "DESTINATION_UNKNOWN", "DESTINATION_CHANGED"];

/** True if the table or a back-up is not what the change knows: nobody but a person can say where the rows are. */
export function isLoss(error: unknown): boolean {
  return isDadosferaError(error) && LOSSES.includes(error.code);
}

/** True if rows were deleted, or a run may have brought some again. */
export function mayHaveTouchedRows({ record, request, backUps }: Change): boolean {
  if (request.window === undefined || backUps.length === 0) return false;
  return (["deleted", "resetting", "run-requested"] as const).some((step) =>
    lastEntry(record, step),
  );
}

/**
 * Looks before rows are deleted, judged or put back: the table is the one that was backed up, with the columns that it
 * had, and each back-up is there. @throws `BACK_UP_GONE`, `DESTINATION_UNKNOWN`, `DESTINATION_CHANGED`
 */
export async function expectIntact({ request, record }: Change, tables: Tables): Promise<void> {
  const find = ({ database, schema, name }: TableName) => tables.find(database, schema, name);
  const found = await find(request.table);
  if (found === undefined) throw tableGone(request);
  const isReplaced = replacesTable(request);
  for (const backUp of backUpsOf(record)) {
    if ((await find(backUp.table)) === undefined) throw backUpGone(request, backUp.table);
    const isAnother = ![undefined, found.createdAt].includes(backUp.tableCreatedAt);
    if (isAnother && !isReplaced) throw tableReplaced(request);
    const lost = backUp.columns.filter((column) => !hasColumn(found, column));
    if (lost.length > 0 && !isReplaced) throw columnsGone(request, backUp.table, lost);
  }
}

/** The reason in place of Snowflake's word for it, where a statement failed for want of a table or a column. */
export async function explained(error: unknown, change: Change): Promise<unknown> {
  if (!isDadosferaError(error) || error.code !== "WAREHOUSE_REFUSED") return error;
  return expectIntact(change, change.doors.tables).then(
    () => error,
    (reason: unknown) => (isLoss(reason) ? reason : error),
  );
}

/** The error of a change whose table cannot be found any more. */
export function tableGone({ table }: BackfillRequest): DadosferaError {
  return new DadosferaError({
    code: "DESTINATION_UNKNOWN",
    happened: `Table ${tableText(table)} is not there any more, or the role may not see it.`,
    now: NO_MORE,
    next: "Find out who renamed or dropped it, put it back under its name, and run `pulumi up` again.",
  });
}

const NO_MORE = "No row is deleted or put back before that is mended.";

/** A full load may make its table anew, with the columns that the source has then. */
function replacesTable({ change, loadType }: BackfillRequest): boolean {
  const types = change.kind === "load-type" ? [change.from, change.to] : [loadType];
  return types.includes("full_load");
}

function hasColumn({ columns }: DestinationTable, name: string): boolean {
  return columns.some((column) => column.name === name);
}

function backUpGone({ table }: BackfillRequest, backUp: TableName): DadosferaError {
  const name = tableText(backUp);
  return new DadosferaError({
    code: "BACK_UP_GONE",
    happened: `Back-up ${name} of table ${tableText(table)} is not there any more, or the role may not see it.`,
    now: NO_MORE,
    next: `Run \`UNDROP TABLE ${name}\` in Snowflake, within the days of its Time Travel, then \`pulumi up\` again.`,
  });
}

function tableReplaced({ table }: BackfillRequest): DadosferaError {
  return new DadosferaError({
    code: "DESTINATION_CHANGED",
    happened: `Table ${tableText(table)} is another one than was backed up: somebody renamed, dropped or made it anew meanwhile.`,
    now: NO_MORE,
    next: "Put the table that was there back under its name, and run `pulumi up` again.",
  });
}

function columnsGone(
  { table }: BackfillRequest,
  backUp: TableName,
  columns: readonly string[],
): DadosferaError {
  const names = columns.map((column) => `"${column}"`).join(", ");
  return new DadosferaError({
    code: "DESTINATION_CHANGED",
    happened: `Table ${tableText(table)} lacks ${names}, which it had when it was backed up.`,
    now: NO_MORE,
    next: `Add what is missing with its old type (back-up ${tableText(backUp)} holds its values), and run \`pulumi up\` again.`,
  });
}
