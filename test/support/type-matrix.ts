import type { Emulator } from "pulumi-dadosfera/testing";
import { loadTable } from "./loaded-table.js";
import type { RealSource } from "./real-source.js";

/** A column type of a server, a value of it in SQL, and what the destination is to make of both. */
export type Mapped = readonly [type: string, value: string, heldAs: string, held: unknown];

/** A column type of a server, a value of it in SQL, and how a failure names what cannot be loaded. */
export type Refused = readonly [type: string, value: string, named: string];

const SCHEMA = "tipos";

/** Loads a column for each case, and answers the types and values that the destination has, like the cases. */
export async function mappedBy(
  world: Matrix,
  cases: readonly Mapped[],
): Promise<readonly Mapped[]> {
  const load = await tableOf(world, "mapped", cases);
  const { rows, types, failure } = await load(null);
  if (rows.length !== 1) throw new Error(`${rows.length} rows: ${failure}`);
  return cases.map(([type, value], index) => {
    const name = `C${index}`;
    return [type, value, types[name] ?? "", rows[0]?.[name]];
  });
}

/** Loads each case by itself, beside a column that can be loaded, and answers what the runs failed with, like the cases. */
export async function refusedBy(
  world: Matrix,
  cases: readonly Refused[],
): Promise<{ readonly seen: readonly Refused[]; readonly without: readonly unknown[] }> {
  const load = await tableOf(world, "refused", cases);
  const seen: Refused[] = [];
  for (const [index, [type, value]] of cases.entries()) {
    const loaded = await load(["id", `c${index}`]);
    const form = `^Column "c${index}" (.*), which (?:cannot be loaded|the destination cannot hold)$`;
    const named = new RegExp(form).exec(loaded.failure)?.[1];
    const isRefused = loaded.rows.length === 0 && named !== undefined;
    seen.push([type, value, isRefused ? named : JSON.stringify(loaded)]);
  }
  return { seen, without: (await load(["id"])).rows };
}

/** A table of one row, `c0` of the first case and so on, and what loads columns of it. */
async function tableOf(
  { emulator, server }: Matrix,
  table: string,
  cases: readonly (readonly [type: string, value: string, ...unknown[]])[],
) {
  const columns = cases.map(([type], index) => `c${index} ${type}`);
  await server.run(
    `CREATE TABLE ${SCHEMA}.${table} (id int, ${columns.join(", ")})`,
    `INSERT INTO ${SCHEMA}.${table} VALUES (1, ${cases.map(([, value]) => value).join(", ")})`,
  );
  return (wanted: readonly string[] | null) =>
    loadTable(emulator, { schema: SCHEMA, table, columns: wanted, exactly: true });
}

interface Matrix {
  readonly emulator: Emulator;
  readonly server: RealSource;
}
