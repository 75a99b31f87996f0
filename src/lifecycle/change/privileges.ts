import type { BackfillRequest } from "../../domain/backfill-plan.js";
import { tableText } from "../../domain/destination.js";
import { cloneStatement, columnList } from "../../warehouse/back-up.js";
import { type DestinationTable, tableSql } from "../../warehouse/destination.js";
import { deleteWindow } from "../../warehouse/effects.js";
import { type JournalDefinition, journalDefinitions } from "../../warehouse/journal-tables.js";
import { isMissingObject, isMissingPrivilege } from "../../warehouse/refusals.js";
import { joined, type Sql, sql } from "../../warehouse/sql.js";
import type { WarehouseDoors } from "../context.js";

/** What the role may not do of all that the change and its undoing need; each as one would grant it. Nothing is executed. */
export async function missingPrivileges(
  request: BackfillRequest,
  source: DestinationTable,
  { warehouse }: WarehouseDoors,
): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const { privilege, statement, reads } of neededFor(request, source)) {
    // Refused for the reading alone, it would tell nothing of its own privilege.
    const isUntold = reads !== undefined && missing.includes(reads);
    if (!isUntold && (await refusalOf(statement, warehouse)) !== "none") missing.push(privilege);
  }
  for (const definition of journalDefinitions(warehouse.settings)) {
    missing.push(...(await missingForJournal(definition, warehouse)));
  }
  return [...new Set(missing)];
}

type Compiler = Pick<WarehouseDoors["warehouse"], "compile" | "settings">;

/** What is there already must be usable; what is not must be possible to make. A role that holds nothing sees no difference. */
async function missingForJournal(
  { name, kind, path, statement, privileges }: JournalDefinition,
  warehouse: Compiler,
): Promise<readonly string[]> {
  const schema = warehouse.settings.journalSchema;
  if ((await refusalOf(sql`SELECT * FROM ${path}`, warehouse)) === "object") {
    const refusal = await refusalOf(statement, warehouse);
    const toMake = `CREATE ${kind} on schema ${schema}`;
    if (kind === "TABLE") return refusal === "none" ? [] : [toMake];
    // Where the table under it is still to be made, a view cannot be compiled yet.
    return refusal === "privilege" ? [`SELECT on ${schema}.${name} (or ${toMake})`] : [];
  }
  const missing: string[] = [];
  for (const privilege of privileges) {
    const tried = using(privilege, path);
    if ((await refusalOf(tried, warehouse)) !== "none")
      missing.push(`${privilege} on ${schema}.${name}`);
  }
  return missing;
}

/** A statement that takes this privilege, and nothing but SELECT beside it. Only compiled, never executed. */
function using(privilege: JournalDefinition["privileges"][number], path: Sql): Sql {
  switch (privilege) {
    case "SELECT":
      return sql`SELECT * FROM ${path}`;
    case "INSERT":
      return sql`INSERT INTO ${path} (PIPELINE_ID) SELECT ${""} WHERE FALSE`;
    case "UPDATE":
      return sql`UPDATE ${path} SET PIPELINE_ID = ${""} WHERE FALSE`;
  }
}

/** What Snowflake refuses the statement for: a missing privilege, or an object that is not there or not to be seen. */
async function refusalOf(
  statement: Sql,
  warehouse: Compiler,
): Promise<"none" | "privilege" | "object"> {
  try {
    await warehouse.compile(statement);
    return "none";
  } catch (error) {
    if (isMissingPrivilege(error)) return "privilege";
    if (isMissingObject(error)) return "object";
    throw error;
  }
}

interface Needed {
  readonly privilege: string;
  readonly statement: Sql;
  /** The privilege that the statement takes as well. */
  readonly reads?: string;
}

function neededFor(request: BackfillRequest, source: DestinationTable): readonly Needed[] {
  const { table, window } = request;
  const where = tableText(table);
  const columns = columnList(source.columns.map((column) => column.name));
  const nulls = joined(
    source.columns.map(() => sql`NULL`),
    ", ",
  );
  const select: Needed = {
    privilege: `SELECT on ${where}`,
    statement: sql`SELECT ${columns} FROM ${tableSql(table)}`,
  };
  if (window === undefined) return [select];
  const copy = { ...table, schema: request.backUpSchema, name: `${table.name}__BK_PREFLIGHT` };
  return [
    select,
    { privilege: `DELETE on ${where}`, statement: deleteWindow(table, window) },
    {
      privilege: `INSERT on ${where}`,
      statement: sql`INSERT INTO ${tableSql(table)} (${columns}) SELECT ${nulls} WHERE FALSE`,
    },
    {
      privilege: `CREATE TABLE on schema ${request.backUpSchema}`,
      statement: cloneStatement(source, copy),
      reads: select.privilege,
    },
  ];
}
