import type { ScratchDatabase } from "../scratch/scratch.js";
import { literal, quotedName } from "./sql-text.js";

/** Where each sequence stands, by its name as SQL. */
export type SequenceValues = ReadonlyMap<string, string>;

/** Reads all sequences that are not PostgreSQL's own: a roll-back does not set them back. */
export async function readSequences(database: ScratchDatabase): Promise<SequenceValues> {
  const found = await database.query(`
    SELECT n.nspname::text AS schema, c.relname::text AS name
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'S' AND n.nspname !~ '^pg_' ORDER BY 1, 2`);
  if (found.length === 0) return new Map();
  const names = found.map(
    ({ schema, name }) => `${quotedName(schema ?? "")}.${quotedName(name ?? "")}`,
  );
  const values = await database.query(
    names
      .map(
        (name) =>
          `SELECT ${literal(name)} AS name, last_value || ', ' || is_called::text AS value FROM ${name}`,
      )
      .join(" UNION ALL "),
  );
  return new Map(values.map(({ name, value }) => [name ?? "", value ?? ""]));
}

/** Sets those sequences back that moved since. */
export async function restoreSequences(
  database: ScratchDatabase,
  before: SequenceValues,
): Promise<void> {
  const now = await readSequences(database);
  const moved = [...before].filter(([name, value]) => now.get(name) !== value);
  if (moved.length === 0) return;
  const calls = moved.map(([name, value]) => `setval(${literal(name)}, ${value})`);
  await database.run(`SELECT ${calls.join(", ")}`);
}
