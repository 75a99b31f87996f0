import { z } from "zod";
import { jobCreation, origin } from "./job.js";
import { pipelineId } from "./job-id.js";
import { cron } from "./schedule.js";

const own = {
  /** Left out, it is derived from organization, project, stack and resource name. */
  pipelineId: pipelineId.optional(),
  /** Take over a pipeline that exists: refused unless the program equals what is live. Changes nothing. */
  adopt: z.boolean().optional(),
  /** Unique in the tenant. */
  name: z.string().min(1),
  description: z.string().optional(),
  /** Five cron fields, `"@once"`, or null for manual execution only. */
  cron,
  /** A paused pipeline runs neither by schedule nor by hand. */
  paused: z.boolean().optional(),
  /** Memory of every job, in megabytes; 12000 at most. */
  memoryMb: z.int().min(1).max(12000).optional(),
  /** What to do at creation if a destination table holds rows already, since tables outlive their pipelines. */
  existingRows: z.enum(["append", "delete"]).optional(),
  /** Destroying an adopted pipeline forgets it, unless this is true. */
  deleteAdopted: z.boolean().optional(),
  /** Seconds to wait for the first run of an `@once` pipeline; 6 hours unless given. */
  timeouts: z.strictObject({ run: z.number().positive() }).partial().readonly().optional(),
};

/** What a program says of a pipeline, beside its jobs. */
const pipelineSettings = z.strictObject(own).readonly();
export type PipelineSettings = z.infer<typeof pipelineSettings>;
/** The same as a program writes it. */
export type PipelineArguments = z.input<typeof pipelineSettings>;

/** The inputs of a `Pipeline` resource; `pipelineId` is filled in by `check`. */
export const pipelineInputs = z
  .strictObject({
    ...own,
    pipelineId,
    /** A program's was read by `check`; one that `read` found at Maestro may have a form that programs cannot write. */
    cron: z.string().nullable(),
    jobs: z.array(jobCreation).min(1).readonly(),
    __dadosfera: origin,
  })
  .readonly();
export type PipelineInputs = z.infer<typeof pipelineInputs>;

/** What `check` takes: the id may still be missing. */
export const pipelineNews = z
  .strictObject({ ...own, jobs: z.array(jobCreation).min(1).readonly(), __dadosfera: origin })
  .readonly();
export type PipelineNews = z.infer<typeof pipelineNews>;

/** What the state keeps of a pipeline. One that was only half made lacks its jobs; `read` fills them in. */
export const pipelineOutputs = z
  .looseObject({
    ...pipelineInputs.unwrap().shape,
    jobs: z.array(jobCreation).readonly().optional(),
    isHalfMade: z.boolean().optional(),
    isAdopted: z.boolean().optional(),
  })
  .readonly();
export type PipelineOutputs = z.infer<typeof pipelineOutputs>;

/** The parts of a pipeline that an update can change, with their defaults. */
export function changeableOf(
  pipeline: Pick<PipelineSettings, "name" | "description" | "cron" | "paused" | "memoryMb">,
) {
  return {
    name: pipeline.name,
    description: pipeline.description ?? "",
    cron: pipeline.cron,
    paused: pipeline.paused ?? false,
    memoryMb: pipeline.memoryMb,
  };
}
