import type { JobId, PipelineId } from "../domain/job-id.js";

/** A JSON object that Maestro keeps for the user, and that we pass on as it is. */
type Opaque = Readonly<Record<string, unknown>>;

interface AuthParameters {
  readonly authType: string;
  /** The stored connection. */
  readonly configId: string;
}

interface TableTarget {
  readonly tableName: string;
  readonly tableSchema: string;
}

/** What a job of a relational source extracts, as it is sent on creation. */
export interface JobInput {
  readonly connector: "jdbc";
  readonly plugin: string;
  readonly tableSchema: string;
  readonly tableName: string;
  readonly loadType: "full_load" | "incremental" | "incremental_with_qualify";
  readonly incrementalColumnName?: string;
  /** The native name of the cursor's type. */
  readonly incrementalColumnType?: string;
  readonly primaryKeys?: readonly string[];
  /** Left out or null: all columns. */
  readonly columnIncludeList?: readonly string[] | null;
  readonly memoryAllocationMb?: number;
  readonly networkConfig?: Opaque | null;
  readonly authParameters: AuthParameters;
}

export interface JobCreate {
  readonly input: JobInput;
  readonly transformations: readonly Opaque[];
  readonly output: {
    readonly plugin: "dadosfera_snowflake";
    readonly raw?: TableTarget;
    readonly qualify?: TableTarget;
  };
}

export interface PipelineCreate {
  readonly id: PipelineId;
  readonly name: string;
  readonly description?: string;
  /** Five fields, `@once`, or null for manual runs only. */
  readonly cron: string | null;
  readonly jobs: readonly JobCreate[];
}

export interface PipelinePatch {
  readonly name?: string;
  readonly description?: string;
  readonly cron?: string | null;
}

export interface SyncMode {
  readonly targetLoadType: JobInput["loadType"];
  readonly incrementalColumnName?: string;
  readonly incrementalColumnType?: string;
  readonly primaryKeys?: readonly string[];
  /** Goes ahead despite Maestro's warnings. */
  readonly force?: boolean;
}

/** A job's input as Maestro shows it; how much of it differs from one operation to the next, and from one connector to another. */
export interface JobInputRecord {
  readonly connector?: string;
  readonly plugin?: string;
  readonly tableSchema?: string;
  readonly tableName?: string;
  readonly loadType?: string;
  readonly incrementalColumnName?: string;
  readonly incrementalColumnType?: string;
  readonly primaryKeys?: readonly string[];
  /** null: all columns; left out: this operation does not say. */
  readonly columnIncludeList?: readonly string[] | null;
  readonly memoryAllocationMb?: number;
  readonly networkConfig?: Opaque;
  readonly authParameters?: AuthParameters;
}

/** Where a job writes: the raw table. The schema is known only if the answer has it. */
export interface OutputRecord {
  readonly plugin?: string;
  readonly tableName?: string;
  readonly tableSchema?: string;
}

export interface PipelineRecord {
  readonly id: PipelineId;
  readonly name: string;
  readonly description?: string;
  readonly cron: string | null;
  /** `active`, `paused` or `error`, or a word that Maestro adds later. */
  readonly status: string;
  readonly jobs: readonly {
    readonly id: JobId;
    readonly input: JobInputRecord;
    readonly output: OutputRecord;
  }[];
}

export interface PipelineSummary {
  readonly id: PipelineId;
  readonly name: string;
  readonly description?: string;
  readonly cron: string | null;
  /** `CREATED`, `RUNNING`, `SUCCESS`, `FAILED`, or another word; left out if Maestro does not say. */
  readonly lastStatus?: string;
  readonly jobs: readonly { readonly id: JobId; readonly rawTable?: TableTarget }[];
}

export interface RunRecord {
  /** As Maestro spells it: opaque. */
  readonly runId: string;
  readonly status: string;
  /** `running` is every status but `SUCCESS` and `FAILED`: not final. */
  readonly kind: "running" | "succeeded" | "failed";
  readonly createdAt: string;
  readonly updatedAt?: string;
  /** Why it failed. */
  readonly trace?: string;
}

export interface JobRecord {
  readonly id: JobId;
  readonly pipelineId: PipelineId;
  readonly pipelineName?: string;
  readonly cron?: string | null;
  readonly jobName?: string;
  readonly connector: string;
  readonly plugin: string;
  readonly tableSchema: string;
  readonly tableName: string;
  /** null: all columns, those to come too. */
  readonly columnIncludeList: readonly string[] | null;
  /** `full_load`, `incremental` or `incremental_with_qualify`, or a word that Maestro adds later. */
  readonly loadType: string;
  readonly incrementalColumnName?: string;
  /** Native (`timestamp`), or one of the coarse words `number`, `date`, `timestamp`. */
  readonly incrementalColumnType?: string;
  readonly primaryKeys?: readonly string[];
  readonly memoryAllocationMb?: number;
  readonly networkConfig?: Opaque;
  readonly authParameters?: AuthParameters;
  readonly transformations?: readonly Opaque[];
  /** The raw table's name, without its schema. */
  readonly destinationTable: string;
}

/** A job with what Maestro says of it that nothing here knows. */
export interface ShownJob {
  readonly record: JobRecord;
  /** `input.<field>` or `output.<field>`, as Maestro spells it; those without a value left out. */
  readonly unknownFields: readonly string[];
}

/** All pipelines of the tenant. */
export interface Inventory {
  readonly pipelines: readonly PipelineSummary[];
  /** Those whose id is no UUID: made by other means, and nothing that a program can name. */
  readonly others: readonly { readonly id: string; readonly name: string }[];
}
