import type { JobCreation, LoadType } from "../domain/job.js";
import type { JobRecord, PipelineRecord } from "../maestro/records.js";
import type { Context } from "./context.js";

/** The jobs of a live pipeline, as a program would describe them. Connectors other than `jdbc` are left out. */
export async function liveJobs(
  live: PipelineRecord,
  { doors }: Context,
): Promise<readonly JobCreation[]> {
  const records = await Promise.all(live.jobs.map(({ id }) => doors.maestro.findJob(id)));
  return records
    .filter((record) => record?.connector === "jdbc")
    .map((record) => describe(record as JobRecord));
}

function describe(record: JobRecord): JobCreation {
  const {
    plugin,
    tableSchema,
    tableName,
    incrementalColumnName,
    incrementalColumnType,
    primaryKeys,
  } = record;
  return {
    input: {
      connector: "jdbc",
      plugin,
      tableSchema,
      tableName,
      loadType: record.loadType as LoadType,
      ...(incrementalColumnName !== undefined && { incrementalColumnName }),
      ...(incrementalColumnType !== undefined && { incrementalColumnType }),
      columnIncludeList: record.columnIncludeList,
      authParameters: {
        authType: "connection_manager",
        configId: record.authParameters?.configId ?? "unknown",
      },
    },
    output: { plugin: "dadosfera_snowflake" },
    ...(primaryKeys !== undefined && primaryKeys.length > 0 && { primaryKeys }),
  };
}
