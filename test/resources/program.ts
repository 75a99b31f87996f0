import * as pulumi from "@pulumi/pulumi";
import { Job, type JobArgs, Pipeline, type PipelineJob } from "pulumi-dadosfera";

// Never run: what a program may write, and what the compiler must refuse. Each line below a mark that compiled would
// be an error itself.

const input = {
  connector: "jdbc",
  plugin: "mysql",
  tableSchema: "cadastros",
  tableName: "pedidos",
  loadType: "incremental",
  incrementalColumnName: "updated_at",
  incrementalColumnType: "timestamp",
  columnIncludeList: ["id", "updated_at"],
  authParameters: { authType: "connection_manager", configId: "config-1" },
} as const;
const output = { plugin: "dadosfera_snowflake" } as const;

/** Outputs of other resources as values, at any depth. */
export function acceptable(text: pulumi.Output<string>, names: pulumi.Output<string[]>) {
  const orders = new Pipeline("orders", {
    pipelineId: text,
    name: text,
    cron: pulumi.output(null),
    paused: pulumi.output(true),
    timeouts: { run: pulumi.output(60) },
    jobs: [
      {
        input: {
          ...input,
          columnIncludeList: ["id", text],
          authParameters: { authType: "connection_manager", configId: text },
        },
        output: pulumi.output({ ...output, raw: { tableName: "PEDIDOS" } }),
        primaryKeys: names,
        backfill: { columns: [text], rows: { after: text } },
        sourceColumns: names,
        limits: { deletedRows: pulumi.output(5), deletedPercent: 10 },
        backUp: { keepDays: 3, schema: text },
      },
    ],
  });
  const elsewhere: JobArgs = {
    jobId: orders.jobs[0]?.jobId ?? "7b8b3399-b8c0-4fc5-9116-142cd9f4e7ae-0",
    input: { ...input, columnIncludeList: null, tableName: text },
    output,
    backfill: pulumi.output({ columns: ["telefone"], rows: "none" as const }),
  };
  return new Job("items", elsewhere, { dependsOn: orders }).destinationTable;
}

/** What a program must not be able to write. */
export function unacceptable(): readonly unknown[] {
  const job: PipelineJob = { input, output };
  const own = { name: "Orders", cron: "@once" } as const;
  return [
    // @ts-expect-error: a pipeline without jobs
    new Pipeline("orders", own),
    // @ts-expect-error: a schedule has to be said, null included
    new Pipeline("orders", { name: "Orders", jobs: [job] }),
    // @ts-expect-error: an unknown argument
    new Pipeline("orders", { ...own, jobs: [job], schedule: "@daily" }),
    // @ts-expect-error: there are two answers to rows that exist
    new Pipeline("orders", { ...own, jobs: [job], existingRows: "merge" }),
    // @ts-expect-error: an unknown load type
    aJob({ input: { ...input, loadType: "delta" } }),
    // @ts-expect-error: columns are names
    aJob({ input: { ...input, columnIncludeList: [1, 2] } }),
    // @ts-expect-error: the table's name is part of a resource's name, so it is known at once
    aJob({ input: { ...input, tableName: pulumi.output("pedidos") } }),
    // @ts-expect-error: another destination
    aJob({ output: { plugin: "bigquery" } }),
    // @ts-expect-error: rows are none, all, or those after a value
    aJob({ backfill: { columns: ["telefone"], rows: "some" } }),
    // @ts-expect-error: nothing is assumed of rows that are loaded already
    aJob({ backfill: { columns: ["telefone"] } }),
    // @ts-expect-error: a backfill names the columns that it is for
    aJob({ backfill: { rows: "all" } }),
    // @ts-expect-error: bounds have names of their own
    aJob({ limits: { rows: 5 } }),
    // @ts-expect-error: a job alone belongs to a pipeline
    new Job("items", { input, output }),
  ];
}

function aJob(fields: Partial<PipelineJob>): Pipeline {
  return new Pipeline("orders", {
    name: "Orders",
    cron: null,
    jobs: [{ input, output, ...fields }],
  });
}
