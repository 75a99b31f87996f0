import type { PipelineId } from "./job-id.js";

const Z_BASE_32 = "ybndrfg8ejkmcpqxot1uwisza345h769";
const CHARACTERS = 6;

/** The part of a job that names its destination. */
interface Destined {
  readonly input: { readonly tableSchema: string; readonly tableName: string };
  readonly output: { readonly raw?: { readonly tableName?: string | undefined } | undefined };
}

/**
 * The name that Maestro gives a job's destination: the one chosen in `output.raw`, or `tb__{hash}__{schema}__{table}`,
 * where the hash is z-base-32 over the first 30 bits of the pipeline's UUID. One recorded pair says so; what GET job
 * answers is the truth.
 */
export function predictedTable(pipeline: PipelineId, { input, output }: Destined): string {
  const chosen = output.raw?.tableName;
  return (
    chosen ?? `tb__${hashOf(pipeline)}__${input.tableSchema}__${input.tableName}`.toLowerCase()
  );
}

function hashOf(pipeline: PipelineId): string {
  const bits = Number.parseInt(pipeline.slice(0, 8), 16);
  return Array.from({ length: CHARACTERS }, (_, index) => {
    const digit = Math.floor(bits / 2 ** (27 - 5 * index)) % 32;
    return Z_BASE_32[digit];
  }).join("");
}
