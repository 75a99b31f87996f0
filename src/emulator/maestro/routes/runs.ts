import { type Answer, detail, exception, gateway, ok } from "../answers.js";
import { canonical, runIdAsUuid, underscored } from "../ids.js";
import {
  type AuthorizedRequest,
  type MaestroWorld,
  type Route,
  requirePipeline,
} from "../route.js";
import type { Run } from "../store.js";
import type { Switches } from "../switches.js";
import { pipelineOfBody } from "./pipelines.js";

/** Execute, and the history of runs under the one path that is routed. */
export function runRoutes({ runListPath }: Switches): readonly Route[] {
  const runs = `/platform/pipeline/:pipelineId/${runListPath}`;
  const one = "/platform/pipeline/:pipelineId/pipeline_run/:runId";
  return [
    { access: "token", method: "POST", path: "/platform/pipeline/execute", handle: execute },
    { access: "token", method: "GET", path: runs, handle: list },
    { access: "token", method: "GET", path: one, handle: get },
  ];
}

function execute(request: AuthorizedRequest, world: MaestroWorld): Answer {
  const pipeline = pipelineOfBody(request, world, (words) => detail(400, words));
  if (pipeline.isPaused) {
    const traceback = "Cannot execute paused pipeline. Use /pipeline/unpause first.";
    throw exception(400, "PipelinePaused", traceback);
  }
  const run = world.runs.start(pipeline.id, "manual");
  const moment = new Date(run.createdAt).toISOString().replace(/\.\d+Z$/, "+00:00");
  return ok({
    status: true,
    data: {
      message: "Pipeline execution triggered successfully",
      pipeline_id: underscored(pipeline.id),
      run_id: `manual__${moment}`,
    },
  });
}

function list(request: AuthorizedRequest, world: MaestroWorld): Answer {
  const runs = listedRuns(request, world);
  return ok(runs.map((run) => describe(run, world.switches)));
}

function get(request: AuthorizedRequest, world: MaestroWorld): Answer {
  const id = canonical(request.params["runId"] ?? "").replaceAll("-", "");
  const run = listedRuns(request, world).find((one) => one.id === id);
  if (run === undefined) throw gateway(404, "Pipeline run not found", "Not Found");
  return ok(describe(run, world.switches));
}

/** Newest first. */
function listedRuns(request: AuthorizedRequest, world: MaestroWorld): readonly Run[] {
  const pipeline = requirePipeline(request.params["pipelineId"] ?? "", request, world);
  const latest = world.clock.now() - world.switches.runsListedLateMs;
  return world.store.runs
    .filter((run) => run.pipelineId === pipeline.id && run.createdAt <= latest)
    .toReversed();
}

function describe(run: Run, { runObjectStyle }: Switches): unknown {
  const isReference = runObjectStyle === "reference";
  const time = (moment: number) => {
    const iso = new Date(moment).toISOString();
    return isReference ? iso : iso.replace("Z", "000+00:00");
  };
  // The recorded objects have no `trace` at all; a failure without its reason would help nobody, so a failed run has it.
  const hasTrace = isReference || run.trace !== undefined;
  return {
    id: run.number,
    pipeline_run_id: isReference ? runIdAsUuid(run.id) : run.id,
    pipeline_id: underscored(run.pipelineId),
    last_status: run.status,
    created_at: time(run.createdAt),
    updated_at: time(run.updatedAt),
    ...(hasTrace ? { trace: run.trace ?? null } : {}),
  };
}
