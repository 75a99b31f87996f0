import { z } from "zod";
import { isGapless } from "./destination.js";
import type { LoadType } from "./job.js";

const names = z.array(z.string()).readonly();
const tableName = z
  .object({ database: z.string(), schema: z.string(), name: z.string() })
  .readonly();
const cursor = z
  .object({
    column: z.string(),
    type: z.enum(["TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "TIMESTAMP_TZ", "DATE", "NUMBER"]),
  })
  .readonly();

/** What a change of rows starts from, and what it is to reach; kept in the journal, so that it can be undone without the program. */
export const backfillRequest = z
  .object({
    jobId: z.string(),
    pipelineId: z.string(),
    /** What happens to the job itself. */
    change: z.union([
      z.object({ kind: z.literal("columns"), added: names, filled: names }).readonly(),
      z
        .object({
          kind: z.literal("load-type"),
          from: z.enum(["full_load", "incremental", "incremental_with_qualify"]),
          to: z.enum(["full_load", "incremental", "incremental_with_qualify"]),
          /** What the job had when the change began, where that was not `from`: somebody else had changed it. */
          live: z.enum(["full_load", "incremental", "incremental_with_qualify"]).optional(),
          incrementalColumnName: z.string().optional(),
          incrementalColumnType: z.string().optional(),
        })
        .readonly(),
    ]),
    /** How the job loads when its run starts. */
    loadType: z.enum(["full_load", "incremental", "incremental_with_qualify"]),
    table: tableName,
    /** When the rows of the window go: before they are loaded again, or once they are there. */
    strategy: z.enum(["delete-first", "delete-after"]).default("delete-first"),
    /** The rows that are loaded again; undefined where none are. */
    window: z
      .union([
        z.object({ kind: z.literal("all") }).readonly(),
        z.object({ kind: z.literal("after"), cursor, bookmark: z.string() }).readonly(),
      ])
      .optional(),
    /** True if no row lies in the window: nothing is deleted then, and the state stays where it is, short of the bookmark. */
    isEmpty: z.boolean().optional(),
    identity: z.object({ keys: names, cursor: cursor.optional() }).readonly(),
    /** The source's names of the keys, as sync-mode wants them. */
    primaryKeys: names,
    /** Where the one-row-per-key object of `incremental_with_qualify` is looked for. */
    deduplicated: tableName.optional(),
    keepVersions: z.boolean(),
    missingPercent: z.number(),
    backUpSchema: z.string(),
  })
  .readonly();
export type BackfillRequest = z.infer<typeof backfillRequest>;

/** One step of a change. Each states a result, so that doing it again changes nothing. */
export type BackfillStep =
  | { readonly kind: "take-lease" }
  | { readonly kind: "hold-schedule" }
  | { readonly kind: "wait-idle" }
  | { readonly kind: "back-up" }
  | { readonly kind: "add-columns"; readonly columns: readonly string[] }
  | { readonly kind: "delete-rows" }
  | { readonly kind: "reset-state"; readonly to: string | undefined }
  | { readonly kind: "sync-mode"; readonly to: LoadType }
  | { readonly kind: "run" }
  | { readonly kind: "replace-rows"; readonly reach: "window" | "boundary" }
  | { readonly kind: "verify" }
  | { readonly kind: "restore-schedule" };

/** The steps of a change that touches rows, after its preflight, in order. */
export function planSteps(request: BackfillRequest): readonly BackfillStep[] {
  return [
    { kind: "take-lease" },
    { kind: "hold-schedule" },
    { kind: "wait-idle" },
    ...(movesRows(request) ? [{ kind: "back-up" } as const] : []),
    ...jobSteps(request),
    { kind: "run" },
    ...replacement(request),
    { kind: "verify" },
    { kind: "restore-schedule" },
  ];
}

/**
 * Deleting comes before the reset: a refused DELETE then leaves the state at Maestro untouched. A `full_load` run
 * replaces the table by itself, and a move between the incremental load types keeps the bookmark: neither deletes.
 */
function jobSteps(request: BackfillRequest): readonly BackfillStep[] {
  const { change, loadType, window } = request;
  if (change.kind === "load-type") {
    const isReplaced = isFromFullLoad(change);
    return [
      ...(isReplaced ? [{ kind: "delete-rows" } as const] : []),
      { kind: "sync-mode", to: change.to },
    ];
  }
  const add: readonly BackfillStep[] =
    change.added.length === 0 ? [] : [{ kind: "add-columns", columns: change.added }];
  if (loadType === "full_load" || !movesRows(request)) return add;
  const to = window?.kind === "after" ? window.bookmark : undefined;
  const reset = { kind: "reset-state", to } as const;
  return request.strategy === "delete-after"
    ? [...add, reset]
    : [...add, { kind: "delete-rows" }, reset];
}

/** The copies that go once their rows are there again: those of the window, or only those that carry the bookmark. */
function replacement(request: BackfillRequest): readonly BackfillStep[] {
  if (!movesRows(request)) return [];
  const isAfter = request.strategy === "delete-after";
  return [
    ...(isAfter ? [{ kind: "replace-rows", reach: "window" } as const] : []),
    ...(isGapless(request.window) ? [{ kind: "replace-rows", reach: "boundary" } as const] : []),
  ];
}

/** True for a change of the load type that begins with a job whose every run replaces the table. */
export function isFromFullLoad({
  from,
  live,
}: Extract<BackfillRequest["change"], { kind: "load-type" }>): boolean {
  return from === "full_load" || live === "full_load";
}

/** True if rows that are there already are loaded again. */
export function movesRows({ window, isEmpty }: BackfillRequest): boolean {
  return window !== undefined && isEmpty !== true;
}
