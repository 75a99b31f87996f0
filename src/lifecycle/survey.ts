import { DadosferaError, isDadosferaError } from "../domain/errors.js";
import type { PipelineId } from "../domain/job-id.js";
import type { SeenPipeline } from "../domain/live-description.js";
import type { SeenJob } from "../domain/live-job-description.js";
import type { Inventory, PipelineRecord } from "../maestro/records.js";
import { surveyLeases } from "../warehouse/survey.js";
import type { Context } from "./context.js";

/** What is live at Maestro, as far as Maestro shows it. */
export interface Survey {
  readonly pipelines: readonly SeenPipeline[];
  /** Pipelines that no program can name, because their id is no UUID. */
  readonly others: Inventory["others"];
  /** What could not be looked at. */
  readonly notes: readonly string[];
}

/** Looks at one pipeline, or at every one of the tenant. Only reads. */
export async function survey(which: PipelineId | "all", context: Context): Promise<Survey> {
  const inventory = await context.doors.maestro.takeInventory();
  const ids = which === "all" ? inventory.pipelines.map(({ id }) => id) : [which];
  const seen = await Promise.all(ids.map((id) => see(id, inventory, context)));
  const pipelines = seen.flatMap((pipeline) => pipeline ?? []);
  if (which !== "all" && pipelines.length === 0) throw notThere(which);
  const { held, notes } = await heldSchedules(which, context);
  return {
    pipelines: pipelines.map((pipeline) => {
      const heldCron = held.get(pipeline.id);
      return heldCron === undefined ? pipeline : { ...pipeline, heldCron };
    }),
    others: which === "all" ? inventory.others : [],
    notes,
  };
}

/** The schedules that unfinished changes hold, by pipeline: Maestro does not show them for the time being. */
async function heldSchedules(which: PipelineId | "all", { doors }: Context) {
  const held = new Map<string, string>();
  if (doors.warehouse === undefined) return { held, notes: [] };
  try {
    const of = which === "all" ? undefined : which;
    for (const { pipelineId, isHeld, heldCron } of await surveyLeases(
      doors.warehouse.warehouse,
      of,
    ))
      if (isHeld && heldCron) held.set(pipelineId, heldCron);
    return { held, notes: [] };
  } catch (error) {
    if (!isDadosferaError(error)) throw error;
    const note = `Not checked whether an unfinished change holds a schedule: ${error.happened}`;
    return { held, notes: [note] };
  }
}

/** Undefined if it is gone. */
async function see(
  id: PipelineId,
  inventory: Inventory,
  context: Context,
): Promise<SeenPipeline | undefined> {
  const live = await context.doors.maestro.findPipeline(id);
  if (live === undefined) return undefined;
  const listed = inventory.pipelines.find((pipeline) => pipeline.id === id);
  const jobs = await Promise.all(
    live.jobs.map((job) => {
      const raw = listed?.jobs.find((each) => each.id === job.id)?.rawTable;
      return seeJob(job, raw?.tableSchema, context);
    }),
  );
  return { ...live, jobs };
}

async function seeJob(
  { id, input }: PipelineRecord["jobs"][number],
  rawSchema: string | undefined,
  { doors }: Context,
): Promise<SeenJob> {
  const { tableSchema, tableName } = input;
  const table = tableName === undefined ? undefined : [tableSchema ?? "?", tableName].join(".");
  const hidden = (why: string): SeenJob => ({ kind: "hidden", id, table, why });
  // GET job knows jobs of this connector only.
  if (input.connector !== undefined && input.connector !== "jdbc") {
    const what = JSON.stringify(input.connector);
    return hidden(`its connector is ${what}, and programs describe jobs of "jdbc" only`);
  }
  try {
    const shown = await doors.maestro.showJob(id);
    if (shown === undefined) return hidden("Maestro names the job, and does not show it");
    const { record, unknownFields } = shown;
    // How much of a job is shown differs between the two operations.
    const job = { ...input, ...record };
    return { kind: "shown", id, job, rawSchema, unknownFields };
  } catch (error) {
    if (!isDadosferaError(error) || error.code !== "MAESTRO_ANSWER_UNREADABLE") throw error;
    return hidden("Maestro shows it in a form that this version cannot read");
  }
}

function notThere(id: PipelineId): DadosferaError {
  return new DadosferaError({
    code: "PIPELINE_NOT_FOUND",
    happened: `Could not describe pipeline ${id}: Maestro knows no pipeline of this id.`,
    now: "Nothing was changed.",
    next: "Correct the id, or say --all to see every pipeline of your tenant.",
  });
}
