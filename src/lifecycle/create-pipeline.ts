import { DadosferaError, isDadosferaError } from "../domain/errors.js";
import type { JobCreation } from "../domain/job.js";
import type { PipelineInputs, PipelineOutputs } from "../domain/pipeline.js";
import type { PipelineCreate } from "../maestro/records.js";
import { pipelineDifferences } from "./adopt-pipeline.js";
import { followRuns, newRuns } from "./change/runs.js";
import type { Context } from "./context.js";
import { makeRoom } from "./existing-rows.js";
import { HalfMade } from "./half-made.js";

const RUN_SECONDS = 6 * 3600;

/** Creates a pipeline with all its jobs, or finds the one that an earlier, lost answer left. */
export async function createPipeline(
  inputs: PipelineInputs,
  isDerivedId: boolean,
  context: Context,
): Promise<PipelineOutputs> {
  const isThere = await refuseIfTaken(inputs, isDerivedId, context);
  if (!isThere) {
    await makeRoom(inputs, context);
    await send(inputs, context);
    context.report.info(`created pipeline "${inputs.name}" (${inputs.pipelineId})`);
  }
  await finishPipeline(inputs, "at creation", context);
  return inputs;
}

/** When a pipeline is finished: right after its creation, or at a later `up`, which runs it again if its first run failed. */
type Occasion = "at creation" | "later";

/** Brings a created pipeline to what is wanted: memory, pause, and for `@once` its first run. @throws `PIPELINE_HALF_MADE` */
export async function finishPipeline(
  inputs: PipelineInputs,
  occasion: Occasion,
  context: Context,
): Promise<void> {
  const { maestro } = context.doors;
  try {
    if (inputs.memoryMb !== undefined)
      await maestro.setPipelineMemory(inputs.pipelineId, inputs.memoryMb);
    if (inputs.paused === true) await maestro.pausePipeline(inputs.pipelineId);
    else if (inputs.cron === "@once") await firstRun(inputs, occasion, context);
  } catch (error) {
    throw new HalfMade(inputs, { cause: error });
  }
}

/** Creation with `@once` starts a run; it is followed. After a failed one, the next `up` starts another. */
async function firstRun(
  inputs: PipelineInputs,
  occasion: Occasion,
  context: Context,
): Promise<void> {
  const id = inputs.pipelineId;
  const patience = {
    seconds: inputs.timeouts?.run ?? RUN_SECONDS,
    startedAt: context.clock.elapsed(),
  };
  const before = await newRuns(id, [], context);
  if (before.some((run) => run.kind === "succeeded")) return;
  // A run that fails before it was looked at has failed all the same: at creation no run is known.
  const failures = before.filter((run) => run.kind === "failed").map((run) => run.runId);
  const known = occasion === "later" ? failures : [];
  if (known.length > 0 && known.length === before.length)
    await context.doors.maestro.executePipeline(id);
  const runs = await followRuns(id, { known }, patience, context);
  const failed = runs.find((run) => run.kind === "failed");
  if (failed === undefined) return context.report.info("its first run ended well");
  throw new DadosferaError({
    code: "RUN_FAILED",
    happened: `The first run ${failed.runId} of pipeline "${inputs.name}" (${id}) failed: ${failed.trace ?? "Maestro gives no trace"}.`,
    now: "The pipeline exists.",
    next: "Mend what the trace names, then run `pulumi up` again: it starts another run.",
  });
}

/** True if the pipeline is there because an earlier create of ours lost its answer. */
async function refuseIfTaken(
  inputs: PipelineInputs,
  isDerivedId: boolean,
  context: Context,
): Promise<boolean> {
  const { maestro } = context.doors;
  const live = await maestro.findPipeline(inputs.pipelineId);
  if (live !== undefined) {
    const differences = await pipelineDifferences(
      live,
      { ...inputs, paused: live.status === "paused" },
      context,
    );
    if (isDerivedId && differences.length === 0) return true;
    throw exists(inputs, `a pipeline of this id exists already ("${live.name}")`, differences);
  }
  const namesake = (await maestro.listPipelines()).find((each) => each.name === inputs.name);
  if (namesake === undefined) return false;
  throw exists(inputs, `a pipeline of this name exists already (${namesake.id})`, []);
}

/** A lost answer is settled by looking: the id is ours, and known. */
async function send(inputs: PipelineInputs, { doors }: Context): Promise<void> {
  try {
    await doors.maestro.createPipeline(creationOf(inputs));
  } catch (error) {
    if (!isDadosferaError(error) || error.code !== "MAESTRO_OUTCOME_UNKNOWN") throw error;
    if ((await doors.maestro.findPipeline(inputs.pipelineId)) === undefined) throw error;
  }
}

function creationOf({ pipelineId, name, description, cron, jobs }: PipelineInputs): PipelineCreate {
  return {
    id: pipelineId,
    name,
    ...(description !== undefined && { description }),
    cron,
    jobs: jobs.map(jobCreate),
  };
}

function jobCreate({
  input,
  output,
  transformations,
  memoryMb,
  primaryKeys,
}: JobCreation): PipelineCreate["jobs"][number] {
  // Maestro's input has no place for keys that serve our verification only.
  const keys =
    input.loadType === "incremental_with_qualify" && primaryKeys !== undefined
      ? { primaryKeys }
      : {};
  return {
    input: {
      ...input,
      ...keys,
      ...(memoryMb !== undefined && { memoryAllocationMb: memoryMb }),
    } as PipelineCreate["jobs"][number]["input"],
    transformations: transformations ?? [],
    output: output as PipelineCreate["jobs"][number]["output"],
  };
}

function exists(
  inputs: PipelineInputs,
  why: string,
  differences: readonly string[],
): DadosferaError {
  return new DadosferaError({
    code: "PIPELINE_EXISTS",
    happened: `Did not create pipeline "${inputs.name}" (${inputs.pipelineId}): ${why}.`,
    now: `Nothing was changed.${differences.length === 0 ? "" : ` It differs from the program: ${differences.join(" ")}`}`,
    next: "To take it into this stack, give its `pipelineId` and `adopt: true`. If this resource was renamed in the program, name the old one in `aliases`. Otherwise choose another name or id.",
  });
}
