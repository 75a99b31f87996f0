import type { z } from "zod";
import type { BackfillRequest } from "#src/domain/backfill-plan.js";
import { DadosferaError, type Trouble } from "#src/domain/errors.js";
import { type JobInputs, jobInputs } from "#src/domain/job.js";
import type { ChangeRecord, JournalEntry } from "#src/domain/journal.js";
import { type PipelineInputs, pipelineInputs } from "#src/domain/pipeline.js";
import type { Seen, WindowCounts } from "#src/domain/preflight.js";

/** The pipeline of the README's walkthrough. */
export const PIPELINE_ID = "7b8b3399-b8c0-4fc5-9116-142cd9f4e7ae";

type JobFields = Partial<Omit<z.input<typeof jobInputs>, "input">> & {
  readonly input?: Partial<z.input<typeof jobInputs>["input"]>;
};

/** The job of the walkthrough, five columns and an incremental cursor, with what a test says otherwise. */
export function aJob({ input, ...fields }: JobFields = {}): JobInputs {
  return jobInputs.parse({
    jobId: `${PIPELINE_ID}-0`,
    input: {
      connector: "jdbc",
      plugin: "mysql",
      tableSchema: "cadastros",
      tableName: "pedidos",
      loadType: "incremental",
      incrementalColumnName: "updated_at",
      incrementalColumnType: "timestamp",
      columnIncludeList: ["id", "valor", "updated_at"],
      authParameters: { authType: "connection_manager", configId: "config-1" },
      ...input,
    },
    output: { plugin: "dadosfera_snowflake" },
    primaryKeys: ["id"],
    __dadosfera: { urn: "urn:pulumi:dev::shop::dadosfera:Job::orders" },
    ...fields,
  });
}

/** A pipeline that loads these tables of `cadastros`. */
export function aPipeline(tables: readonly string[], id = PIPELINE_ID): PipelineInputs {
  const { jobId: _id, __dadosfera: _origin, ...job } = aJob();
  return pipelineInputs.parse({
    pipelineId: id,
    name: "Orders",
    cron: "@once",
    jobs: tables.map((tableName) => ({ ...job, input: { ...job.input, tableName } })),
    __dadosfera: { urn: "urn:pulumi:dev::shop::dadosfera:Pipeline::orders" },
  });
}

/** What a change of the walkthrough's job asks for: `telefone`, for the rows beyond a bookmark. */
export function aRequest(fields: Partial<BackfillRequest> = {}): BackfillRequest {
  const cursor = { column: "updated_at", type: "TIMESTAMP_NTZ" } as const;
  return {
    jobId: `${PIPELINE_ID}-0`,
    pipelineId: PIPELINE_ID,
    change: { kind: "columns", added: ["telefone"], filled: ["telefone"] },
    loadType: "incremental",
    strategy: "delete-first",
    table: { database: "DW", schema: "PUBLIC", name: "PEDIDOS" },
    window: { kind: "after", cursor, bookmark: "2025-12-17 16:49:00" },
    identity: { keys: ["id"], cursor },
    primaryKeys: ["id"],
    keepVersions: false,
    missingPercent: 1,
    backUpSchema: "PUBLIC",
    ...fields,
  };
}

/** A change whose journal holds these entries. */
export function aRecord(...entries: readonly JournalEntry[]): ChangeRecord {
  return { changeId: "7f3a", entries };
}

/** Each message as a person sees it, by line. */
export function linesOf(troubles: readonly Trouble[]): readonly (readonly string[])[] {
  return troubles.map((trouble) => new DadosferaError(trouble).message.split("\n"));
}

/** What a window of the walkthrough's table may hold. */
export function counted(counts: Partial<WindowCounts> = {}): WindowCounts {
  return { total: 1000, inWindow: 200, nullCursor: 0, atBookmark: 0, superseded: 0, ...counts };
}

/** A world in which nothing stands in the way of a change. */
export function seen(fields: Partial<Seen> = {}): Seen {
  return {
    pipelineName: "Orders",
    isPaused: false,
    missingPrivileges: [],
    counts: counted(),
    ...fields,
  };
}
