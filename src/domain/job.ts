import { z } from "zod";
import { jobId } from "./job-id.js";
import { sourceColumns } from "./source-table.js";

const text = z.string().min(1);
const columnName = text.max(255);
const columnNames = z.array(columnName).readonly();

/** How Maestro loads a table. */
export const loadType = z.enum(["full_load", "incremental", "incremental_with_qualify"]);
export type LoadType = z.infer<typeof loadType>;

/** Maestro's `input` of a JDBC job, in camelCase. */
const jdbcInput = z
  .strictObject({
    connector: z.literal("jdbc"),
    /** The source's database: `mysql`, `postgresql`, `oracle`, `sqlserver`. */
    plugin: text,
    tableSchema: text,
    tableName: text,
    loadType,
    /** The cursor: a column that grows with each insert and update. Required for both incremental load types. */
    incrementalColumnName: columnName.optional(),
    /** The cursor's native type at the source, for instance `timestamp`. */
    incrementalColumnType: text.optional(),
    /** Columns to extract; leave out (or null) for all of them. Their order means nothing. */
    columnIncludeList: columnNames.nullable().optional(),
    networkConfig: z.record(z.string(), z.unknown()).nullable().optional(),
    authParameters: z.strictObject({ authType: z.literal("connection_manager"), configId: text }),
  })
  .readonly();

const tableTarget = z.strictObject({ tableName: text, tableSchema: text }).partial().readonly();

/** Maestro's `output`: the destination. Names can be chosen at creation only. */
const jobOutput = z
  .strictObject({
    plugin: z.literal("dadosfera_snowflake"),
    raw: tableTarget.optional(),
    qualify: tableTarget.optional(),
  })
  .readonly();

/** What Maestro is told when it creates a job. */
const creation = {
  input: jdbcInput,
  output: jobOutput,
  transformations: z.array(z.record(z.string(), z.unknown())).readonly().optional(),
  /** Megabytes, 12000 at most. */
  memoryMb: z.int().min(1).max(12000).optional(),
  /** Required for `incremental_with_qualify`; on an `incremental` job it serves verification only. */
  primaryKeys: z.array(columnName).min(1).readonly().optional(),
};
export const jobCreation = z.strictObject(creation).readonly();
export type JobCreation = z.infer<typeof jobCreation>;

/** Where a backfill begins: rows whose cursor lies beyond this value are loaded again. `YYYY-MM-DD HH:MM:SS` in UTC, or a number. */
const bookmarkValue = z.union([text, z.number()]);

/** What happens to rows already loaded when columns are added. */
const backfill = z
  .strictObject({
    /** Exactly the columns that are being added. */
    columns: z.array(columnName).min(1).readonly(),
    /** `"none"`: they keep null; `"all"`; or those whose cursor lies beyond a value. */
    rows: z.union(
      [z.literal("none"), z.literal("all"), z.strictObject({ after: bookmarkValue }).readonly()],
      'is none of "none", "all" and { after: <cursor value> }',
    ),
    /**
     * For `incremental` jobs. `"delete-after"`, unless given: the old copies go once the new ones are there, so readers never
     * miss a row, and see some twice while the run lasts. `"delete-first"` deletes the rows, then loads them again.
     */
    strategy: z.enum(["delete-first", "delete-after"]).optional(),
  })
  .readonly();
export type Backfill = z.infer<typeof backfill>;

const limits = z
  .strictObject({
    /** Rows that a change may delete; 1,000,000 unless given. */
    deletedRows: z.int().min(0),
    /** Percent of the table's rows that a change may delete; 50 unless given, no bound for `"all"`. */
    deletedPercent: z.number().min(0).max(100),
    /** Percent of the window's keys that may fail to come back; 1, and never fewer than 10 keys. */
    missingPercent: z.number().min(0).max(100),
  })
  .partial()
  .readonly();

const backUp = z
  .strictObject({
    /** Days that a back-up is kept after a change; 7 unless given. */
    keepDays: z.number().min(0),
    /** The schema of the back-ups; the destination table's own unless given. */
    schema: text,
  })
  .partial()
  .readonly();

/** What steers changes of a job, without being part of it at Maestro. */
const policy = {
  backfill: backfill.optional(),
  /** Changing any of these repeats the backfill as it stands. */
  triggers: z.array(z.string()).readonly().optional(),
  /** Columns still loaded, because Maestro cannot stop loading them, but no longer wanted. */
  retainedColumns: columnNames.optional(),
  /**
   * The columns that the source table has, by name, or a table of `MigrationHistory.tables`. Added columns are checked against them
   * first; with a table, so are those that a migration removes, renames or retypes.
   */
  sourceColumns: sourceColumns.optional(),
  limits: limits.optional(),
  /** Put superseded versions of a key back as well. */
  keepVersions: z.boolean().optional(),
  backUp: backUp.optional(),
  /** Seconds to wait for a run; 6 hours unless given. */
  timeouts: z.strictObject({ run: z.number().positive() }).partial().readonly().optional(),
};

/** One job as a program describes it, inside a pipeline. */
const jobDefinition = z.strictObject({ ...creation, ...policy }).readonly();
/** The same as a program writes it. */
export type JobArguments = z.input<typeof jobDefinition>;

/** What the class tells the provider beside the arguments; the display hides keys with two underscores. */
export const origin = z.looseObject({ urn: text, organization: text.optional() }).readonly();

/** The inputs of a `Job` resource. `destinationTable` is filled in by `check`. */
export const jobInputs = z
  .strictObject({
    /** The pipeline's UUID, a hyphen, and the job's zero-based position. */
    jobId,
    ...creation,
    ...policy,
    destinationTable: text.optional(),
    __dadosfera: origin,
  })
  .readonly();
export type JobInputs = z.infer<typeof jobInputs>;

const count = z.number();

/** What the last change of rows did. Counts are rows; states that earlier releases wrote hold less. */
const lastChange = z
  .looseObject({
    changeId: text,
    columns: columnNames,
    outcome: z.enum(["done", "undone", "unfinished"]),
    /** `after <bookmark>`, `all` or `none`. */
    window: text.optional(),
    rowsBefore: count.optional(),
    deleted: count.optional(),
    /** Rows in the window after the run. */
    loaded: count.optional(),
    /** Rows whose key did not return, put back from the back-up. */
    putBack: count.optional(),
    versionsPutBack: count.optional(),
    /** Superseded versions that did not return; missing without `primaryKeys`. */
    versionsLost: count.optional(),
    /** Rows of the window that have a value, by added column as the table spells it. */
    filled: z.record(z.string(), count).readonly().optional(),
    /** The newest cursor after the run. */
    newest: text.optional(),
    runIds: z.array(z.string()).readonly().optional(),
    backUps: z.array(z.string()).readonly().optional(),
    /** How long each step took, in seconds, by the name of the journal's entry that ended it. */
    seconds: z.record(z.string(), z.number()).readonly().optional(),
  })
  .readonly();

export type LastChange = z.infer<typeof lastChange>;

/** Everything a `Job` resource keeps in the state; a reader of old states tolerates what it does not know. */
export const jobOutputs = z
  .looseObject({
    ...jobInputs.unwrap().shape,
    /** Columns that Maestro loads although the program never asked for them. */
    extraColumns: columnNames.optional(),
    lastChange: lastChange.optional(),
  })
  .readonly();
export type JobOutputs = z.infer<typeof jobOutputs>;

/** Every column that the job is meant to load, or undefined for all that the source has. */
export function loadedColumns(
  job: Pick<JobInputs, "input" | "retainedColumns">,
): readonly string[] | undefined {
  const listed = job.input.columnIncludeList ?? undefined;
  return listed && [...new Set([...listed, ...(job.retainedColumns ?? [])])];
}
