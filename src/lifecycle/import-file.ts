import { jobResourceName, type ProgramPart } from "../domain/generated-program.js";
import type { DescribedJob } from "../domain/live-description.js";
import { job } from "./job.js";
import { pipeline } from "./pipeline.js";

/** One resource of the file that `pulumi import --file` reads. With inputs and outputs Pulumi does not ask the provider to read it. */
interface ImportedResource {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  /** The name of a resource of the same file. */
  readonly parent?: string;
  readonly inputs: object;
  readonly outputs: object;
}

/** What names a stack, and the line of text that leads from a state to the provider. */
export interface ImportTarget {
  readonly project: string;
  readonly stack: string;
  providerText(resource: "Pipeline" | "Job"): string;
}

/**
 * The resources as a program with `adopt` would leave them in the state after its first `up`: the same program then
 * finds nothing to create and nothing to change.
 */
export function importedResources(
  parts: readonly ProgramPart[],
  target: ImportTarget,
): readonly ImportedResource[] {
  return parts.flatMap((part) => resourcesOf(part, target));
}

function resourcesOf(part: ProgramPart, target: ImportTarget): readonly ImportedResource[] {
  const { names, description } = part;
  const live = description.pipeline;
  if (live === undefined) {
    return description.jobs.map((each) => jobResource(each, jobResourceName(names, each), target));
  }
  const urn = urnOf(target, PIPELINE, names.resource);
  const { inputs } = pipeline.check(undefined, { ...live, __dadosfera: { urn } });
  const kept = { ...inputs, __provider: target.providerText("Pipeline") };
  const own = {
    type: PIPELINE,
    name: names.resource,
    id: description.id,
    inputs: kept,
    outputs: { ...kept, isAdopted: true },
  };
  const jobs = description.jobs.map((each, index) =>
    jobResource(each, names.jobs[index] ?? "", target, names.resource),
  );
  return [own, ...jobs];
}

const PIPELINE = "pulumi-nodejs:dynamic/dadosfera:Pipeline";
const JOB = "pulumi-nodejs:dynamic/dadosfera:Job";

function jobResource(
  { jobId, creation, destinationTable }: DescribedJob,
  name: string,
  target: ImportTarget,
  parent?: string,
): ImportedResource {
  const urn = urnOf(target, parent === undefined ? JOB : `${PIPELINE}$${JOB}`, name);
  const { inputs } = job.check(undefined, { ...creation, jobId, __dadosfera: { urn } });
  const kept = { ...inputs, __provider: target.providerText("Job") };
  return {
    type: JOB,
    name,
    id: jobId,
    ...(parent !== undefined && { parent }),
    inputs: kept,
    outputs: { ...kept, destinationTable },
  };
}

/** As Pulumi would name it. Messages are shown beside the resource that this names; nothing else depends on it. */
function urnOf({ project, stack }: ImportTarget, type: string, name: string): string {
  return `urn:pulumi:${stack}::${project}::${type}::${name}`;
}
