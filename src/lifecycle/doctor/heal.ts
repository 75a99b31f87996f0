import { tableText } from "../../domain/destination.js";
import { DadosferaError } from "../../domain/errors.js";
import type { Remedy } from "../../domain/healing.js";
import { pipelineId } from "../../domain/job-id.js";
import { lastEntry } from "../../domain/journal.js";
import { recoverBackfill } from "../change/backfill.js";
import { closeLost } from "../change/close.js";
import { dropBackUps } from "../change/expired-back-ups.js";
import { PipelineLease } from "../change/pipeline-lease.js";
import type { Context, WarehouseDoors } from "../context.js";
import { doorsOf } from "./examine.js";

/**
 * Carries out one remedy, under the pipeline's lease like anybody else. Whoever was at work meanwhile may have done it
 * already: then this changes nothing.
 * @throws if it could not be done; what was begun is then left for the next attempt.
 */
export function heal(remedy: Remedy, context: Context): Promise<void> {
  const doors = doorsOf(context);
  const place = { pipelineId: pipelineId.parse(remedy.pipelineId) };
  return context.inTurn(place, () => carryOut(remedy, context, doors));
}

async function carryOut(remedy: Remedy, context: Context, doors: WarehouseDoors): Promise<void> {
  switch (remedy.kind) {
    case "finish-change":
      return recover(remedy.changeId, "as-begun", context, doors);
    case "undo-change":
      return recover(remedy.changeId, "undone", context, doors);
    case "close-change":
      return closeLost(await doors.journal.read(remedy.changeId), context);
    case "restore-schedule":
      return underLease(remedy, context, doors, (lease) => letScheduleGo(lease, context, doors));
    case "give-back-lease":
      return underLease(remedy, context, doors, async () => "keeps-hold");
    case "drop-back-ups":
      return underLease(remedy, context, doors, () => drop(remedy, context, doors));
  }
}

async function recover(
  changeId: string,
  wanted: "as-begun" | "undone",
  context: Context,
  { journal }: WarehouseDoors,
): Promise<void> {
  const found = await journal.read(changeId);
  await recoverBackfill(found, lastEntry(found, "started")?.policy ?? {}, wanted, context);
}

async function drop(
  { changeId, jobId, pipelineId: id, table, backUps }: Extract<Remedy, { kind: "drop-back-ups" }>,
  { owner, report }: Context,
  doors: WarehouseDoors,
): Promise<"keeps-hold"> {
  const record = await doors.journal.read(changeId);
  const request = lastEntry(record, "started")?.request;
  if (request === undefined) return "keeps-hold";
  await dropBackUps(record, request, { changeId, jobId, pipelineId: id, table, owner }, doors);
  report.info(`dropped ${backUps.map(tableText).join(", ")}`);
  return "keeps-hold";
}

/** Takes the lease, works, and gives it back, with the hold if the work says so or fails. */
async function underLease(
  remedy: Remedy,
  context: Context,
  doors: WarehouseDoors,
  work: (lease: PipelineLease) => Promise<"keeps-hold" | "holds-nothing">,
): Promise<void> {
  const lease = await PipelineLease.take(pipelineId.parse(remedy.pipelineId), [], context, doors);
  try {
    const outcome = await work(lease);
    await lease.giveBack(doors.warehouse, outcome === "keeps-hold");
  } catch (error) {
    await lease.giveBack(doors.warehouse, true).catch(() => undefined);
    throw error;
  } finally {
    lease.stop();
  }
}

/** A schedule that somebody set at Maestro meanwhile is the one that is wanted. */
async function letScheduleGo(
  lease: PipelineLease,
  context: Context,
  { journal }: WarehouseDoors,
): Promise<"keeps-hold" | "holds-nothing"> {
  const { maestro } = context.doors;
  const { pipelineId: id } = lease;
  const unfinished = await journal.unfinished();
  if (unfinished.some((change) => change.pipelineId === id)) return "keeps-hold";
  const held = await lease.held();
  const live = await maestro.findPipeline(id);
  if (held === undefined || live === undefined || live.cron !== null) {
    context.report.info(`left the schedule of pipeline ${id} as it is: ${scheduleText(live)}`);
    return "holds-nothing";
  }
  await lease.cover(maestro.deadlineMs);
  const beforeSend = () => lease.expectBeyond(maestro.deadlineMs);
  await maestro.patchPipeline(id, { cron: held.cron }, beforeSend);
  const now = await maestro.findPipeline(id);
  if (now !== undefined && now.cron !== held.cron) throw notRestored(id, held.cron, now.cron);
  context.report.info(`put the schedule ${JSON.stringify(held.cron)} of pipeline ${id} back`);
  return "holds-nothing";
}

function scheduleText(live: { readonly cron: string | null } | undefined): string {
  return live === undefined ? "Maestro has no such pipeline" : `it is ${JSON.stringify(live.cron)}`;
}

function notRestored(id: string, wanted: string | null, live: string | null): DadosferaError {
  return new DadosferaError({
    code: "MAESTRO_REFUSED",
    happened: `Maestro accepted the schedule ${JSON.stringify(wanted)} of pipeline ${id}, but shows ${JSON.stringify(live)}.`,
    now: "The schedule stays held.",
    next: "Run `dadosfera doctor --heal` again; if it happens again, ask Dadosfera's support.",
  });
}
