import { canonicalJson } from "./canonical-json.js";
import { sameColumns } from "./changes.js";
import { type JobCreation, loadedColumns } from "./job.js";

/** A job as Maestro shows it, as far as a program can say it too. */
export interface LiveJob {
  readonly plugin: string;
  readonly tableSchema: string;
  readonly tableName: string;
  readonly loadType: string;
  readonly incrementalColumnName?: string;
  readonly primaryKeys?: readonly string[];
  readonly columnIncludeList: readonly string[] | null;
}

/** What a program would have to say to equal what is live, a line per difference, to paste; none if it does. */
export function differencesOf(
  live: LiveJob,
  job: JobCreation & { readonly retainedColumns?: readonly string[] | undefined },
): readonly string[] {
  const { input } = job;
  const listed = loadedColumns(job);
  const columns = live.columnIncludeList;
  const isSameList =
    columns === null ? listed === undefined : listed !== undefined && sameColumns(columns, listed);
  const fields: readonly (readonly [string, unknown, unknown])[] = [
    ["plugin", live.plugin, input.plugin],
    ["tableSchema", live.tableSchema, input.tableSchema],
    ["tableName", live.tableName, input.tableName],
    ["loadType", live.loadType, input.loadType],
    [
      "incrementalColumnName",
      live.incrementalColumnName ?? null,
      input.incrementalColumnName ?? null,
    ],
    ...(input.loadType === "incremental_with_qualify"
      ? ([["primaryKeys", live.primaryKeys ?? null, job.primaryKeys ?? null]] as const)
      : []),
  ];
  return [
    ...fields
      .filter(([, one, other]) => canonicalJson(one) !== canonicalJson(other))
      .map(([name, one]) => `${name}: ${JSON.stringify(one)},`),
    ...(isSameList ? [] : [`columnIncludeList: ${JSON.stringify(columns)},`]),
  ];
}

/** Columns that Maestro loads although the program never asked for them. */
export function extraColumnsOf(
  live: LiveJob,
  job: Pick<JobCreation, "input"> & { readonly retainedColumns?: readonly string[] | undefined },
): readonly string[] {
  const listed = loadedColumns(job);
  if (listed === undefined || live.columnIncludeList === null) return [];
  return live.columnIncludeList.filter((column) => !listed.includes(column));
}
