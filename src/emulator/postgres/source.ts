import type { SourceServer } from "../source-server.js";
import { type EmulatedPostgres, inTransaction, type Run } from "./postgres.js";
import { type PostgresColumn, stagedType } from "./staged-type.js";

/** A PostgreSQL as the pipelines' source. Its tables are copied before each extraction. */
export function postgresSource(postgres: EmulatedPostgres): SourceServer {
  return {
    async stage({ schema, name, wanted }, query) {
      const table = await postgres.session((run) =>
        inTransaction(run, async () => {
          await run(`${SETTINGS}; SET TRANSACTION ISOLATION LEVEL REPEATABLE READ`);
          return readTable(schema, name, wanted, run);
        }),
      );
      if (table === undefined) return;
      for (const sql of copyOf(schema, name, table)) await query(sql);
    },
  };
}

/** Texts of values that do not hang on anybody's settings; times with a zone come in UTC. */
const SETTINGS =
  "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL extra_float_digits = 1";
const ROWS_AT_A_TIME = 1000;

interface StagedTable {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly (string | null)[])[];
}

async function readTable(
  schema: string,
  name: string,
  wanted: readonly string[] | undefined,
  run: Run,
): Promise<StagedTable | undefined> {
  const found = await readColumns(schema, name, run);
  const [first] = found;
  if (first === undefined) return undefined;
  const isWanted = (column: PostgresColumn) =>
    wanted === undefined || wanted.some((one) => one.toLowerCase() === column.name.toLowerCase());
  const columns = found.flatMap((column) => {
    const type = stagedType(column);
    if (type === undefined && isWanted(column)) {
      throw new Error(
        `Column "${column.name}" has the type ${column.type}, which cannot be loaded`,
      );
    }
    return type === undefined ? [] : [{ name: column.name, type }];
  });
  const selected = columns.map((column) => `${quote(column.name)}::text`).join(", ");
  const result = await run(`SELECT ${selected} FROM ${first.table}`);
  return { columns, rows: result.kind === "tuples" ? result.rows : [] };
}

async function readColumns(
  schema: string,
  name: string,
  run: Run,
): Promise<readonly PostgresColumn[]> {
  const result = await run(`
    SELECT a.attname, t.typname, t.typtype, pg_catalog.format_type(a.atttypid, a.atttypmod),
      CASE WHEN d.typtype = 'd' THEN d.typtypmod ELSE a.atttypmod END, c.oid::regclass::text
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_catalog.pg_type d ON d.oid = a.atttypid
    JOIN pg_catalog.pg_type t ON t.oid = CASE WHEN d.typtype = 'd' THEN d.typbasetype ELSE d.oid END
    WHERE lower(n.nspname) = lower(${literal(schema)}) AND lower(c.relname) = lower(${literal(name)})
      AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    ORDER BY a.attnum`);
  return (result.kind === "tuples" ? result.rows : []).map(
    ([column, base, kind, type, modifier, table]) => ({
      name: column ?? "",
      base: base ?? "",
      isEnum: kind === "e",
      type: type ?? "",
      modifier: Number(modifier),
      table: table ?? "",
    }),
  );
}

/** The statements that make the same table in the DuckDB source. */
function copyOf(schema: string, name: string, { columns, rows }: StagedTable): readonly string[] {
  const table = `source.${quote(schema)}.${quote(name)}`;
  const defined = columns.map((column) => `${quote(column.name)} ${column.type}`).join(", ");
  const chunks = Array.from({ length: Math.ceil(rows.length / ROWS_AT_A_TIME) }, (_, index) =>
    rows.slice(index * ROWS_AT_A_TIME, (index + 1) * ROWS_AT_A_TIME),
  );
  return [
    `CREATE SCHEMA IF NOT EXISTS source.${quote(schema)}`,
    `CREATE OR REPLACE TABLE ${table} (${defined})`,
    ...chunks.map((chunk) => `INSERT INTO ${table} VALUES ${chunk.map(tupleOf).join(", ")}`),
  ];
}

function tupleOf(row: readonly (string | null)[]): string {
  return `(${row.map((value) => (value === null ? "NULL" : literal(value))).join(", ")})`;
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
