import { z } from "zod";

const UUID = "[0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12}";
const PIPELINE_ID = new RegExp(`^${UUID}$`);
const JOB_ID = new RegExp(`^${UUID}[-_](0|[1-9][0-9]*)$`);

/** A pipeline's UUID, lower case, with hyphens: the spelling that Maestro's guides record as working. */
export const pipelineId = z
  .string()
  .transform(canonical)
  .refine(
    (id) => PIPELINE_ID.test(id),
    "is not a pipeline id (a UUID, with hyphens or underscores)",
  )
  .brand<"PipelineId">();

/** A pipeline's UUID, a hyphen, and the zero-based position of the job, as in `5e0c9a41-2d7f-4b86-a3c4-9f61d208be73-0`. */
export const jobId = z
  .string()
  .transform(canonical)
  .refine(
    (id) => JOB_ID.test(id),
    "is not a job id (a pipeline's UUID, a hyphen and the job's position)",
  )
  .brand<"JobId">();

export type PipelineId = z.infer<typeof pipelineId>;
export type JobId = z.infer<typeof jobId>;

/** The id of the job at a zero-based position of a pipeline. */
export function jobIdAt(pipeline: PipelineId, index: number): JobId {
  return jobId.parse(`${pipeline}-${index}`);
}

/** The pipeline that a job belongs to, and the job's zero-based position in it. */
export function splitJobId(id: JobId): { readonly pipelineId: PipelineId; readonly index: number } {
  const cut = id.lastIndexOf("-");
  return { pipelineId: pipelineId.parse(id.slice(0, cut)), index: Number(id.slice(cut + 1)) };
}

/** The other spelling, which Maestro's answers use and some of its routes may demand. */
export function withUnderscores(id: PipelineId | JobId): string {
  return id.replaceAll("-", "_");
}

function canonical(id: string): string {
  return id.trim().toLowerCase().replaceAll("_", "-");
}
