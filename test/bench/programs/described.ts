import type { PipelineJob } from "pulumi-dadosfera";

const JOBS_PER_PIPELINE = 10;
const COLUMNS = [
  "id",
  "updated_at",
  ...Array.from({ length: 18 }, (_, index) => `column_${index + 1}`),
];

const NEW = "telefone";

/** A pipeline as the program writes it. */
interface DescribedPipeline {
  readonly name: string;
  readonly description: string;
  readonly cron: null;
  readonly jobs: readonly PipelineJob[];
}

/** Pipelines of ten jobs with twenty columns each. The environment says how many jobs, and how many of them get one more. */
export function describedPipelines(): readonly DescribedPipeline[] {
  const count = Math.ceil(Number(process.env["JOBS"]) / JOBS_PER_PIPELINE);
  const changed = Number(process.env["CHANGED"] ?? 0);
  return Array.from({ length: count }, (_, pipeline) => ({
    name: `pipeline-${pipeline}`,
    description: "loads ten tables",
    cron: null,
    jobs: Array.from({ length: JOBS_PER_PIPELINE }, (_, job) =>
      describedJob(pipeline, job, changed),
    ),
  }));
}

function describedJob(pipeline: number, job: number, changed: number): PipelineJob {
  const isChanged = pipeline * JOBS_PER_PIPELINE + job < changed;
  return {
    input: {
      connector: "jdbc",
      plugin: "mysql",
      tableSchema: `schema_${pipeline}`,
      tableName: `table_${job}`,
      loadType: "incremental",
      incrementalColumnName: "updated_at",
      incrementalColumnType: "timestamp",
      columnIncludeList: isChanged ? [...COLUMNS, NEW] : COLUMNS,
      authParameters: { authType: "connection_manager", configId: "config-1" },
    },
    output: { plugin: "dadosfera_snowflake" },
    primaryKeys: ["id"],
    ...(isChanged && { backfill: { columns: [NEW], rows: "none" } }),
  };
}
