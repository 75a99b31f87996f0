import { createHash } from "node:crypto";
import { DadosferaError } from "../domain/errors.js";
import { type PipelineId, pipelineId } from "../domain/job-id.js";
import { refusalsOfJob } from "../domain/job-refusals.js";
import {
  changeableOf,
  type PipelineInputs,
  type PipelineNews,
  type PipelineOutputs,
  pipelineInputs,
} from "../domain/pipeline.js";
import { refusalsOfPipelineChange } from "../domain/pipeline-refusals.js";
import type { PipelineRecord } from "../maestro/records.js";
import { adoptPipeline } from "./adopt-pipeline.js";
import type { Context } from "./context.js";
import { createPipeline, finishPipeline } from "./create-pipeline.js";
import type { Lifecycle } from "./lifecycle.js";
import { liveJobs } from "./live-jobs.js";

/** The life of a Pipeline: name, description, cron, pause, memory; what its jobs own is theirs. */
export const pipeline: Lifecycle<PipelineNews, PipelineInputs, PipelineOutputs> = {
  check,
  diff,
  create,
  read,
  update,
  delete: remove,
};

function check(olds: PipelineInputs | undefined, news: PipelineNews) {
  const inputs = { ...news, pipelineId: news.pipelineId ?? olds?.pipelineId ?? derivedId(news) };
  // Of an existing pipeline each job refuses for itself: it knows the columns that are only retained.
  const refusals =
    olds === undefined ? news.jobs.flatMap(refusalsOfJob) : refusalsOfPipelineChange(olds, inputs);
  return { inputs, refusals };
}

async function diff(olds: PipelineOutputs, news: PipelineInputs): Promise<boolean> {
  if (olds.isHalfMade === true) return true;
  // Nothing to do at Maestro, but a later `destroy` is told of the outputs only, and they change in an update.
  if ((olds.deleteAdopted ?? false) !== (news.deleteAdopted ?? false)) return true;
  const [before, after] = [changeableOf(olds), changeableOf(news)];
  return (Object.keys(after) as (keyof typeof after)[]).some((key) => before[key] !== after[key]);
}

async function create(inputs: PipelineInputs, context: Context) {
  const isDerivedId = inputs.pipelineId === derivedId(inputs);
  const outputs = await context.inTurn({ pipelineId: inputs.pipelineId }, () =>
    inputs.adopt === true
      ? adoptPipeline(inputs, context)
      : createPipeline(inputs, isDerivedId, context),
  );
  return { id: inputs.pipelineId, outputs };
}

async function read(outputs: PipelineOutputs, context: Context) {
  const { doors } = context;
  const live = await doors.maestro.findPipeline(outputs.pipelineId);
  if (live === undefined) return undefined;
  const held = await doors.warehouse?.leases.find(outputs.pipelineId);
  if (held?.isHeld === true)
    context.report.warning(
      `its schedule "${held.heldCron}" is held by an unfinished change; \`pulumi up\` puts it back`,
    );
  const inputs = await inputsOf(
    outputs,
    live,
    held?.isHeld === true ? (held.heldCron ?? null) : live.cron,
    context,
  );
  // What was taken away elsewhere must not stay in the outputs: they are what the next diff compares.
  const { description: _description, paused: _paused, ...rest } = outputs;
  return { inputs, outputs: { ...rest, ...inputs } };
}

async function update(
  olds: PipelineOutputs,
  news: PipelineInputs,
  context: Context,
): Promise<PipelineOutputs> {
  await context.inTurn({ pipelineId: news.pipelineId }, () => applyChanges(olds, news, context));
  return { ...news, ...(olds.isAdopted === true && { isAdopted: true }) };
}

async function remove(outputs: PipelineOutputs, context: Context): Promise<void> {
  const id = outputs.pipelineId;
  if (outputs.isAdopted === true && outputs.deleteAdopted !== true) {
    return context.report.info(
      "adopted pipeline: forgotten, and left as it is at Maestro (`deleteAdopted: true` would delete it)",
    );
  }
  const held = await context.doors.warehouse?.leases.find(id);
  if (held?.isHeld === true) throw isHeldError(outputs, held.heldCron);
  await context.doors.maestro.deletePipeline(id);
}

async function applyChanges(
  olds: PipelineOutputs,
  news: PipelineInputs,
  context: Context,
): Promise<void> {
  const { maestro, warehouse } = context.doors;
  const id = news.pipelineId;
  const [before, after] = [changeableOf(olds), changeableOf(news)];
  const description =
    before.description === after.description ? {} : { description: after.description };
  const name = before.name === after.name ? {} : { name: after.name };
  // While a change holds the schedule, the new one is put back at its end; Maestro must not run it before.
  const isNewCron = before.cron !== after.cron;
  const isHeld = isNewCron && (await warehouse?.leases.find(id))?.isHeld === true;
  const isKeptForLater =
    isHeld && (await warehouse?.leases.changeHeldCron(id, after.cron)) === true;
  const cron = isNewCron && !isKeptForLater ? { cron: after.cron } : {};
  const patch = { ...name, ...description, ...cron };
  if (Object.keys(patch).length > 0) await maestro.patchPipeline(id, patch);
  if (olds.isHalfMade === true) await finishPipeline(news, "later", context);
  else await changePauseAndMemory(before, after, id, context);
}

async function changePauseAndMemory(
  before: ReturnType<typeof changeableOf>,
  after: ReturnType<typeof changeableOf>,
  id: PipelineId,
  { doors }: Context,
): Promise<void> {
  const { maestro } = doors;
  if (after.memoryMb !== undefined && after.memoryMb !== before.memoryMb)
    await maestro.setPipelineMemory(id, after.memoryMb);
  if (after.paused === before.paused) return;
  if (after.paused) await maestro.pausePipeline(id);
  else await maestro.unpausePipeline(id);
}

/** What the program would have to say to equal what is live; Maestro does not show memory. */
async function inputsOf(
  outputs: PipelineOutputs,
  live: PipelineRecord,
  cron: string | null,
  context: Context,
): Promise<PipelineInputs> {
  const known = Object.keys(pipelineInputs.unwrap().shape);
  const kept = Object.fromEntries(Object.entries(outputs).filter(([key]) => known.includes(key)));
  const { description: _description, paused: _paused, ...rest } = kept;
  return pipelineInputs.parse({
    ...rest,
    name: live.name,
    ...(live.description !== undefined &&
      live.description !== "" && { description: live.description }),
    cron,
    ...(live.status === "paused"
      ? { paused: true }
      : outputs.paused === false && { paused: false }),
    jobs: outputs.jobs ?? (await liveJobs(live, context)),
  });
}

/** UUID v5 of organization, project, stack and resource name, by way of the URN, which holds the last three. */
function derivedId({ __dadosfera }: Pick<PipelineNews, "__dadosfera">): PipelineId {
  const name = `${__dadosfera.organization ?? "organization"}/${__dadosfera.urn}`;
  const hash = createHash("sha1").update(NAMESPACE).update(name).digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString("hex");
  return pipelineId.parse(
    [
      hex.slice(0, 8),
      hex.slice(8, 12),
      hex.slice(12, 16),
      hex.slice(16, 20),
      hex.slice(20, 32),
    ].join("-"),
  );
}

const NAMESPACE = Buffer.from("8d1f0b5c1c8f4d0f9d6a5f3f6f0c7a11", "hex");

function isHeldError(outputs: PipelineOutputs, cron: string | undefined): DadosferaError {
  return new DadosferaError({
    code: "PIPELINE_HELD",
    happened: `Did not delete pipeline "${outputs.name}" (${outputs.pipelineId}): an unfinished change holds its schedule "${cron}".`,
    now: "The pipeline is as it was.",
    next: "Run `pulumi up`, which finishes or undoes the change, then destroy again.",
  });
}
