import { differencesOf, extraColumnsOf } from "../domain/adoption.js";
import { refusalsOfChange } from "../domain/change-refusals.js";
import { planJobChanges } from "../domain/changes.js";
import { predictedTable } from "../domain/destination-table.js";
import { DadosferaError, isDadosferaError } from "../domain/errors.js";
import { type JobInputs, type JobOutputs, jobInputs, loadType } from "../domain/job.js";
import { splitJobId } from "../domain/job-id.js";
import { refusalsOfJob } from "../domain/job-refusals.js";
import { sourceRefusals } from "../domain/source-refusals.js";
import { compacted } from "../domain/source-table.js";
import type { JobRecord } from "../maestro/records.js";
import { changeJob, showChange } from "./change/job-change.js";
import { gone } from "./change/prepare.js";
import { undoUnfinished, unfinishedChange } from "./change/unfinished.js";
import type { Context, Place } from "./context.js";
import type { Lifecycle } from "./lifecycle.js";

/** The life of a Job: one job's column list, load type, state and rows. */
export const job: Lifecycle<JobInputs, JobInputs, JobOutputs> = {
  check,
  diff,
  show,
  create,
  read,
  update,
  delete: remove,
};

function check(olds: JobInputs | undefined, news: JobInputs) {
  const inputs = {
    ...news,
    destinationTable: predictedTable(splitJobId(news.jobId).pipelineId, news),
    ...(news.sourceColumns !== undefined && { sourceColumns: compacted(news.sourceColumns) }),
  };
  const refusals = [
    ...refusalsOfJob(news),
    ...sourceRefusals(olds, news),
    ...(olds === undefined ? [] : refusalsOfChange(olds, news)),
  ];
  return { inputs, refusals };
}

async function diff(olds: JobOutputs, news: JobInputs, context: Context): Promise<boolean> {
  const changes = planJobChanges(olds, news);
  const isUnfinished = (await context.unfinished()).has(news.jobId);
  if (news.retainedColumns !== undefined && news.retainedColumns.length > 0) {
    context.report.info(
      `still loaded, though no longer wanted: ${news.retainedColumns.join(", ")} (Maestro cannot stop loading a column)`,
    );
  }
  return changes.length > 0 || isUnfinished;
}

async function show(olds: JobOutputs, news: JobInputs, context: Context): Promise<void> {
  const isUnfinished = (await context.unfinished()).has(news.jobId);
  await showChange(planJobChanges(olds, news), news, isUnfinished, context);
}

/** The pipeline made its jobs already: this only makes sure that the live job is the one described. */
async function create(inputs: JobInputs, context: Context) {
  const live = await context.doors.maestro.findJob(inputs.jobId);
  if (live === undefined) throw gone(inputs);
  const differences = differencesOf(live, inputs);
  if (differences.length > 0) throw differs(inputs, differences);
  return { id: inputs.jobId, outputs: outputsOf(inputs, live, undefined) };
}

async function read(outputs: JobOutputs, context: Context) {
  const live = await context.doors.maestro.findJob(outputs.jobId);
  if (live === undefined) return undefined;
  const unfinished = await unfinishedChange(outputs.jobId, context);
  const inputs = inputsOf(outputs);
  if (unfinished !== undefined) {
    context.report.warning(
      `change ${unfinished.changeId} of this job is unfinished: the next \`pulumi up\` finishes or undoes it`,
    );
    const lastChange = {
      changeId: unfinished.changeId,
      columns: [],
      outcome: "unfinished" as const,
    };
    return { inputs, outputs: { ...outputs, lastChange } };
  }
  const extra = extraColumnsOf(live, inputs);
  if (extra.length > 0)
    context.report.warning(
      `Maestro also loads ${extra.join(", ")}, which the program never asked for`,
    );
  const known = loadType.safeParse(live.loadType);
  if (!known.success)
    context.report.warning(
      `its load type at Maestro is "${live.loadType}", which this version does not know`,
    );
  const seen = {
    ...inputs,
    input: {
      ...inputs.input,
      loadType: known.data ?? inputs.input.loadType,
      ...liveColumns(live, inputs),
    },
  };
  return { inputs: seen, outputs: outputsOf(seen, live, outputs.lastChange) };
}

async function update(olds: JobOutputs, news: JobInputs, context: Context): Promise<JobOutputs> {
  const wanted = planJobChanges(olds, news);
  const lastChange = await context.inTurn(placeOf(news), () => changeJob(wanted, news, context));
  const live = await lookAfterwards(news, context);
  return outputsOf(news, live, lastChange ?? olds.lastChange);
}

/** What was wanted is done: were this look to fail the update, the next one would do it once more. */
async function lookAfterwards(
  { jobId }: JobInputs,
  { doors, report }: Context,
): Promise<JobRecord | undefined> {
  try {
    return await doors.maestro.findJob(jobId);
  } catch (error) {
    if (!isDadosferaError(error)) throw error;
    report.warning(`the update is done, but its job could not be looked at: ${error.happened}`);
    return undefined;
  }
}

/** Maestro cannot delete a job alone: it goes with its pipeline. An unfinished change must not stay behind. */
async function remove(outputs: JobOutputs, context: Context): Promise<void> {
  await context.inTurn(placeOf(outputs), () => undoUnfinished(inputsOf(outputs), context));
}

function placeOf({ jobId }: Pick<JobInputs, "jobId">): Place {
  return { pipelineId: splitJobId(jobId).pipelineId, jobId };
}

/** What is wanted and still there, so that a `refresh` shows what is missing; what nobody asked for is an output. */
function liveColumns(
  { columnIncludeList: loaded }: JobRecord,
  { input }: JobInputs,
): Pick<JobInputs["input"], "columnIncludeList"> {
  const listed = input.columnIncludeList ?? undefined;
  if (listed === undefined || loaded === null) return {};
  return { columnIncludeList: listed.filter((column) => loaded.includes(column)) };
}

function inputsOf(outputs: JobOutputs): JobInputs {
  const known = Object.keys(jobInputs.unwrap().shape);
  return jobInputs.parse(
    Object.fromEntries(Object.entries(outputs).filter(([key]) => known.includes(key))),
  );
}

function outputsOf(
  inputs: JobInputs,
  live: JobRecord | undefined,
  lastChange: JobOutputs["lastChange"],
): JobOutputs {
  const extra = live === undefined ? [] : extraColumnsOf(live, inputs);
  return {
    ...inputs,
    ...(live !== undefined && { destinationTable: live.destinationTable }),
    ...(extra.length > 0 && { extraColumns: extra }),
    ...(lastChange !== undefined && { lastChange }),
  };
}

function differs(inputs: JobInputs, differences: readonly string[]): DadosferaError {
  return new DadosferaError({
    code: "PIPELINE_DIFFERS",
    happened: `Did not take over job ${inputs.jobId} (table ${inputs.input.tableSchema}.${inputs.input.tableName}): the live job differs from the program.`,
    now: `Nothing was changed. Live: ${differences.join(" ")}`,
    next: "Put these lines into the program, run `pulumi up`, and make the change you want in a second step.",
  });
}
