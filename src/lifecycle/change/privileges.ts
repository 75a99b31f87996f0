import type { BackfillRequest } from "../../domain/backfill-plan.js";
import { tableText } from "../../domain/destination.js";
import { cloneStatement, columnList } from "../../warehouse/back-up.js";
import { type DestinationTable, tableSql } from "../../warehouse/destination.js";
import { deleteWindow } from "../../warehouse/effects.js";
import { isMissingObject, isMissingPrivilege } from "../../warehouse/refusals.js";
import { type Sql, sql } from "../../warehouse/sql.js";
import type { WarehouseDoors } from "../context.js";

/** What the role may not do of all that the change and its undoing need; each as one would grant it. Nothing is executed. */
export async function missingPrivileges(
  request: BackfillRequest,
  source: DestinationTable,
  { warehouse, journal }: WarehouseDoors,
): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const { privilege, statement, needs } of [
    ...neededFor(request, source),
    ...journal.statements(),
  ]) {
    const refusal = await warehouse.compile(statement).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (refusal === undefined) continue;
    // The journal's tables are made by the change; whether they can be is another statement of the list.
    if (needs === "journal" && isMissingObject(refusal)) continue;
    if (!isMissingPrivilege(refusal) && !isMissingObject(refusal)) throw refusal;
    missing.push(privilege);
  }
  return [...new Set(missing)];
}

interface Needed {
  readonly privilege: string;
  readonly statement: Sql;
  readonly needs: "table" | "schema" | "journal";
}

function neededFor(request: BackfillRequest, source: DestinationTable): readonly Needed[] {
  const { table, window } = request;
  const where = tableText(table);
  const columns = columnList(source.columns.map((column) => column.name));
  const select: Needed = {
    privilege: `SELECT on ${where}`,
    statement: sql`SELECT ${columns} FROM ${tableSql(table)}`,
    needs: "table",
  };
  if (window === undefined) return [select];
  const copy = { ...table, schema: request.backUpSchema, name: `${table.name}__BK_PREFLIGHT` };
  return [
    select,
    { privilege: `DELETE on ${where}`, statement: deleteWindow(table, window), needs: "table" },
    {
      privilege: `INSERT on ${where}`,
      statement: sql`INSERT INTO ${tableSql(table)} (${columns}) SELECT ${columns} FROM ${tableSql(table)}`,
      needs: "table",
    },
    {
      privilege: `CREATE TABLE on schema ${request.backUpSchema}`,
      statement: cloneStatement(source, copy),
      needs: "schema",
    },
  ];
}
