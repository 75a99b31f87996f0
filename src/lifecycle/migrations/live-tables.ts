import type { SourceTables } from "../../domain/source-table.js";
import { TABLE_COLUMNS } from "../../hasura/catalogue/table-columns.js";
import type { Place } from "./look.js";

/** The tracked tables of a database, and their columns in order. */
export async function liveTables({ hasura, source }: Place): Promise<SourceTables> {
  const tracked = (await hasura.trackedTables(source)) ?? [];
  const names = new Set(tracked.map(({ schema, name }) => `${schema}.${name}`));
  const rows = await hasura.queryRows(TABLE_COLUMNS, {
    source,
    intent: `read the columns of database "${source}"`,
  });
  const tables: Record<string, { columns: { name: string; type: string }[] }> = {};
  for (const { table, column, type } of rows) {
    if (typeof table !== "string" || !names.has(table)) continue;
    tables[table] ??= { columns: [] };
    tables[table].columns.push({ name: column ?? "", type: type ?? "" });
  }
  return tables;
}
