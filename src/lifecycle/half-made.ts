import { DadosferaError, isDadosferaError } from "../domain/errors.js";
import type { PipelineInputs, PipelineOutputs } from "../domain/pipeline.js";

/** A pipeline that exists but is not as wanted yet: Pulumi keeps it in the state, and the next `up` updates it. */
export class HalfMade extends DadosferaError {
  readonly id: string;
  readonly outputs: PipelineOutputs;

  constructor(inputs: PipelineInputs, options: { readonly cause: unknown }) {
    super(halfMadeTrouble(inputs, options.cause), options);
    // These travel in a trailer of a few kilobytes; what is left out is read, or written once more, at the next `up`.
    const { jobs: _jobs, description: _description, ...small } = inputs;
    this.id = inputs.pipelineId;
    this.outputs = { ...small, isHalfMade: true };
  }
}

const LONGEST_REASON = 1200;

function halfMadeTrouble(inputs: PipelineInputs, cause: unknown) {
  const known = isDadosferaError(cause) ? cause : undefined;
  const why = known?.happened ?? (cause instanceof Error ? cause.message : String(cause));
  return {
    code: "PIPELINE_HALF_MADE",
    happened: `Pipeline "${inputs.name}" (${inputs.pipelineId}) exists, but is not as the program wants it: ${why.slice(0, LONGEST_REASON)}`,
    now: "It is kept in this stack's state.",
    next:
      known?.next ??
      "Mend the cause and run `pulumi up` again: it updates the pipeline and does not make a second one.",
  } as const;
}
