import {
  type BackfillRequest,
  type BackfillStep,
  movesRows,
  planSteps,
} from "../../domain/backfill-plan.js";
import { tableText } from "../../domain/destination.js";
import { deletesRows, percentOf, type Seen } from "../../domain/preflight.js";
import { warningsOf } from "../../domain/warnings.js";
import { cloneStatement } from "../../warehouse/back-up.js";
import { type DestinationTable, tableSql } from "../../warehouse/destination.js";
import { deleteWindow } from "../../warehouse/effects.js";
import { shown, sql } from "../../warehouse/sql.js";
import type { Prepared } from "./prepare.js";

/** What a reviewer reads before anything happens: steps, rows, SQL, and what cannot be undone. */
export function planText({ request, seen, source, pipeline }: Prepared): string {
  const steps = planSteps(request).map(
    (step, index) =>
      `  ${String(index + 1).padStart(2)}. ${stepText(step, request, pipeline.cron)}`,
  );
  return [
    `${headline(request)} (pipeline "${pipeline.name}", table ${tableText(request.table)})`,
    ...steps,
    ...rowLines(request, seen),
    ...sqlLines(request, source),
    ...warningsOf(request, seen).map((warning) => `  note: ${warning}`),
  ].join("\n");
}

/** A change that moves no rows. */
export function columnsOnlyText(columns: readonly string[]): string {
  return [
    `Adds ${columns.join(", ")} to the job; rows already loaded keep null (rows: "none").`,
    `   1. add-columns       PATCH column_include_list: ${columns.join(", ")}`,
    "  note: An added column cannot be taken out of a job again: Maestro has no operation for it.",
  ].join("\n");
}

function stepText(step: BackfillStep, request: BackfillRequest, cron?: string | null): string {
  return `${step.kind.padEnd(17)} ${deedText(step, request, cron)}`.trimEnd();
}

/** What a step does here, in a few words. */
export function deedText(
  step: BackfillStep,
  request: BackfillRequest,
  cron?: string | null,
): string {
  const table = tableText(request.table);
  switch (step.kind) {
    case "take-lease":
      return "nobody else changes this pipeline meanwhile";
    case "hold-schedule":
      return cron === undefined ? "no run starts by itself meanwhile" : scheduleDeed(cron);
    case "wait-idle":
      return "until no run is in progress";
    case "back-up":
      return `clone ${table} to schema ${request.backUpSchema}, then count again`;
    case "add-columns":
      return `PATCH column_include_list: ${step.columns.join(", ")}`;
    case "delete-rows":
      return windowText(request);
    case "reset-state":
      return step.to === undefined
        ? "the job extracts everything again"
        : `the job extracts again from ${step.to} (UTC)`;
    case "sync-mode":
      return `load type ${step.to}`;
    case "run":
      return "execute the pipeline, and follow the run";
    case "replace-rows":
      return step.reach === "window"
        ? "the old copies go, and rows whose key did not return stay: one transaction"
        : "old copies of rows that carry the bookmark, if the run brings them again";
    case "verify":
      return verifyDeed(request);
    case "restore-schedule":
      return "the schedule as it was; the lease is given back";
  }
}

function windowText({ window }: BackfillRequest): string {
  return window?.kind === "after" ? `the rows beyond ${window.bookmark}` : "all rows";
}

function verifyDeed(request: BackfillRequest): string {
  if (request.isEmpty === true) return "nothing: no row lies in the window";
  if (request.window === undefined) return "the deduplicated object: one row per key";
  return request.identity.keys.length > 0
    ? `by key (${request.identity.keys.join(", ")}): none lost, none doubled`
    : "by counts and whole rows";
}

function scheduleDeed(cron: string | null): string {
  if (cron === null) return "nothing to hold: it runs by hand only";
  return cron === "@once"
    ? "nothing to hold: @once does not fire again"
    : `cron "${cron}" becomes null until the end`;
}

function headline(request: BackfillRequest): string {
  const { change } = request;
  if (change.kind === "load-type")
    return `Changes the load type from ${change.from} to ${change.to}`;
  const columns = change.filled.join(", ");
  const rows = windowText(request);
  return change.added.length === 0
    ? `Loads ${rows} again for ${columns}`
    : `Adds ${columns} to the job and loads ${rows} again`;
}

function rowLines(request: BackfillRequest, { counts }: Seen): readonly string[] {
  if (counts === undefined || request.isEmpty === true) return [];
  const share = `${counts.inWindow} of ${counts.total} rows (${percentOf(counts.inWindow, counts.total)} %)`;
  const verb = rowsVerb(request);
  const range =
    counts.oldestInWindow === undefined
      ? ""
      : `; cursor from ${counts.oldestInWindow} to ${counts.newest} (UTC)`;
  return [`  rows: ${share} ${verb}${range}`];
}

function rowsVerb(request: BackfillRequest): string {
  if (!deletesRows(request)) return "are replaced by the run";
  return request.strategy === "delete-after"
    ? "will be loaded again, and then their old copies deleted"
    : "will be deleted and loaded again";
}

/** The rows that the run brought come from a table of our own, in the transaction of the DELETE. */
function insertText({ table, backUpSchema }: BackfillRequest): string {
  const source = { ...table, schema: backUpSchema, name: `${table.name}__NEW_<change>` };
  return shown(sql`INSERT INTO ${tableSql(table)} SELECT * FROM ${tableSql(source)}`);
}

function sqlLines(request: BackfillRequest, source: DestinationTable): readonly string[] {
  const { table, window } = request;
  if (!movesRows(request) || window === undefined) return [];
  const copy = { ...table, schema: request.backUpSchema, name: `${table.name}__BK_<change>` };
  return [
    `  sql:  ${shown(cloneStatement(source, copy))}`,
    ...(deletesRows(request) ? [`  sql:  ${shown(deleteWindow(table, window))}`] : []),
    ...(request.strategy === "delete-after" ? [`  sql:  ${insertText(request)}`] : []),
  ];
}
