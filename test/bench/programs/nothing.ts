import * as pulumi from "@pulumi/pulumi";
import { describedPipelines } from "./described.js";

/** A provider that does nothing, in one line: to turn a class into text would take the SDK longer. */
const TEXT =
  'exports.handler=()=>({async create(inputs){return{id:"nothing",outs:{...inputs,pipelineId:inputs.name||""}}}})';

class Nothing extends pulumi.CustomResource {
  declare readonly pipelineId: pulumi.Output<string>;

  constructor(name: string, inputs: pulumi.Inputs, options: pulumi.CustomResourceOptions = {}) {
    const props = { ...inputs, pipelineId: undefined, __provider: TEXT };
    super("pulumi-nodejs:dynamic:Resource", name, props, options);
  }
}

// The same resources with the same inputs, parents and dependencies as in `jobs.ts`.
for (const pipeline of describedPipelines()) {
  const parent = new Nothing(pipeline.name, pipeline);
  for (const [index, job] of pipeline.jobs.entries()) {
    const name = `${pipeline.name}-${job.input.tableSchema}-${job.input.tableName}`;
    const jobId = pulumi.interpolate`${parent.pipelineId}-${index}`;
    new Nothing(name, { ...job, jobId }, { parent });
  }
}
