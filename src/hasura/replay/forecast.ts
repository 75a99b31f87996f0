import { byVersion, migrationLabel } from "../../domain/migration.js";
import type { SourceTable, SourceTables } from "../../domain/source-table.js";
import type { MigrationFolder } from "../folder.js";
import type { Scratch } from "../scratch/scratch.js";
import { type Ground, Stage } from "../verify/stage.js";
import { replay } from "./replay.js";

type Columns = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** The tables after the ups until the target, each column with the migration that made it what it is; undefined if an up does not run here. */
export async function forecastTables(
  scratch: Scratch,
  { migrations }: MigrationFolder,
  target: string | undefined,
  ground: Ground,
): Promise<SourceTables | undefined> {
  const wanted = migrations.filter(
    (one) => target === undefined || byVersion(one, { version: target }) <= 0,
  );
  await using stage = await Stage.open(scratch, ground);
  const ledger = new Ledger();
  ledger.enter(await readColumns(stage), "");
  const stopped = await replay(stage, wanted, async (migration) => {
    ledger.enter(await readColumns(stage), migrationLabel(migration));
  });
  return stopped === undefined ? ledger.tables() : undefined;
}

/** What became of each column, migration by migration. */
class Ledger {
  #tables = new Map<string, SourceTable>();

  enter(columns: Columns, migration: string): void {
    const next = new Map<string, SourceTable>();
    for (const [name, now] of columns)
      next.set(name, entered(this.#tables.get(name), now, migration));
    this.#tables = next;
  }

  tables(): SourceTables {
    return Object.fromEntries(this.#tables);
  }
}

function entered(
  before: SourceTable | undefined,
  now: ReadonlyMap<string, string>,
  migration: string,
): SourceTable {
  const old = before?.columns ?? [];
  const columns = [...now].map(([name, type]) => {
    const known = old.find((one) => one.name === name && one.type === type);
    return known ?? { name, type, ...(migration !== "" && { migration }) };
  });
  const gone = old.filter(({ name }) => !now.has(name)).map(({ name }) => ({ name, migration }));
  const removed = [...(before?.removed ?? []).filter(({ name }) => !now.has(name)), ...gone];
  return { columns, ...(removed.length > 0 && { removed }) };
}

async function readColumns({ database }: Stage): Promise<Columns> {
  const rows = await database.query(COLUMNS);
  const tables = new Map<string, Map<string, string>>();
  for (const { table, column, type } of rows) {
    const columns = tables.get(table ?? "") ?? new Map<string, string>();
    tables.set(table ?? "", columns.set(column ?? "", type ?? ""));
  }
  return tables;
}

/** As the live database is asked once the migrations ran: by schema and name, in order, types as people write them. */
const COLUMNS = `
SELECT n.nspname || '.' || c.relname AS table, a.attname::text AS column,
  pg_catalog.format_type(a.atttypid, a.atttypmod) AS type
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'hdb_catalog')
ORDER BY n.nspname, c.relname, a.attnum`;
