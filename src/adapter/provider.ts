import type { dynamic } from "@pulumi/pulumi";
import { jobInputs, jobOutputs } from "../domain/job.js";
import { pipelineInputs, pipelineNews, pipelineOutputs } from "../domain/pipeline.js";
import { job } from "../lifecycle/job.js";
import { pipeline } from "../lifecycle/pipeline.js";
import { ProviderProcess } from "./process.js";
import { verbsOf } from "./verbs.js";

/** The resources that a state may name. Names are kept for ever: they are part of the text in users' states. */
export type ResourceName = "Pipeline" | "Job";

const made = new Map<ResourceName, dynamic.ResourceProvider>();
let shared: ProviderProcess | undefined;

/**
 * What the text in the state asks for. `request` is what Pulumi gave to `configure`; it is the same for all resources
 * of a process, so the first one counts.
 */
export function provider(
  name: ResourceName,
  request?: dynamic.ConfigureRequest,
): dynamic.ResourceProvider {
  const known = made.get(name);
  if (known !== undefined) return known;
  const contextOf = async (urn: string) => {
    shared ??= new ProviderProcess((key) => request?.config.get(key));
    return shared.contextOf(urn);
  };
  const flush = async () => shared?.log.flushed();
  const verbs =
    name === "Job"
      ? verbsOf({
          lifecycle: job,
          news: jobInputs,
          inputs: jobInputs,
          outputs: jobOutputs,
          contextOf,
          flush,
        })
      : verbsOf({
          lifecycle: pipeline,
          news: pipelineNews,
          inputs: pipelineInputs,
          outputs: pipelineOutputs,
          contextOf,
          flush,
        });
  made.set(name, verbs);
  return verbs;
}
