import { z } from "zod";
import { type JobId, jobId, type PipelineId, pipelineId, splitJobId } from "../domain/job-id.js";
import type {
  JobInputRecord,
  JobRecord,
  OutputRecord,
  PipelineCreate,
  PipelineRecord,
  PipelineSummary,
  RunRecord,
  SyncMode,
} from "./records.js";
import { camelKeys, snakeKeys } from "./spelling.js";

/** A field that may be missing or null, which means the same. */
function maybe<Schema extends z.ZodType>(schema: Schema) {
  return schema
    .nullish()
    .transform((value) => value ?? undefined)
    .optional();
}

/** An answer that comes bare, or under `data`. */
export function maybeEnveloped<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess(
    (body) => (typeof body === "object" && body !== null && "data" in body ? body.data : body),
    schema,
  );
}

const opaque = z.record(z.string(), z.unknown());
const authParameters = z
  .object({ auth_type: z.string(), config_id: z.string() })
  .transform(camelKeys);

/** What is known of a job's input; a field beside these is one that Maestro added since. */
export const inputFields = {
  connector: maybe(z.string()),
  plugin: maybe(z.string()),
  table_schema: maybe(z.string()),
  table_name: maybe(z.string()),
  load_type: maybe(z.string()),
  incremental_column_name: maybe(z.string()),
  incremental_column_type: maybe(z.string()),
  primary_keys: maybe(z.array(z.string())),
  column_include_list: z.array(z.string()).nullable().optional(),
  memory_allocation_mb: maybe(z.number()),
  network_config: maybe(opaque),
  auth_parameters: maybe(authParameters),
};

const jobInput = z.object(inputFields).transform((input): JobInputRecord => camelKeys(input));

const output = z
  .object({
    plugin: maybe(z.string()),
    table_name: maybe(z.string()),
    table_schema: maybe(z.string()),
    raw: maybe(z.object({ table_name: maybe(z.string()), table_schema: maybe(z.string()) })),
  })
  .transform(
    ({ plugin, table_name, table_schema, raw }): OutputRecord =>
      camelKeys({
        plugin,
        // The list nests the raw table, the single pipeline does not.
        table_name: table_name ?? raw?.table_name,
        table_schema: table_schema ?? raw?.table_schema,
      }),
  );

/** What `GET /platform/pipeline/{id}` answers. */
export function pipelineAnswer(id: PipelineId) {
  const detail = z.object({
    name: z.string(),
    description: maybe(z.string()),
    cron: maybe(z.string()),
    status: z.string(),
    jobs: maybe(
      z.array(z.object({ job_id: jobId, input: maybe(jobInput), output: maybe(output) })),
    ),
  });
  return maybeEnveloped(detail).transform(
    ({ cron, jobs, ...fields }): PipelineRecord => ({
      ...camelKeys(fields),
      id,
      cron: cron ?? null,
      jobs: (jobs ?? []).map((job) => ({
        id: job.job_id,
        input: job.input ?? {},
        output: job.output ?? {},
      })),
    }),
  );
}

/** One pipeline of the list. */
export const summary = z
  .object({
    pipeline_id: pipelineId,
    name: z.string(),
    description: maybe(z.string()),
    cron: maybe(z.string()),
    last_status: maybe(z.string()),
    jobs: maybe(z.array(z.object({ job_id: jobId, output: maybe(output) }))),
  })
  .transform(
    ({ pipeline_id, cron, jobs, ...fields }): PipelineSummary => ({
      ...camelKeys(fields),
      id: pipeline_id,
      cron: cron ?? null,
      jobs: (jobs ?? []).map(({ job_id, output: { tableName, tableSchema } = {} }) => ({
        id: job_id,
        ...(tableName !== undefined && tableSchema !== undefined
          ? { rawTable: { tableName, tableSchema } }
          : {}),
      })),
    }),
  );

/** What `GET /platform/pipelines` answers. Pipelines whose id is no UUID were made by other means and cannot be ours: left out. */
export const pipelinesAnswer = maybeEnveloped(
  z
    .array(z.object({ pipeline_id: z.string() }).loose())
    .transform((items) => items.filter((item) => pipelineId.safeParse(item.pipeline_id).success)),
).pipe(z.array(summary));

const run = z
  .object({
    pipeline_run_id: z.string(),
    last_status: z.string(),
    created_at: z.string(),
    updated_at: maybe(z.string()),
    trace: maybe(z.string()),
  })
  .transform(
    ({ pipeline_run_id, last_status, ...fields }): RunRecord => ({
      ...camelKeys(fields),
      runId: pipeline_run_id,
      status: last_status,
      kind: runKind(last_status),
    }),
  );

/** What the two paths of the run history answer. */
export const runsAnswer = maybeEnveloped(z.array(run));

/** What `GET …/pipeline_run/{runId}` answers. */
export const runAnswer = maybeEnveloped(run);

/** What `GET /platform/jobs/jdbc/{jobId}` answers. */
export function jobAnswer(id: JobId) {
  const job = z.object({
    name: maybe(z.string()),
    cron: z.string().nullable().optional(),
    job_name: maybe(z.string()),
    source_config: z.object({
      ...inputFields,
      connector: z.string(),
      plugin: z.string(),
      table_schema: z.string(),
      table_name: z.string(),
      load_type: z.string(),
    }),
    transformations: maybe(z.array(opaque)),
    output_config: z.object({ table_name: z.string() }),
  });
  return maybeEnveloped(job).transform(
    ({ name, source_config, output_config, ...fields }): JobRecord => ({
      ...camelKeys({ ...fields, pipeline_name: name }),
      ...camelKeys(source_config),
      id,
      pipelineId: splitJobId(id).pipelineId,
      columnIncludeList: source_config.column_include_list ?? null,
      destinationTable: output_config.table_name,
    }),
  );
}

/** What a reset to a value answers: `state` is empty although a value was set, so the echo is all there is to check. */
export const resetAnswer = z
  .object({ incremental_column_value: z.union([z.string(), z.number()]) })
  .transform((answer) => ({ echoed: answer.incremental_column_value }));

/** What `GET …/allowed_datatypes` answers: type names by plugin. */
export const datatypesAnswer = z
  .object({ data: z.record(z.string(), z.array(z.string())) })
  .transform(({ data }): Readonly<Record<string, readonly string[]>> => data);

/** The body of `POST /platform/pipeline`. */
export function pipelineCreateBody({ jobs, ...pipeline }: PipelineCreate): object {
  return {
    ...snakeKeys(pipeline),
    jobs: jobs.map((job) => ({
      input: {
        ...snakeKeys(job.input),
        auth_parameters: snakeKeys(job.input.authParameters),
      },
      transformations: job.transformations,
      output: {
        plugin: job.output.plugin,
        ...(job.output.raw === undefined ? {} : { raw: snakeKeys(job.output.raw) }),
        ...(job.output.qualify === undefined ? {} : { qualify: snakeKeys(job.output.qualify) }),
      },
    })),
  };
}

/** The body of the sync-mode operation. */
export function syncModeBody(mode: SyncMode): object {
  return snakeKeys(mode);
}

function runKind(status: string): RunRecord["kind"] {
  if (status === "SUCCESS") return "succeeded";
  return status === "FAILED" ? "failed" : "running";
}
