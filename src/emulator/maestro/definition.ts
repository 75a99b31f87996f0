import { BodyReader } from "./body-reader.js";
import { isCursorType } from "./cursor-types.js";
import { canonical, defaultTableName, isPipelineId } from "./ids.js";
import { isCron } from "./schedule.js";
import type { Job, JobInput, LoadType, TableTarget } from "./store.js";

export const LOAD_TYPES: readonly LoadType[] = [
  "full_load",
  "incremental",
  "incremental_with_qualify",
];

/** The body of createPipeline, read. */
export interface PipelineDefinition {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly cron: string | null;
  readonly jobs: readonly Pick<Job, "input" | "output" | "transformations">[];
}

/** Reads a createPipeline body, or throws the 422 that names every problem. */
export function parsePipeline(body: unknown): PipelineDefinition {
  const reader = new BodyReader(body);
  const id = canonical(reader.text("id"));
  if (id !== "" && !isPipelineId(id)) {
    reader.problem("id", "value is not a valid uuid", "type_error.uuid");
  }
  const name = reader.text("name");
  const description = reader.optionalText("description") ?? null;
  const cron = parseSchedule(reader) ?? null;
  const jobs = reader.each("jobs");
  if (jobs.length === 0) reader.problem("jobs", "ensure this value has at least 1 items");
  const definition = { id, name, description, cron, jobs: jobs.map((job) => parseJob(id, job)) };
  reader.finish();
  return definition;
}

/** Five fields, `@once`, or null; undefined if the body has no `cron`. */
export function parseSchedule(reader: BodyReader): string | null | undefined {
  const cron = reader.nullableText("cron");
  if (typeof cron === "string" && cron !== "@once" && !isCron(cron)) {
    reader.problem("cron", "invalid cron expression");
  }
  return cron;
}

/** Which companion fields a load type asks for, and whether they are there: each problem is a field and a sentence. */
export function missingCompanions(
  loadType: LoadType,
  plugin: string,
  fields: Readonly<Record<string, unknown>>,
): readonly (readonly [field: string, problem: string])[] {
  if (loadType === "full_load") return [];
  const type = fields["incremental_column_type"];
  const keys = fields["primary_keys"];
  const problems: (readonly [string, string])[] = [];
  if (typeof fields["incremental_column_name"] !== "string") {
    problems.push(["incremental_column_name", "field required"]);
  }
  if (typeof type !== "string") problems.push(["incremental_column_type", "field required"]);
  else if (!isCursorType(plugin, type)) {
    problems.push(["incremental_column_type", `${type} is not an allowed datatype of ${plugin}`]);
  }
  if (loadType === "incremental_with_qualify" && !(Array.isArray(keys) && keys.length > 0)) {
    problems.push(["primary_keys", "field required"]);
  }
  return problems;
}

/** Reads the known fields of a PATCH input body by type only: Maestro overwrites without looking at what they mean. */
export function parseInputPatch(body: unknown): Partial<JobInput> {
  const reader = new BodyReader(body);
  const { fields } = reader;
  if (Object.keys(fields).length === 0) reader.problem([], "at least one field is required");
  reader.optionalTexts("column_include_list");
  if ("load_type" in fields) reader.oneOf("load_type", LOAD_TYPES);
  reader.optionalText("incremental_column_name");
  reader.optionalText("incremental_column_type");
  reader.optionalTexts("primary_keys");
  if ("memory_allocation_mb" in fields) reader.integer("memory_allocation_mb");
  if ("connector" in fields) reader.oneOf("connector", ["jdbc"]);
  for (const name of ["plugin", "table_schema", "table_name"])
    if (name in fields) reader.text(name);
  if ("auth_parameters" in fields) parseAuth(reader);
  reader.opaque("network_config");
  reader.finish();
  return fields as Partial<JobInput>;
}

function parseJob(
  pipelineId: string,
  reader: BodyReader,
): Pick<Job, "input" | "output" | "transformations"> {
  const input = parseInput(reader.within("input"));
  const output = reader.within("output");
  output.oneOf("plugin", ["dadosfera_snowflake"]);
  output.optionalText("table_name");
  const fallback = defaultTableName(pipelineId, input.table_schema, input.table_name);
  const raw = parseTarget(output, "raw", { table_name: fallback, table_schema: "PUBLIC" });
  const qualify = parseTarget(output, "qualify", {
    table_name: raw.table_name,
    table_schema: "STAGED",
  });
  const hasTransformations = "transformations" in reader.fields;
  const transformations = hasTransformations ? reader.each("transformations") : [];
  return {
    input,
    output: { raw, qualify },
    transformations: transformations.map(({ fields }) => fields),
  };
}

function parseInput(reader: BodyReader): JobInput {
  reader.oneOf("connector", ["jdbc"]);
  const plugin = reader.text("plugin");
  reader.text("table_schema");
  reader.text("table_name");
  reader.texts("column_include_list");
  reader.texts("primary_keys");
  reader.opaque("network_config");
  parseAuth(reader);
  const loadType = reader.oneOf("load_type", LOAD_TYPES);
  const missing = loadType === undefined ? [] : missingCompanions(loadType, plugin, reader.fields);
  for (const [field, problem] of missing) reader.problem(field, problem);
  return reader.fields as unknown as JobInput;
}

function parseAuth(reader: BodyReader): void {
  const auth = reader.within("auth_parameters");
  auth.oneOf("auth_type", ["connection_manager"]);
  auth.text("config_id");
}

function parseTarget(output: BodyReader, key: string, fallback: TableTarget): TableTarget {
  if (!(key in output.fields)) return fallback;
  const target = output.within(key);
  return {
    table_name: target.optionalText("table_name") ?? fallback.table_name,
    table_schema: target.optionalText("table_schema") ?? fallback.table_schema,
  };
}
