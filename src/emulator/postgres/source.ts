import { chooseColumns, findNamed } from "../chosen-names.js";
import { lowerBound } from "../lower-bound.js";
import {
  type SourceServer,
  type StagedColumn,
  type TableSnapshot,
  type TextRow,
  unloadable,
  type WantedTable,
} from "../source-server.js";
import { type EmulatedPostgres, inTransaction, type Run, rowsOf } from "./postgres.js";
import { type PostgresColumn, stagedType } from "./staged-type.js";

/** A PostgreSQL as the pipelines' source. */
export function postgresSource(postgres: EmulatedPostgres): SourceServer {
  return {
    snapshot: (wanted, read) =>
      postgres.session((run) =>
        inTransaction(run, async () => {
          await run(`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; ${SETTINGS}`);
          const snapshot = await openTable(wanted, run);
          return snapshot && (await read(snapshot));
        }),
      ),
  };
}

/** Texts of values that do not hang on anybody's settings; times with a zone come in UTC. */
const SETTINGS =
  "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL extra_float_digits = 1";
const ROWS_AT_A_TIME = 1000;

async function openTable(wanted: WantedTable, run: Run): Promise<TableSnapshot | undefined> {
  const table = await findTable(wanted, run);
  if (table === undefined) return undefined;
  const columns = chooseColumns(await readColumns(table.oid, run), wanted).map(staged);
  return { columns, rows: rowsIn(query(table, columns, wanted), run) };
}

interface Table {
  readonly name: string;
  readonly schema: string;
  readonly oid: string;
}

async function findTable({ schema, name }: WantedTable, run: Run): Promise<Table | undefined> {
  const rows = await rowsOf(
    run,
    `SELECT n.nspname AS schema, c.relname AS name, c.oid AS oid
     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE lower(n.nspname) = lower(${literal(schema)}) AND lower(c.relname) = lower(${literal(name)})
       AND c.relkind IN ('r', 'p', 'v', 'm', 'f')`,
  );
  const tables = rows.map((row) => ({
    schema: row["schema"] ?? "",
    table: row["name"] ?? "",
    oid: row["oid"] ?? "",
    name: `${row["schema"]}.${row["name"]}`,
  }));
  const found = findNamed("Table", tables, `${schema}.${name}`);
  return found && { schema: found.schema, name: found.table, oid: found.oid };
}

/** A domain is what lies beneath it, however deep. */
async function readColumns(oid: string, run: Run): Promise<readonly PostgresColumn[]> {
  const rows = await rowsOf(
    run,
    `WITH RECURSIVE beneath AS (
       SELECT attnum, atttypid AS type, atttypmod AS modifier FROM pg_catalog.pg_attribute
       WHERE attrelid = ${oid} AND attnum > 0 AND NOT attisdropped
       UNION ALL
       SELECT b.attnum, t.typbasetype, t.typtypmod FROM beneath b JOIN pg_catalog.pg_type t ON t.oid = b.type
       WHERE t.typtype = 'd')
     SELECT a.attname AS name, b.modifier, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
       CASE WHEN t.typtype = 'b' AND (n.nspname = 'pg_catalog' OR t.typname = 'citext') THEN t.typname END AS base
     FROM beneath b
     JOIN pg_catalog.pg_attribute a ON a.attrelid = ${oid} AND a.attnum = b.attnum
     JOIN pg_catalog.pg_type t ON t.oid = b.type AND t.typtype <> 'd'
     JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
     ORDER BY a.attnum`,
  );
  return rows.map((row) => ({
    name: row["name"] ?? "",
    base: row["base"] ?? undefined,
    type: row["type"] ?? "",
    modifier: Number(row["modifier"]),
  }));
}

function staged(column: PostgresColumn): StagedColumn {
  const type = stagedType(column);
  if (type === undefined) throw unloadable(column.name, column.type);
  return { name: column.name, type };
}

function query(table: Table, columns: readonly StagedColumn[], { since }: WantedTable): string {
  const selected = columns.map(({ name }) => quote(name)).join(", ");
  const from = `${quote(table.schema)}.${quote(table.name)}`;
  return `SELECT ${selected} FROM ${from}${lowerBound(columns, since, quote)}`;
}

async function* rowsIn(sql: string, run: Run): AsyncGenerator<readonly TextRow[]> {
  await run(`DECLARE extraction NO SCROLL CURSOR FOR ${sql}`);
  for (;;) {
    const fetched = await run(`FETCH ${ROWS_AT_A_TIME} FROM extraction`);
    if (fetched.kind !== "tuples" || fetched.rows.length === 0) return;
    yield fetched.rows;
  }
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** As an escape string, which reads the same whatever `standard_conforming_strings` says. */
function literal(text: string): string {
  return `E'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
