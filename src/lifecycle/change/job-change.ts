import { randomUUID } from "node:crypto";
import type { JobChange } from "../../domain/changes.js";
import { DadosferaError } from "../../domain/errors.js";
import type { JobInputs, LastChange } from "../../domain/job.js";
import { decideRecovery, wantsTheSame } from "../../domain/recovery.js";
import type { Context } from "../context.js";
import { applyBackfill, recoverBackfill } from "./backfill.js";
import { doneBefore } from "./done-before.js";
import { seeLive } from "./live.js";
import { columnsOnlyText, planText } from "./plan-text.js";
import { findJob, prepareBackfill } from "./prepare.js";
import { addColumnsTo } from "./read-back.js";
import type { RowsChange } from "./request.js";
import { unfinishedChange } from "./unfinished.js";

/** Shows what an update will do, and refuses now what it would refuse then. */
export async function showChange(
  changes: readonly JobChange[],
  job: JobInputs,
  isUnfinished: boolean,
  context: Context,
): Promise<void> {
  const record = isUnfinished ? await unfinishedChange(job.jobId, context) : undefined;
  if (record !== undefined) {
    const recovery = decideRecovery(record, await seeLive(record, context), changes);
    if (recovery.kind === "person") throw new DadosferaError(recovery.trouble);
    if (recovery.kind === "undo") {
      // What stands in the table now says nothing of what will stand there then.
      return context.report.warning(
        `change ${record.changeId} is unfinished: it will be undone first (${recovery.reason}); what else there is to do is planned after that`,
      );
    }
    context.report.warning(
      `change ${record.changeId} is unfinished: it goes on at "${recovery.at}"`,
    );
  }
  for (const change of changes) {
    if (record !== undefined && wantsTheSame(record, change)) continue;
    if ((await doneBefore(change, job, context)) === undefined)
      await showPart(change, job, context);
  }
}

/** Carries out the parts of an update in order; an unfinished change comes first. Answers the last change of rows. */
export async function changeJob(
  changes: readonly JobChange[],
  job: JobInputs,
  context: Context,
): Promise<LastChange | undefined> {
  const record = await unfinishedChange(job.jobId, context);
  let last: LastChange | undefined;
  let left = changes;
  if (record !== undefined) {
    const recovered = await recoverBackfill(record, job, changes, context);
    if (recovered.kind === "finished") {
      last = recovered.lastChange;
      left = changes.filter((change) => !wantsTheSame(record, change));
    }
  }
  for (const [index, change] of left.entries()) {
    const done =
      (await doneBefore(change, job, context)) ?? (await applyPart(change, job, context));
    if (done === "overtaken") return (await changeJob(left.slice(index), job, context)) ?? last;
    last = done ?? last;
  }
  return last;
}

async function showPart(change: JobChange, job: JobInputs, context: Context): Promise<void> {
  if (change.kind === "memory")
    return context.report.info(`sets the job's memory to ${change.megabytes} MB`);
  if (!isColumnsOnly(change))
    return context.report.info(planText(await prepareBackfill(change, job, context)));
  await findJob(job, context);
  context.report.info(columnsOnlyText(change.added));
}

async function applyPart(
  change: JobChange,
  job: JobInputs,
  context: Context,
): Promise<LastChange | "overtaken" | undefined> {
  const { maestro } = context.doors;
  if (change.kind === "memory") {
    await maestro.setJobMemory(job.jobId, change.megabytes);
    return undefined;
  }
  if (!isColumnsOnly(change)) {
    return (await applyBackfill(change, job, randomUUID(), context)) ?? "overtaken";
  }
  await findJob(job, context);
  await addColumnsTo(job.jobId, change.added, maestro);
  context.report.info(`added ${change.added.join(", ")}; rows already loaded keep null`);
  return undefined;
}

/** True for a change of columns that leaves the rows already loaded as they are. */
function isColumnsOnly(change: RowsChange): change is Extract<RowsChange, { kind: "columns" }> {
  return change.kind === "columns" && change.backfill.rows === "none";
}
