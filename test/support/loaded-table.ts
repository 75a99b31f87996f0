import type { Emulator } from "pulumi-dadosfera/testing";
import { aPipeline, emulated, type Json } from "../emulator/maestro/maestro-under-test.js";

/** What a run made of a table. */
export interface LoadedTable {
  /** What the destination holds, in the order of the first column; nothing if it has no such table. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** The destination's column types by name. */
  readonly types: Readonly<Record<string, string>>;
  /** What the run failed with; "null" if it did not. */
  readonly failure: string;
}

/** Loads a whole table once, under the name that it has at the source, by a pipeline of its own. */
export async function loadTable(
  emulator: Emulator,
  {
    schema,
    table,
    columns = null,
    exactly = false,
  }: {
    readonly schema: string;
    readonly table: string;
    readonly columns?: readonly string[] | null;
    /** Every digit of numbers and times, as text. */
    readonly exactly?: boolean;
  },
): Promise<LoadedTable> {
  const maestro = await emulated(emulator);
  const pipeline = aPipeline({
    input: {
      plugin: "postgresql",
      table_schema: schema,
      table_name: table,
      load_type: "full_load",
      column_include_list: columns,
    },
    output: { raw: { table_name: "loaded" } },
  });
  await maestro.create(pipeline);
  await maestro.send("POST", "/platform/pipeline/execute", { pipeline_id: pipeline.id });
  await emulator.runs.idle();
  const { body } = await maestro.send("GET", `/platform/pipeline/${pipeline.id}/pipeline_run`);
  const found = await emulator.warehouse.loader.findTable("PUBLIC", "LOADED");
  const selected = exactly ? found?.map(exactText).join(", ") : "*";
  const rows =
    found && (await emulator.warehouse.rows(`SELECT ${selected} FROM PUBLIC.loaded ORDER BY 1`));
  if (found !== undefined) await emulator.warehouse.rows("DROP TABLE PUBLIC.loaded");
  return {
    rows: rows ?? [],
    types: Object.fromEntries((found ?? []).map(({ name, type }) => [name, type])),
    failure: String((body as Json)[0].trace),
  };
}

function exactText({ name, type }: { readonly name: string; readonly type: string }): string {
  if (/^(FLOAT|BOOLEAN)/.test(type)) return name;
  const format = type.startsWith("TIMESTAMP") ? ", 'YYYY-MM-DD HH24:MI:SS.FF6'" : "";
  return `TO_VARCHAR(${name}${format}) AS ${name}`;
}
