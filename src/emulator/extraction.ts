import { destinationType } from "./destination-type.js";
import type { Extract } from "./maestro/runs.js";
import type { Job } from "./maestro/store.js";
import type { Switches } from "./maestro/switches.js";
import type { HeldSource, Place, Source } from "./source.js";
import type { SourceServer, WantedTable } from "./source-server.js";
import { nameOf, onCopy } from "./staging.js";
import type { LoadedColumn, Loader } from "./warehouse/loader.js";

/**
 * Joins a source and a warehouse: `SELECT columns FROM source WHERE cursor > bookmark`, appended to the destination. A table that
 * `server` holds is first copied from there into the source.
 */
export function extractor(
  source: Source,
  loader: Loader,
  switches: Switches,
  server?: SourceServer,
): Extract {
  return (job, accident) =>
    source.exclusively((held) =>
      onCopy(wantedBy(job, switches), { server, source: held }, async (place) => {
        const extraction = await planExtraction(job, switches, { place, query: held.query });
        if (accident === undefined || switches.failedRunKeepsRows) {
          await write(job, extraction, loader, switches);
        }
        const isMoved = accident === undefined || switches.failedRunMovesBookmark;
        const bookmark = (isMoved ? extraction.newest : undefined) ?? job.bookmark;
        return { bookmark, failure: accident };
      }),
    );
}

function wantedBy({ input, bookmark }: Job, switches: Switches): WantedTable {
  const column = input.load_type === "full_load" ? null : (input.incremental_column_name ?? null);
  const listed = input.column_include_list ?? undefined;
  // Where the clocks differ, a bookmark is not what the server would compare with.
  const isComparable =
    column !== null && bookmark !== undefined && switches.sourceClockOffsetMs === 0;
  return {
    schema: input.table_schema,
    name: input.table_name,
    columns: listed && [...listed, ...(column === null ? [] : [column])],
    since: isComparable ? { column, value: bookmark } : undefined,
  };
}

/** What one job of a run would write, and where it would leave the bookmark. */
interface Extraction {
  readonly columns: readonly LoadedColumn[];
  /** A DuckDB query over the source, with these columns in this order. */
  readonly query: string;
  readonly rowCount: number;
  /** The newest cursor among the rows, as text; undefined if there are none, and for a full load. */
  readonly newest: string | undefined;
}

/** Where a job's rows are, and how to ask for them. */
interface Origin {
  readonly place: Place;
  readonly query: HeldSource["query"];
}

interface SourceColumn {
  readonly name: string;
  readonly type: string;
}

async function planExtraction(job: Job, switches: Switches, origin: Origin): Promise<Extraction> {
  const { input } = job;
  const from = `${input.table_schema}.${input.table_name}`;
  const source = await readColumns(origin);
  if (source.length === 0) throw new Error(`Table ${from} does not exist at the source`);
  const names = input.column_include_list ?? source.map((column) => column.name);
  const chosen = names.map((name) => find(source, name, from));
  const columns = chosen.map((column) => ({ name: column.name, type: destinationType(column) }));
  const cursor =
    input.load_type === "full_load"
      ? undefined
      : cursorOf(find(source, input.incremental_column_name ?? "", from), switches);
  const table = nameOf(origin.place);
  const where = cursor === undefined ? "" : condition(job, cursor, switches);
  const selected = chosen.map((column) =>
    column.name === cursor?.name ? `${cursor.stored} AS ${quote(column.name)}` : quote(column.name),
  );
  const [seen] = await origin.query(
    `SELECT CAST(count(*) AS INTEGER) AS rows, CAST(max(${cursor?.compared ?? "NULL"}) AS VARCHAR) AS newest FROM ${table}${where}`,
  );
  return {
    columns,
    query: `SELECT ${selected.join(", ")} FROM ${table}${where}`,
    rowCount: Number(seen?.["rows"]),
    newest: typeof seen?.["newest"] === "string" ? seen["newest"] : undefined,
  };
}

async function readColumns({ place, query }: Origin): Promise<readonly SourceColumn[]> {
  const rows = await query(
    `SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = ${literal(place.catalog)}
       AND lower(schema_name) = lower(${literal(place.schema)})
       AND lower(table_name) = lower(${literal(place.table)}) ORDER BY column_index`,
  );
  return rows.map((row) => ({ name: String(row["column_name"]), type: String(row["data_type"]) }));
}

function find(columns: readonly SourceColumn[], name: string, from: string): SourceColumn {
  const column = columns.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (column === undefined) throw new Error(`Column "${name}" does not exist in ${from}`);
  return column;
}

/** The cursor as it is stored at the destination, and as it is compared with the bookmark: the two clocks may differ. */
interface Cursor extends SourceColumn {
  readonly stored: string;
  readonly compared: string;
}

function cursorOf(column: SourceColumn, switches: Switches): Cursor {
  const plain = quote(column.name);
  const isShifted = switches.sourceClockOffsetMs !== 0 && column.type.startsWith("TIMESTAMP");
  const stored = isShifted ? `${plain} + to_milliseconds(${switches.sourceClockOffsetMs})` : plain;
  return { ...column, stored, compared: switches.bookmarkClock === "destination" ? stored : plain };
}

function condition(job: Job, cursor: Cursor, switches: Switches): string {
  if (job.bookmark !== undefined) {
    const bookmark = `CAST(${literal(job.bookmark)} AS ${cursor.type})`;
    return ` WHERE ${cursor.compared} ${switches.resumeAt} ${bookmark}`;
  }
  return switches.fullExtractionSkipsNullCursors ? ` WHERE ${quote(cursor.name)} IS NOT NULL` : "";
}

async function write(
  job: Job,
  extraction: Extraction,
  loader: Loader,
  switches: Switches,
): Promise<void> {
  const { table_schema: schema, table_name: table } = job.output.raw;
  const found = await loader.findTable(schema, table);
  if (found === undefined) await loader.createTable(schema, table, extraction.columns);
  // A column comes into being with the first rows that carry it: until then a run leaves the table as it is.
  const known = new Set((found ?? extraction.columns).map((column) => column.name.toUpperCase()));
  const added = extraction.columns.filter((column) => !known.has(column.name.toUpperCase()));
  if (extraction.rowCount > 0 && added.length > 0) await loader.addColumns(schema, table, added);
  const isReplaced = job.input.load_type === "full_load";
  if (extraction.rowCount > 0 || isReplaced) {
    const columns = extraction.columns.map((column) => column.name);
    await loader.load({ schema, table, columns, query: extraction.query, replace: isReplaced });
  }
  if (job.input.load_type === "incremental_with_qualify") await deduplicate(job, loader, switches);
}

/** The newest version per primary key, as Snowflake SQL over the raw table. */
async function deduplicate(job: Job, loader: Loader, switches: Switches): Promise<void> {
  const { raw, qualify } = job.output;
  const keys = (job.input.primary_keys ?? []).join(", ");
  const columns = (await loader.findTable(raw.table_schema, raw.table_name)) ?? [];
  const select =
    `SELECT ${columns.map((column) => column.name).join(", ")} FROM ${raw.table_schema}.${raw.table_name} ` +
    `QUALIFY ROW_NUMBER() OVER (PARTITION BY ${keys} ORDER BY ${job.input.incremental_column_name} DESC) = 1`;
  const { table_schema: schema, table_name: table } = qualify;
  if (switches.staged === "view") await loader.defineView(schema, table, select);
  else await loader.defineTableFrom(schema, table, select);
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
