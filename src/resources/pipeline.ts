import * as pulumi from "@pulumi/pulumi";
import type { JobArguments } from "../domain/job.js";
import type { PipelineArguments } from "../domain/pipeline.js";
import { type Inputs, Job } from "./job.js";
import { pausePromiseTraces } from "./promise-traces.js";
import { providerText } from "./provider-text.js";

/** A job inside a pipeline. Its table names are plain texts, because they name its resource. */
export type PipelineJob = {
  readonly [Key in keyof Omit<JobArguments, "input">]: Inputs<JobArguments[Key]>;
} & {
  readonly input: {
    readonly [Key in keyof JobArguments["input"]]: Key extends "tableSchema" | "tableName"
      ? string
      : Inputs<JobArguments["input"][Key]>;
  };
};

/** A pipeline with its jobs, as Maestro's own payload nests them. */
export type PipelineArgs = {
  readonly [Key in keyof PipelineArguments]: Inputs<PipelineArguments[Key]>;
} & {
  readonly jobs: readonly PipelineJob[];
};

const TYPE = "pulumi-nodejs:dynamic/dadosfera:Pipeline";

/** A pipeline: name, description, cron, pause, memory. It makes one `Job` for each of its jobs, as its children. */
export class Pipeline extends pulumi.CustomResource {
  /** The pipeline's UUID, with hyphens. */
  declare readonly pipelineId: pulumi.Output<string>;
  /** Its jobs, in Maestro's order. */
  readonly jobs: readonly Job[];

  constructor(name: string, args: PipelineArgs, options: pulumi.CustomResourceOptions = {}) {
    const { jobs, ...own } = args;
    const urn = pulumi.createUrn(name, TYPE, options.parent);
    const resume = pausePromiseTraces();
    try {
      super(
        TYPE,
        name,
        {
          pipelineId: undefined,
          ...own,
          jobs: jobs.map(createdOf),
          __dadosfera: { urn, organization: pulumi.getOrganization() },
          __provider: providerText("Pipeline"),
        },
        options,
      );
    } catch (error) {
      throw resume(error);
    }
    resume();
    const names = jobs.map(({ input }) => `${name}-${input.tableSchema}-${input.tableName}`);
    this.jobs = jobs.map((job, index) => {
      const isShared = names.indexOf(names[index] ?? "") !== names.lastIndexOf(names[index] ?? "");
      const jobId = pulumi.interpolate`${this.pipelineId}-${index}`;
      return new Job(
        isShared ? `${names[index]}-${index}` : `${names[index]}`,
        { ...job, jobId },
        { parent: this },
      );
    });
  }
}

/** What creating the job at Maestro needs; the rest concerns the `Job` alone. */
function createdOf({ input, output, transformations, memoryMb, primaryKeys }: PipelineJob) {
  return { input, output, transformations, memoryMb, primaryKeys };
}
