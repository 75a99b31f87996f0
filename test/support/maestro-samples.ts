import { jobIdAt, pipelineId } from "#src/domain/job-id.js";
import { refused } from "./scripted-maestro.js";

/** The ids and answers of the behaviour notes, with their invented values. */
export const PIPELINE = pipelineId.parse("5e0c9a41-2d7f-4b86-a3c4-9f61d208be73");
export const JOB = jobIdAt(PIPELINE, 0);
export const PIPELINE_PATH = `/platform/pipeline/${PIPELINE}`;
export const JOB_PATH = `/platform/jobs/jdbc/${JOB}`;
export const SPELLED_OTHERWISE = JOB.replaceAll("-", "_");

export const jobSample = {
  id: "5e0c9a41_2d7f_4b86_a3c4_9f61d208be73",
  name: "Itens de estoque",
  description: "Estoque por loja",
  cron: "@once",
  customer_id: "exemplo_varejo",
  job_name: "estoque_itens",
  source_config: {
    connector: "jdbc",
    plugin: "mysql",
    table_schema: "estoque",
    table_name: "itens",
    column_include_list: ["item_id", "loja_id", "saldo", "alterado_em"],
    load_type: "incremental",
    incremental_column_name: "alterado_em",
    incremental_column_type: "timestamp",
    primary_keys: null,
  },
  output_config: { plugin: "dadosfera_snowflake", table_name: "tb__magjwo__estoque__itens" },
};

export const pipelineSample = {
  status: true,
  data: {
    id: "5e0c9a41_2d7f_4b86_a3c4_9f61d208be73",
    name: "Itens de estoque",
    description: "Estoque por loja",
    cron: "15 3 * * *",
    customer_id: "exemplo_varejo",
    status: "active",
    jobs: [
      {
        job_id: "5e0c9a41_2d7f_4b86_a3c4_9f61d208be73_0",
        job_name: "estoque_itens",
        input: {
          connector: "jdbc",
          plugin: "mysql",
          table_schema: "estoque",
          table_name: "itens",
          load_type: "incremental",
          incremental_column_name: "alterado_em",
          incremental_column_type: "timestamp",
        },
        output: { plugin: "dadosfera_snowflake", table_name: "tb__magjwo__estoque__itens" },
      },
    ],
  },
};

export const pipelinesSample = [
  {
    id: 318,
    pipeline_id: "5e0c9a41_2d7f_4b86_a3c4_9f61d208be73",
    customer_id: "exemplo_varejo",
    name: "Itens de estoque",
    description: "Estoque por loja",
    cron: "15 3 * * *",
    last_status: "SUCCESS",
    jobs: [
      {
        id: 902,
        job_id: "5e0c9a41_2d7f_4b86_a3c4_9f61d208be73_0",
        job_status: "SUCCESS",
        input: { connector: "jdbc", plugin: "mysql", table_name: "itens" },
        output: {
          plugin: "dadosfera_snowflake",
          raw: { table_name: "tb__magjwo__estoque__itens", table_schema: "PUBLIC" },
        },
      },
    ],
  },
];

export const recordedRun = {
  id: 4410,
  pipeline_run_id: "0f3ad1c2b4e59687a7c8d9e0f1a2b3c4",
  pipeline_id: "5e0c9a41_2d7f_4b86_a3c4_9f61d208be73",
  last_status: "SUCCESS",
  created_at: "2026-03-10T14:02:33.118204+00:00",
  updated_at: "2026-03-10T14:06:05.900417+00:00",
};

export const referenceRun = {
  id: 4411,
  pipeline_run_id: "9b1e20d4_77c3_4a5f_8e61_0c2d3e4f5a6b",
  pipeline_id: "5e0c9a41_2d7f_4b86_a3c4_9f61d208be73",
  last_status: "FAILED",
  created_at: "2026-03-11T03:15:00.000Z",
  updated_at: "2026-03-11T03:21:48.000Z",
  trace: "Source refused the connection: access denied for user etl",
};

export const UNKNOWN_JOB = refused(404, { detail: `job_id ${SPELLED_OTHERWISE} not found` });
export const UNKNOWN_PIPELINE = refused(404, {
  detail: {
    status: false,
    exception_type: "PipelineNotFound",
    traceback: "Pipeline with id … not found",
    data: null,
  },
});
