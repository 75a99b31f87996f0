import type { Emulator } from "pulumi-dadosfera/testing";
import { loadTable } from "./loaded-table.js";
import type { RealSource } from "./real-source.js";

/** A column type of a server, a value of it in SQL, and what the destination is to make of both. */
export type Mapped = readonly [type: string, value: string, heldAs: string, held: unknown];

/** A column type of a server, a value of it in SQL, and how a failure names what cannot be loaded. */
export type Refused = readonly [type: string, value: string, named: string];

const SCHEMA = "tipos";

/** Creates a table with a column for each, loads it, and answers the types and values that the destination has, like the cases. */
export async function mappedBy(
  { emulator, server }: Matrix,
  cases: readonly Mapped[],
): Promise<readonly Mapped[]> {
  const names = cases.map((_, index) => `c${index}`);
  await server.run(
    `CREATE TABLE ${SCHEMA}.mapped (${cases.map(([type], index) => `${names[index]} ${type}`).join(", ")})`,
    `INSERT INTO ${SCHEMA}.mapped VALUES (${cases.map(([, value]) => value).join(", ")})`,
  );
  const { rows, types, failure } = await loadTable(emulator, {
    schema: SCHEMA,
    table: "mapped",
    exactly: true,
  });
  if (rows.length !== 1) throw new Error(`${rows.length} rows: ${failure}`);
  return cases.map(([type, value], index) => {
    const name = names[index]?.toUpperCase() ?? "";
    return [type, value, types[name] ?? "", rows[0]?.[name]];
  });
}

/** Loads each case by itself, beside a column that can be loaded, and answers what the runs failed with, like the cases. */
export async function refusedBy(
  { emulator, server }: Matrix,
  cases: readonly Refused[],
): Promise<readonly Refused[]> {
  const seen: Refused[] = [];
  for (const [index, [type, value]] of cases.entries()) {
    const table = `refused_${index}`;
    await server.run(
      `CREATE TABLE ${SCHEMA}.${table} (id int, bad ${type})`,
      `INSERT INTO ${SCHEMA}.${table} VALUES (1, ${value})`,
    );
    const wanted = await loadTable(emulator, { schema: SCHEMA, table });
    const unwanted = await loadTable(emulator, { schema: SCHEMA, table, columns: ["id"] });
    const [, named] =
      /^Column "bad" (.*), which (?:cannot be loaded|the destination cannot hold)$/.exec(
        wanted.failure,
      ) ?? [];
    const isAlone = wanted.rows.length === 0 && unwanted.rows.length === 1;
    seen.push([type, value, isAlone && named !== undefined ? named : JSON.stringify(wanted)]);
  }
  return seen;
}

interface Matrix {
  readonly emulator: Emulator;
  readonly server: RealSource;
}
