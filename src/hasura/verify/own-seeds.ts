import { type ScratchDatabase, SqlError } from "../scratch/scratch.js";
import { seedTables } from "../seeds/seed-tables.js";
import { literal, quotedName } from "../seeds/sql-text.js";
import { parseStatements } from "../sql/statements.js";

/** A file of the project's `seeds/`. */
export interface SeedFile {
  /** Relative to the project. */
  readonly path: string;
  readonly sql: string;
}

/** Seeds that people wrote: each is run as soon as the tables that it names stand there as it wants them. */
export class OwnSeeds {
  #pending: readonly SeedFile[];

  constructor(files: readonly SeedFile[]) {
    this.#pending = files;
  }

  /** Runs what can be run now, in the order of the paths as `hasura seed apply` does. Whether any was. */
  async sow(database: ScratchDatabase, tables: ReadonlySet<string>): Promise<boolean> {
    const left: SeedFile[] = [];
    for (const file of this.#pending) {
      if (!(await take(database, file, tables))) left.push(file);
    }
    const isSown = left.length < this.#pending.length;
    this.#pending = left;
    return isSown;
  }
}

async function take(
  database: ScratchDatabase,
  { sql }: SeedFile,
  tables: ReadonlySet<string>,
): Promise<boolean> {
  const { statements = [] } = await parseStatements(sql);
  const named = [...new Set(statements.flatMap(({ touches }) => touches))];
  if (statements.length === 0 || !named.every((name) => tables.has(name))) return false;
  if (!(await plant(database, sql, named))) return false;
  await advanceKeys(database, named);
  await seedTables(database, { tables: named });
  return true;
}

/** Rows made up here may carry the keys of the user's, whose rows are worth more. */
async function plant(
  database: ScratchDatabase,
  sql: string,
  named: readonly string[],
): Promise<boolean> {
  const failure = await tryRun(database, sql);
  if (failure?.sqlState !== "23505") return failure === undefined;
  const all = named.map(sqlName).join(", ");
  return (await tryRun(database, `TRUNCATE ${all} CASCADE; ${sql}`)) === undefined;
}

/** People write keys into their seeds, and the sequences do not know of them. */
async function advanceKeys(database: ScratchDatabase, named: readonly string[]): Promise<void> {
  const tables = named.map((name) => `${literal(sqlName(name))}::regclass`).join(", ");
  const columns = await database.query(`
    SELECT attrelid::regclass::text AS table, quote_ident(attname) AS column,
           pg_get_serial_sequence(attrelid::regclass::text, attname) AS sequence
    FROM pg_attribute WHERE attrelid IN (${tables}) AND attnum > 0 AND NOT attisdropped`);
  for (const { table, column, sequence } of columns) {
    if (sequence === null || sequence === undefined) continue;
    await tryRun(
      database,
      `SELECT setval(${literal(sequence)}, (SELECT max(${column}) FROM ${table})) WHERE EXISTS (SELECT FROM ${table})`,
    );
  }
}

async function tryRun(database: ScratchDatabase, sql: string): Promise<SqlError | undefined> {
  try {
    await database.run(sql);
    return undefined;
  } catch (error) {
    if (error instanceof SqlError) return error;
    throw error;
  }
}

function sqlName(name: string): string {
  return name.split(".").map(quotedName).join(".");
}
