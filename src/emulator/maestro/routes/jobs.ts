import { type Answer, detail, invalid, ok } from "../answers.js";
import { BodyReader } from "../body-reader.js";
import { ALLOWED_CURSOR_TYPES, coarseCursorType } from "../cursor-types.js";
import { LOAD_TYPES, missingCompanions, parseInputPatch } from "../definition.js";
import { underscored } from "../ids.js";
import { type AuthorizedRequest, type MaestroWorld, type Route, requireJob } from "../route.js";
import type { Job, JobInput, LoadType } from "../store.js";
import type { Switches } from "../switches.js";
import { memoryOf } from "./memory.js";

/** The operations on one job; sync-mode under the methods that are routed. */
export function jobRoutes(switches: Switches): readonly Route[] {
  const datatypes = "/platform/jobs/jdbc/configs/allowed_datatypes";
  return [
    {
      access: "token",
      method: "GET",
      path: datatypes,
      handle: () => ok({ status: true, data: ALLOWED_CURSOR_TYPES }),
    },
    { access: "token", method: "GET", path: "/platform/jobs/jdbc/:jobId", handle: get },
    { access: "token", method: "PATCH", path: "/platform/jobs/:jobId/input", handle: patchInput },
    { access: "token", method: "POST", path: "/platform/jobs/:jobId/reset-state", handle: reset },
    { access: "token", method: "PUT", path: "/platform/jobs/:jobId/memory", handle: memory },
    ...syncModeRoutes(switches),
  ];
}

function syncModeRoutes({ syncModeMethod, unroutedMethodStatus }: Switches): readonly Route[] {
  const path = "/platform/jobs/jdbc/:jobId/sync-mode";
  return ["POST", "PUT"].flatMap((method): readonly Route[] => {
    const isRouted = syncModeMethod === "both" || syncModeMethod.toUpperCase() === method;
    if (isRouted) return [{ access: "token", method, path, handle: syncMode }];
    const refuse = () => ({ status: 405, body: { detail: "Method Not Allowed" } });
    return unroutedMethodStatus === 405 ? [{ access: "public", method, path, handle: refuse }] : [];
  });
}

function get(request: AuthorizedRequest, world: MaestroWorld): Answer {
  const { job, pipeline } = requireJob(request, world);
  const { input, output } = job;
  const type = input.incremental_column_type ?? null;
  const isReference = world.switches.jobObjectStyle === "reference";
  const isCoarse = world.switches.cursorTypeOnRead === "coarse" && type !== null;
  return ok({
    id: underscored(pipeline.id),
    name: pipeline.name,
    description: pipeline.description,
    cron: pipeline.cron,
    customer_id: pipeline.customerId,
    job_name: `${input.table_schema}_${input.table_name}`,
    source_config: {
      connector: input.connector,
      plugin: input.plugin,
      table_schema: input.table_schema,
      table_name: input.table_name,
      column_include_list: input.column_include_list ?? null,
      load_type: input.load_type,
      incremental_column_name: input.incremental_column_name ?? null,
      incremental_column_type: isCoarse ? coarseCursorType(type) : type,
      primary_keys: input.primary_keys ?? null,
      ...(isReference && {
        network_config: input["network_config"] ?? null,
        auth_parameters: input["auth_parameters"],
      }),
    },
    ...(isReference && { transformations: job.transformations }),
    output_config: { plugin: "dadosfera_snowflake", table_name: output.raw.table_name },
  });
}

function patchInput(request: AuthorizedRequest, world: MaestroWorld): Answer {
  const { job } = requireJob(request, world);
  const change = parseInputPatch(request.body);
  const united = uniteColumns(job.input, change, world.switches);
  const input: JobInput = { ...job.input, ...change, ...united };
  const bookmark = world.switches.patchInputClearsState ? undefined : job.bookmark;
  world.store.changeJob(job.id, { input, bookmark });
  return ok({
    status: true,
    detail: `Successfully updated input fields for job_id ${underscored(job.id)}`,
    updated_fields: [...Object.keys(change), "info"],
  });
}

function uniteColumns(
  { column_include_list: stored }: JobInput,
  { column_include_list: sent }: Partial<JobInput>,
  { patchedNullList }: Switches,
): Pick<JobInput, "column_include_list"> | undefined {
  if (sent === undefined || sent === null) return undefined;
  const isAll = stored === undefined || stored === null;
  if (isAll && patchedNullList === "stays") return { column_include_list: null };
  return { column_include_list: [...new Set([...(stored ?? []), ...sent])] };
}

function reset(request: AuthorizedRequest, world: MaestroWorld): Answer {
  const { job } = requireJob(request, world);
  // Anything but an object, or no value in it, must not pass for no body: that would clear the state.
  const reader = new BodyReader(request.body === undefined ? {} : request.body);
  reader.finish();
  const value = reader.fields["incremental_column_value"];
  const done = `Successfully reset state for job_id ${underscored(job.id)}`;
  if (value === undefined) {
    world.store.changeJob(job.id, { bookmark: undefined });
    const message = "Next job execution will start from beginning (full load/extraction)";
    return ok({ status: true, detail: done, message });
  }
  if (typeof value !== "string" && typeof value !== "number") {
    const loc = ["body", "incremental_column_value"];
    throw invalid([{ loc, msg: "str or number type expected", type: "type_error" }]);
  }
  world.store.changeJob(job.id, { bookmark: bookmarkOf(value, world.switches) });
  return ok({ status: true, detail: done, incremental_column_value: value, state: {} });
}

function bookmarkOf(value: string | number, { resetTruncatesFractions }: Switches): string {
  return resetTruncatesFractions ? String(value).replace(/\.\d+/, "") : String(value);
}

function syncMode(request: AuthorizedRequest, world: MaestroWorld): Answer {
  const { job } = requireJob(request, world);
  const reader = new BodyReader(request.body);
  const target = reader.oneOf("target_load_type", LOAD_TYPES);
  reader.optionalText("incremental_column_name");
  reader.optionalText("incremental_column_type");
  const keys = reader.optionalTexts("primary_keys");
  if (keys?.length === 0 && target !== "incremental_with_qualify") {
    reader.problem("primary_keys", "ensure this value has at least 1 items");
  }
  reader.optionalFlag("force");
  reader.finish();
  if (target === undefined) throw detail(400, "target_load_type is required");
  const problems = missingCompanions(target, job.input.plugin, reader.fields);
  if (problems.length > 0) {
    throw detail(400, problems.map(([field, problem]) => `${field}: ${problem}`).join("; "));
  }
  world.store.changeJob(job.id, migrate(job, target, reader.fields as Partial<JobInput>));
  return ok({
    status: true,
    detail: `Successfully updated sync mode for job_id ${underscored(job.id)}`,
    load_type: target,
  });
}

/** Between the two incremental types the bookmark is kept; to or from `full_load` the next run extracts everything. */
function migrate(job: Job, target: LoadType, sent: Partial<JobInput>): Partial<Job> {
  const isKept = target !== "full_load" && job.input.load_type !== "full_load";
  const companions =
    target === "full_load"
      ? { incremental_column_name: null, incremental_column_type: null, primary_keys: null }
      : {
          incremental_column_name: sent.incremental_column_name ?? null,
          incremental_column_type: sent.incremental_column_type ?? null,
          primary_keys: sent.primary_keys ?? job.input.primary_keys ?? null,
        };
  return {
    input: { ...job.input, ...companions, load_type: target },
    bookmark: isKept ? job.bookmark : undefined,
  };
}

function memory(request: AuthorizedRequest, world: MaestroWorld): Answer {
  const { job } = requireJob(request, world);
  const memoryMb = memoryOf(request.body);
  world.store.changeJob(job.id, { memoryMb });
  return ok({
    status: true,
    data: {
      message: "Job memory updated successfully",
      job_id: underscored(job.id),
      memory_mb: memoryMb,
    },
  });
}
