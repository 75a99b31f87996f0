import { DuckDBInstance } from "@duckdb/node-api";
import { aJob, aPipeline, created, PIPELINE, startWorld } from "../support/world.js";
import { inTurn, median, type Part, ratioOf, shortNumber } from "./measure.js";

/** A run of the emulator, which loads a whole table, beside the same rows copied by DuckDB alone. */
export const emulatedRows: Part = async ({ rows, repeats }) => {
  await using world = await startWorld();
  const { emulator } = world;
  const [columns, fill] = ["id, cliente_id, valor, status, created_at, updated_at", filled(rows)];
  await emulator.source.run(`DELETE FROM cadastros.pedidos; INSERT INTO cadastros.pedidos ${fill}`);
  const input = { loadType: "full_load", columnIncludeList: columns.split(", ") };
  await world.create("Pipeline", aPipeline({ cron: null, jobs: [created(aJob({ input }))] }));
  const duckdb = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
  await duckdb.run(`CREATE TABLE source (${TYPES}); INSERT INTO source ${fill}`);
  const pairs = await inTurn(
    repeats,
    async () => {
      await duckdb.run(`CREATE OR REPLACE TABLE destination (${TYPES})`);
      return timed(() => duckdb.run("INSERT INTO destination SELECT * FROM source"));
    },
    () =>
      timed(async () => {
        emulator.runs.start(PIPELINE, "scheduled");
        await emulator.runs.idle();
      }),
  );
  duckdb.closeSync();
  const failed = emulator.runs.all.filter(({ status }) => status !== "SUCCESS");
  if (failed.length > 0) throw new Error(`A run failed: ${failed[0]?.trace}`);
  const speeds = [1, 0].map((at) => rows / median(pairs.map((pair) => pair[at] ?? Number.NaN)));
  return [
    {
      what: `Rows a second of an emulated run beside an \`INSERT … SELECT\` of DuckDB, ${shortNumber(rows)} rows`,
      measured: `${speeds.map(shortNumber).join(" beside ")}: ${ratioOf(pairs).text} the time`,
    },
  ];
};

const TYPES =
  "id BIGINT, cliente_id BIGINT, valor DECIMAL(12,2), status VARCHAR, created_at TIMESTAMP, updated_at TIMESTAMP";

function filled(rows: number): string {
  return `SELECT i, i % 1000, i / 100, 'pago', TIMESTAMP '2025-01-01' + to_seconds(i), TIMESTAMP '2025-02-01' + to_seconds(i) FROM range(${rows}) AS rows (i)`;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}
