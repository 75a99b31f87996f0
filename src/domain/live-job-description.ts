import { differencesOf, type LiveJob } from "./adoption.js";
import { predictedTable } from "./destination-table.js";
import { type JobCreation, jobCreation } from "./job.js";
import type { JobId, PipelineId } from "./job-id.js";
import { quoted, refusalsOfJob, refused } from "./job-refusals.js";
import { credentialIn, type IsCredential } from "./secret-looks.js";

/** One job of a live pipeline, as far as Maestro shows it. */
export type SeenJob =
  | {
      readonly kind: "shown";
      readonly id: JobId;
      readonly job: ShownLiveJob;
      /** The raw table's schema, where the list of pipelines says it. */
      readonly rawSchema: string | undefined;
      /** What Maestro shows and programs have no word for. */
      readonly unknownFields: readonly string[];
    }
  | {
      readonly kind: "hidden";
      readonly id: JobId;
      /** As people name it, where it is known. */
      readonly table: string | undefined;
      readonly why: string;
    };

/** A job in all that Maestro may show of it. */
interface ShownLiveJob extends LiveJob {
  readonly connector: string;
  readonly incrementalColumnType?: string;
  readonly memoryAllocationMb?: number;
  readonly networkConfig?: Readonly<Record<string, unknown>>;
  readonly authParameters?: { readonly authType: string; readonly configId: string };
  readonly transformations?: readonly Readonly<Record<string, unknown>>[];
  readonly destinationTable: string;
}

/** What a program says of a job, and what it cannot say. */
interface JobDescription {
  /** Undefined where a program cannot say what the job is. */
  readonly creation: JobCreation | undefined;
  readonly table: string | undefined;
  readonly remarks: readonly string[];
  readonly isConnectionHidden: boolean;
}

/** Puts a live job into the words of a program that equals it. */
export function describeJob(
  seen: SeenJob,
  pipeline: PipelineId,
  isCredential: IsCredential,
): JobDescription {
  if (seen.kind === "hidden") return notDescribed(seen.table, seen.why);
  const { job } = seen;
  const name = `${job.tableSchema}.${job.tableName}`;
  const table = credentialIn(name, isCredential) === undefined ? name : undefined;
  if (job.connector !== "jdbc") {
    const what = `its connector is ${JSON.stringify(job.connector)}, and programs describe jobs of "jdbc" only`;
    return notDescribed(table, what);
  }
  const { left, remarks } = sayable(job, isCredential);
  const read = jobCreation.safeParse(wordsOf(left, seen, pipeline));
  const why = read.success
    ? whyNot(job, read.data, isCredential)
    : read.error.issues.map(({ path, message }) => `its \`${path.join(".")}\` ${message}`);
  const unknown = seen.unknownFields.map(
    (name) => `Maestro shows its field "${name}", for which programs have no word`,
  );
  return {
    creation: why.length === 0 ? read.data : undefined,
    table,
    remarks: [...why, ...remarks, ...unknown],
    isConnectionHidden: why.length === 0 && job.authParameters === undefined,
  };
}

function notDescribed(table: string | undefined, what: string): JobDescription {
  return { creation: undefined, table, remarks: [what], isConnectionHidden: false };
}

/** The job without what must not or cannot be written down, none of which an adoption compares. */
function sayable(job: ShownLiveJob, isCredential: IsCredential) {
  const { memoryAllocationMb, networkConfig, transformations, primaryKeys, ...rest } = job;
  const remarks: string[] = [];
  const unless = <T>(why: string | undefined, value: T): T | undefined => {
    if (value === undefined || why === undefined) return value;
    remarks.push(why);
    return undefined;
  };
  const secretIn = (what: string, value: unknown) => {
    const path = credentialIn(value, isCredential);
    return path && `its ${what} are left out, because "${path}" looks like a credential`;
  };
  const tooMuch = `its memory is ${memoryAllocationMb} MB, and programs ask for 12000 at most`;
  const missing = job.loadType === "incremental_with_qualify" ? [] : keysNotLoaded(job);
  const notLoaded = `its primary keys are left out, because it does not load ${quoted(missing)}`;
  const auth = rest.authParameters;
  if (auth !== undefined && auth.authType !== "connection_manager") {
    remarks.push(`its connection is of the kind ${JSON.stringify(auth.authType)}`);
  }
  const left: ShownLiveJob = {
    ...rest,
    ...given(
      "memoryAllocationMb",
      unless((memoryAllocationMb ?? 0) > MOST_MB ? tooMuch : undefined, memoryAllocationMb),
    ),
    ...given("networkConfig", unless(secretIn("network settings", networkConfig), networkConfig)),
    ...given(
      "transformations",
      unless(secretIn("transformations", transformations), transformations),
    ),
    ...given("primaryKeys", unless(missing.length > 0 ? notLoaded : undefined, primaryKeys)),
  };
  return { left, remarks };
}

const MOST_MB = 12_000;

/** A field, unless it has no value. */
function given<Name extends string, T>(name: Name, value: T | undefined) {
  return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: T };
}

function keysNotLoaded({ columnIncludeList, primaryKeys }: LiveJob): readonly string[] {
  return (primaryKeys ?? []).filter((key) => columnIncludeList?.includes(key) === false);
}

/** The candidate, in the order in which people write it. */
function wordsOf(
  job: ShownLiveJob,
  { rawSchema }: Extract<SeenJob, { kind: "shown" }>,
  pipeline: PipelineId,
): unknown {
  const { incrementalColumnName, incrementalColumnType, columnIncludeList, primaryKeys } = job;
  const { authParameters, networkConfig, transformations, memoryAllocationMb } = job;
  const isManaged = authParameters?.authType === "connection_manager";
  const input = {
    connector: job.connector,
    plugin: job.plugin,
    tableSchema: job.tableSchema,
    tableName: job.tableName,
    loadType: job.loadType,
    ...given("incrementalColumnName", incrementalColumnName),
    ...given("incrementalColumnType", incrementalColumnType),
    ...(columnIncludeList !== null && { columnIncludeList: [...new Set(columnIncludeList)] }),
    ...given("networkConfig", networkConfig),
    authParameters: {
      authType: "connection_manager",
      configId: isManaged ? authParameters.configId : UNKNOWN_CONNECTION,
    },
  };
  return {
    input,
    output: { plugin: "dadosfera_snowflake", ...rawOf(job, rawSchema, pipeline) },
    ...(transformations !== undefined && transformations.length > 0 && { transformations }),
    ...given("memoryMb", memoryAllocationMb),
    ...(primaryKeys !== undefined && primaryKeys.length > 0 && { primaryKeys }),
  };
}

/** What stands for a connection that Maestro does not show; only a creation would use it. */
const UNKNOWN_CONNECTION = "unknown";

/** The raw table's name and schema, where they are not the ones that Maestro gives by itself. */
function rawOf(
  { destinationTable, tableSchema, tableName }: ShownLiveJob,
  rawSchema: string | undefined,
  pipeline: PipelineId,
) {
  const expected = predictedTable(pipeline, { input: { tableSchema, tableName }, output: {} });
  // Letter case tells no two tables apart at the destination.
  const isGiven = destinationTable.toLowerCase() === expected.toLowerCase();
  const chosen = {
    ...(!isGiven && { tableName: destinationTable }),
    ...(rawSchema !== undefined && rawSchema !== "PUBLIC" && { tableSchema: rawSchema }),
  };
  return Object.keys(chosen).length === 0 ? {} : { raw: chosen };
}

/** Why the described job would be refused; nothing if it would not. */
function whyNot(live: LiveJob, job: JobCreation, isCredential: IsCredential): readonly string[] {
  const secret = credentialIn(job, isCredential);
  if (secret !== undefined) return [`its \`${secret}\` holds what looks like a credential`];
  const prefix = refused(job, "", "").happened.length - 1;
  const refusals = refusalsOfJob(job).map(({ happened }) =>
    happened.slice(prefix).replace(/\.$/, ""),
  );
  if (refusals.length > 0) return refusals;
  const differences = differencesOf(live, job);
  return differences.length === 0 ? [] : [`a program cannot equal it: ${differences.join(" ")}`];
}
