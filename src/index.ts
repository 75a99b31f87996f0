export { type DadosferaErrorCode, isDadosferaError } from "./domain/errors.js";
export { type Inputs, Job, type JobArgs } from "./resources/job.js";
export { MigrationHistory, type MigrationHistoryArgs } from "./resources/migration-history.js";
export { Pipeline, type PipelineArgs, type PipelineJob } from "./resources/pipeline.js";
