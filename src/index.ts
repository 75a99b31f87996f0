export { type DadosferaErrorCode, isDadosferaError } from "./domain/errors.js";
export { type Inputs, Job, type JobArgs } from "./resources/job.js";
export { Pipeline, type PipelineArgs, type PipelineJob } from "./resources/pipeline.js";
