import type { ScratchDatabase } from "../scratch/scratch.js";
import { literal, quotedName } from "./sql-text.js";

/**
 * Changes a table while the triggers that people made on it do not fire, and gives each its state back. Foreign keys go on being
 * checked: their triggers are PostgreSQL's own.
 */
export async function withoutTriggers<Result>(
  database: ScratchDatabase,
  table: string,
  act: () => Promise<Result>,
): Promise<Result> {
  const triggers = await database.query(`
    SELECT tgname::text AS name, tgenabled::text AS state FROM pg_trigger
    WHERE tgrelid = ${literal(table)}::regclass AND NOT tgisinternal AND tgenabled <> 'D'`);
  const alter = (change: (trigger: (typeof triggers)[number]) => string) =>
    triggers.length === 0
      ? undefined
      : database.run(`ALTER TABLE ${table} ${triggers.map(change).join(", ")}`);
  await alter(({ name }) => `DISABLE TRIGGER ${quotedName(name ?? "")}`);
  try {
    return await act();
  } finally {
    await alter(
      ({ name, state }) => `${ENABLE[state ?? ""] ?? "ENABLE"} TRIGGER ${quotedName(name ?? "")}`,
    );
  }
}

/** As `pg_trigger.tgenabled` has it. */
const ENABLE: Readonly<Record<string, string>> = {
  O: "ENABLE",
  A: "ENABLE ALWAYS",
  R: "ENABLE REPLICA",
};
