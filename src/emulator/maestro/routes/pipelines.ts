import { customerId } from "../accounts.js";
import { type Answer, detail, exception, ok, type Problem, type Refusal } from "../answers.js";
import { BodyReader } from "../body-reader.js";
import { parsePipeline, parseSchedule } from "../definition.js";
import { underscored } from "../ids.js";
import {
  type AuthorizedRequest,
  findPipeline,
  type MaestroWorld,
  type Route,
  requirePipeline,
} from "../route.js";
import type { Job, Pipeline } from "../store.js";
import { memoryOf } from "./memory.js";

const CHANGEABLE = ["name", "description", "cron"];
const DEFAULT_MEMORY_MB = 2048;

export const pipelineRoutes: readonly Route[] = [
  { access: "token", method: "GET", path: "/platform/pipelines", handle: list },
  { access: "token", method: "POST", path: "/platform/pipeline", handle: create },
  { access: "token", method: "GET", path: "/platform/pipeline/:pipelineId", handle: get },
  { access: "token", method: "PATCH", path: "/platform/pipeline/:pipelineId", handle: patch },
  { access: "token", method: "DELETE", path: "/platform/pipeline/:pipelineId", handle: remove },
  { access: "token", method: "POST", path: "/platform/pipeline/pause", handle: pause },
  { access: "token", method: "POST", path: "/platform/pipeline/unpause", handle: unpause },
  { access: "token", method: "PUT", path: "/platform/pipeline/:pipelineId/memory", handle: memory },
];

/** The pipeline that a body of `{pipeline_id}` names; `refuse` makes the answer to a body that names none. */
export function pipelineOfBody(
  request: AuthorizedRequest,
  world: MaestroWorld,
  refuse: (words: string) => Refusal,
): Pipeline {
  const id = new BodyReader(request.body ?? {}).fields["pipeline_id"];
  if (typeof id !== "string" || id === "") throw refuse("pipeline_id is required");
  return requirePipeline(id, request, world);
}

function list(request: AuthorizedRequest, { store }: MaestroWorld): Answer {
  const tenant = customerId(request.account);
  const pipelines = store.pipelines.filter((pipeline) => pipeline.customerId === tenant);
  return ok(
    pipelines.map((pipeline) => ({
      id: pipeline.number,
      pipeline_id: underscored(pipeline.id),
      customer_id: pipeline.customerId,
      user_id: pipeline.userId,
      name: pipeline.name,
      description: pipeline.description,
      cron: pipeline.cron,
      last_status: pipeline.lastStatus,
      jobs: store.jobsOf(pipeline.id).map(describeListedJob),
    })),
  );
}

function describeListedJob(job: Job): unknown {
  const { connector, plugin, table_name } = job.input;
  return {
    id: job.number,
    job_id: underscored(job.id),
    job_status: job.status,
    input: { connector, plugin, table_name },
    output: { plugin: "dadosfera_snowflake", raw: job.output.raw },
  };
}

function create(request: AuthorizedRequest, world: MaestroWorld): Answer {
  const { store, clock, runs } = world;
  const { jobs, ...definition } = parsePipeline(request.body);
  refuseTaken(definition.name, request, world);
  if (store.findPipeline(definition.id) !== undefined) {
    throw detail(400, `pipeline_id ${underscored(definition.id)} already exists`);
  }
  const now = clock.now();
  const pipeline: Pipeline = {
    ...definition,
    number: store.nextNumber(),
    cronBefore: undefined,
    isPaused: false,
    customerId: customerId(request.account),
    userId: request.account.username,
    lastStatus: "CREATED",
    createdAt: now,
    updatedAt: now,
  };
  store.addPipeline(
    pipeline,
    jobs.map((job, index) => ({
      ...job,
      id: `${pipeline.id}-${index}`,
      number: store.nextNumber(),
      pipelineId: pipeline.id,
      index,
      status: "PENDING",
      bookmark: undefined,
      memoryMb: DEFAULT_MEMORY_MB,
    })),
  );
  if (pipeline.cron === "@once") runs.start(pipeline.id, "once");
  return acknowledge("Pipeline created successfully", pipeline);
}

function refuseTaken(name: string, request: AuthorizedRequest, { store }: MaestroWorld): void {
  const tenant = customerId(request.account);
  if (store.pipelines.some((one) => one.customerId === tenant && one.name === name)) {
    throw detail(400, `Pipeline with name ${name} already exists`);
  }
}

function get(request: AuthorizedRequest, world: MaestroWorld): Answer {
  const pipeline = requirePipeline(request.params["pipelineId"] ?? "", request, world);
  return ok({
    status: true,
    data: {
      id: underscored(pipeline.id),
      name: pipeline.name,
      description: pipeline.description,
      cron: pipeline.cron,
      customer_id: pipeline.customerId,
      status: pipeline.isPaused ? "paused" : "active",
      created_at: new Date(pipeline.createdAt).toISOString(),
      updated_at: new Date(pipeline.updatedAt).toISOString(),
      jobs: world.store.jobsOf(pipeline.id).map(describeJob),
    },
  });
}

function describeJob(job: Job): unknown {
  const { connector, plugin, table_schema, table_name, load_type } = job.input;
  const { incremental_column_name = null, incremental_column_type = null } = job.input;
  return {
    job_id: underscored(job.id),
    job_name: `${table_schema}_${table_name}`,
    input: {
      connector,
      plugin,
      table_schema,
      table_name,
      load_type,
      incremental_column_name,
      incremental_column_type,
    },
    output: { plugin: "dadosfera_snowflake", table_name: job.output.raw.table_name },
  };
}

function patch(request: AuthorizedRequest, world: MaestroWorld): Answer {
  const id = request.params["pipelineId"] ?? "";
  const pipeline = findPipeline(id, request, world);
  if (pipeline === undefined) throw detail(404, `pipeline_id ${underscored(id)} not found`);
  const reader = new BodyReader(request.body);
  const fixed = Object.keys(reader.fields).find((name) => !CHANGEABLE.includes(name));
  if (fixed !== undefined) throw detail(400, `Property ${fixed} is read only`);
  if (Object.keys(reader.fields).length === 0) reader.problem([], "at least one field is required");
  const name = "name" in reader.fields ? reader.text("name") : pipeline.name;
  const description = reader.optionalText("description");
  const cron = parseSchedule(reader);
  reader.finish(asDetail);
  if (name !== pipeline.name) refuseTaken(name, request, world);
  const now = world.clock.now();
  world.store.changePipeline(pipeline.id, {
    name,
    updatedAt: now,
    ...(description === undefined ? {} : { description }),
    ...(cron === undefined ? {} : rescheduled(pipeline, cron, world)),
  });
  if (cron === "@once" && world.switches.onceRestoredRuns) world.runs.start(pipeline.id, "once");
  const spelled = underscored(pipeline.id);
  return ok({ detail: `successfully patched the item of the pipeline_id: ${spelled}` });
}

/** This operation refuses in the plain shape, with 400: of a 422 its reference says nothing. */
function asDetail(problems: readonly Problem[]): Refusal {
  return detail(400, problems.map(({ loc, msg }) => `${loc.join(".")}: ${msg}`).join("; "));
}

function rescheduled(
  pipeline: Pipeline,
  cron: string | null,
  { clock, switches }: MaestroWorld,
): Pick<Pipeline, "cron" | "cronBefore"> {
  const until = clock.now() + (cron === null ? switches.cronNullObeyedLateMs : 0);
  return { cron, cronBefore: { cron: pipeline.cron, until } };
}

function remove(request: AuthorizedRequest, world: MaestroWorld): Answer {
  if (request.headers["customer_name"] !== request.account.customerName) {
    return { status: 401, body: { msg: "Unauthorized" } };
  }
  const id = request.params["pipelineId"] ?? "";
  const pipeline = findPipeline(id, request, world);
  if (pipeline === undefined) throw detail(404, `pipeline_id ${underscored(id)} not found!!`);
  world.store.removePipeline(pipeline.id);
  return ok({ pipeline_id: underscored(pipeline.id), status: "PIPELINE_DELETED" });
}

function pause(request: AuthorizedRequest, world: MaestroWorld): Answer {
  const pipeline = pipelineOfBody(request, world, asException);
  if (pipeline.isPaused) {
    throw exception(400, "PipelineAlreadyPaused", "Pipeline is already paused");
  }
  world.store.changePipeline(pipeline.id, { isPaused: true, updatedAt: world.clock.now() });
  return acknowledge("Pipeline paused successfully", pipeline);
}

/** Every 400 of pause and unpause has the platform's other shape. */
function asException(words: string): Refusal {
  return exception(400, "ValidationError", words);
}

function unpause(request: AuthorizedRequest, world: MaestroWorld): Answer {
  const pipeline = pipelineOfBody(request, world, asException);
  if (!pipeline.isPaused) throw exception(400, "PipelineNotPaused", "Pipeline is not paused");
  world.store.changePipeline(pipeline.id, { isPaused: false, updatedAt: world.clock.now() });
  return acknowledge("Pipeline unpaused successfully", pipeline);
}

function memory(request: AuthorizedRequest, world: MaestroWorld): Answer {
  const pipeline = requirePipeline(request.params["pipelineId"] ?? "", request, world);
  const memoryMb = memoryOf(request.body);
  for (const job of world.store.jobsOf(pipeline.id)) world.store.changeJob(job.id, { memoryMb });
  return acknowledge("Pipeline memory updated successfully", pipeline, { memory_mb: memoryMb });
}

function acknowledge(message: string, pipeline: Pipeline, more: object = {}): Answer {
  return ok({
    status: true,
    data: { message, pipeline_id: underscored(pipeline.id), ...more },
  });
}
