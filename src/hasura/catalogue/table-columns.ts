/**
 * Every column of every table and view, `schema.table` and column and type as people write it, in order. Of a database before and after it is
 * migrated, asked the same way: `pg_attribute`, without Hasura's own `hdb_catalog`.
 */
export const TABLE_COLUMNS = `
SELECT n.nspname || '.' || c.relname AS table, a.attname::text AS column,
  pg_catalog.format_type(a.atttypid, a.atttypmod) AS type
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'hdb_catalog')
ORDER BY n.nspname, c.relname, a.attnum`;
