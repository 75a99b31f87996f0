import * as pulumi from "@pulumi/pulumi";
import type { JobArguments, JobOutputs } from "../domain/job.js";
import { pausePromiseTraces } from "./promise-traces.js";
import { providerText } from "./provider-text.js";

/** A value, or the output of another resource, at any depth. A union stays whole: an `Output<boolean>` is one output. */
export type Inputs<T> = pulumi.Input<Nested<T>>;
type Nested<T> = T extends readonly (infer Item)[]
  ? readonly Inputs<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Inputs<T[Key]> }
    : T;

/** A job of a pipeline that lives elsewhere, or was made by a `Pipeline` of the same program. */
export interface JobArgs extends JobFields {
  /** The pipeline's UUID, a hyphen, and the job's zero-based position, as in `5e0c9a41-2d7f-4b86-a3c4-9f61d208be73-0`. */
  readonly jobId: pulumi.Input<string>;
}
type JobFields = { readonly [Key in keyof JobArguments]: Inputs<JobArguments[Key]> };

const TYPE = "pulumi-nodejs:dynamic/dadosfera:Job";

/** One job's column list, load type, state and rows: everything that a column change touches. */
export class Job extends pulumi.CustomResource {
  /** The job's id at Maestro, with hyphens. */
  declare readonly jobId: pulumi.Output<string>;
  /** The raw table's name, without its schema. */
  declare readonly destinationTable: pulumi.Output<string>;
  /** Columns that Maestro loads although the program never asked for them. */
  declare readonly extraColumns: pulumi.Output<readonly string[] | undefined>;
  /** What the last change of rows did. */
  declare readonly lastChange: pulumi.Output<JobOutputs["lastChange"]>;

  constructor(name: string, args: JobArgs, options: pulumi.CustomResourceOptions = {}) {
    const urn = pulumi.createUrn(name, TYPE, options.parent);
    const resume = pausePromiseTraces();
    try {
      super(
        TYPE,
        name,
        {
          destinationTable: undefined,
          extraColumns: undefined,
          lastChange: undefined,
          ...args,
          __dadosfera: { urn },
          __provider: providerText("Job"),
        },
        options,
      );
    } catch (error) {
      throw resume(error);
    }
    resume();
  }
}
