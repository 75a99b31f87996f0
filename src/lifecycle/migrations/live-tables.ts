import type { SourceTables } from "../../domain/source-table.js";
import type { Place } from "./look.js";

/** The tracked tables of a database, and their columns in order. */
export async function liveTables({ hasura, source }: Place): Promise<SourceTables> {
  const tracked = (await hasura.trackedTables(source)) ?? [];
  const names = new Set(tracked.map(({ schema, name }) => `${schema}.${name}`));
  const rows = await hasura.queryRows(COLUMNS, {
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

/** As information_schema has them, and the types as people write them. */
const COLUMNS = `
SELECT n.nspname || '.' || c.relname AS table, a.attname::text AS column,
  pg_catalog.format_type(a.atttypid, a.atttypmod) AS type
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'hdb_catalog')
ORDER BY n.nspname, c.relname, a.attnum`;
