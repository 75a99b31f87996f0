import { byVersion, migrationLabel } from "../../domain/migration.js";
import type { SourceTable, SourceTables } from "../../domain/source-table.js";
import { TABLE_COLUMNS } from "../catalogue/table-columns.js";
import type { MigrationFolder } from "../folder/folder.js";
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

/** What became of each column, migration by migration; also of those of a table that went and came again. */
class Ledger {
  #tables = new Map<string, SourceTable>();
  readonly #gone = new Map<string, SourceTable>();

  enter(columns: Columns, migration: string): void {
    for (const [name, table] of this.#tables) {
      if (!columns.has(name)) this.#gone.set(name, entered(table, new Map(), migration));
    }
    const known = (name: string) => this.#tables.get(name) ?? this.#gone.get(name);
    this.#tables = new Map(
      [...columns].map(([name, now]) => [name, entered(known(name), now, migration)] as const),
    );
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
  const rows = await database.query(TABLE_COLUMNS);
  const tables = new Map<string, Map<string, string>>();
  for (const { table, column, type } of rows) {
    const columns = tables.get(table ?? "") ?? new Map<string, string>();
    tables.set(table ?? "", columns.set(column ?? "", type ?? ""));
  }
  return tables;
}
