import { chooseColumns, findNamed } from "../chosen-names.js";
import { lowerBound } from "../lower-bound.js";
import {
  type SourceServer,
  type TableSnapshot,
  type TextRow,
  unloadable,
  type WantedTable,
} from "../source-server.js";
import type { MysqlSession } from "./connection.js";
import { type MysqlColumn, type StagedAs, stagedAs } from "./staged-type.js";

/** A MySQL or MariaDB as the pipelines' source: a job's schema is a database of it. Each table is read in a session of its own. */
export function mysqlSource(connect: () => Promise<MysqlSession>): SourceServer {
  return {
    async snapshot(wanted, read) {
      await using session = await connect();
      for (const sql of BEGINNING) await session.query(sql);
      const snapshot = await openTable(wanted, session);
      return snapshot && (await read(snapshot));
    },
  };
}

/** All that is read afterwards is as of this moment. */
const BEGINNING = [
  "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
  "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
];

const ROWS_AT_A_TIME = 1000;

async function openTable(
  wanted: WantedTable,
  session: MysqlSession,
): Promise<TableSnapshot | undefined> {
  const table = await findTable(wanted, session);
  if (table === undefined) return undefined;
  const chosen = chooseColumns(await readColumns(table, session), wanted).map(staged);
  const selected = chosen.map(
    ({ name, selected: instead }) => instead?.(quote(name)) ?? quote(name),
  );
  const columns = chosen.map(({ name, type }) => ({ name, type }));
  const where = lowerBound(columns, wanted.since, quote);
  const sql = `SELECT ${selected.join(", ")} FROM ${quote(table.schema)}.${quote(table.table)}${where}`;
  return { columns, rows: batchesOf(sql, session) };
}

interface Table {
  readonly schema: string;
  readonly table: string;
}

async function findTable(
  { schema, name }: WantedTable,
  session: MysqlSession,
): Promise<Table | undefined> {
  const rows = await session.query(
    `SELECT table_schema, table_name FROM information_schema.tables
     WHERE lower(table_schema) = lower(${literal(schema)}) AND lower(table_name) = lower(${literal(name)})`,
  );
  const tables = rows.map(([itsSchema, itsName]) => ({
    schema: itsSchema ?? "",
    table: itsName ?? "",
    name: `${itsSchema}.${itsName}`,
  }));
  return findNamed("Table", tables, `${schema}.${name}`);
}

async function readColumns(
  { schema, table }: Table,
  session: MysqlSession,
): Promise<readonly MysqlColumn[]> {
  const rows = await session.query(
    `SELECT column_name, lower(data_type), column_type, numeric_precision, numeric_scale, extra
     FROM information_schema.columns
     WHERE BINARY table_schema = ${literal(schema)} AND BINARY table_name = ${literal(table)}
     ORDER BY ordinal_position`,
  );
  return rows.map(([name, base, type, precision, scale, extra]) => ({
    name: name ?? "",
    base: base ?? "",
    type: type ?? "",
    precision: Number(precision),
    scale: Number(scale),
    isHidden: /\bINVISIBLE\b/i.test(extra ?? ""),
  }));
}

function staged(column: MysqlColumn): StagedAs & { readonly name: string } {
  const as = stagedAs(column);
  if (as === undefined) throw unloadable(column.name, column.type);
  return { name: column.name, ...as };
}

async function* batchesOf(sql: string, session: MysqlSession): AsyncGenerator<readonly TextRow[]> {
  let batch: TextRow[] = [];
  for await (const row of session.stream(sql)) {
    batch.push(row);
    if (batch.length < ROWS_AT_A_TIME) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

function quote(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

function literal(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
