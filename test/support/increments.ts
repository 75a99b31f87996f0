import type { Emulator } from "pulumi-dadosfera/testing";
import { aPipeline, emulated, type Json } from "../emulator/maestro/maestro-under-test.js";

export interface Increments {
  /** Runs once more; answers what that failed with, and the `id` of every row that is loaded by then, in order. */
  next(): Promise<{ readonly failure: string | undefined; readonly ids: readonly number[] }>;
  bookmark(): string | undefined;
}

/** An incremental pipeline over a table with an `id`, which has not run. */
export async function increments(
  emulator: Emulator,
  {
    schema,
    table,
    cursor,
  }: { readonly schema: string; readonly table: string; readonly cursor: string },
): Promise<Increments> {
  const maestro = await emulated(emulator);
  const pipeline = aPipeline({
    input: {
      table_schema: schema,
      table_name: table,
      incremental_column_name: cursor,
      column_include_list: null,
    },
    output: { raw: { table_name: "increments" } },
  });
  await maestro.create(pipeline);
  return {
    async next() {
      await maestro.send("POST", "/platform/pipeline/execute", { pipeline_id: pipeline.id });
      await emulator.runs.idle();
      const { body } = await maestro.send("GET", `/platform/pipeline/${pipeline.id}/pipeline_run`);
      const failed = (body as Json).filter((run: Json) => run.last_status === "FAILED");
      const rows = await emulator.warehouse.rows("SELECT ID FROM PUBLIC.increments ORDER BY ID");
      return { failure: failed[0]?.trace, ids: rows.map((row) => Number(row["ID"])) };
    },
    bookmark: () => emulator.bookmark(`${pipeline.id}-0`),
  };
}
