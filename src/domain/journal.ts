import { z } from "zod";
import { backfillRequest } from "./backfill-plan.js";

const names = z.array(z.string()).readonly();
const tableName = z
  .object({ database: z.string(), schema: z.string(), name: z.string() })
  .readonly();
const rows = z.number();

/**
 * The form of the entries below. A reader of an older version must refuse, not guess; every version ever written is read.
 * 2: strategies (`replaced`), and `resetting` before a reset is sent.
 */
export const JOURNAL_VERSION = 2;

/** Days that a back-up is kept where nobody says how many. */
export const KEEP_DAYS = 7;

/** What the program allowed the change, so that it can be finished without the program. */
const changePolicy = z
  .object({
    limits: z.object({ deletedRows: rows, deletedPercent: rows }).partial().readonly(),
    timeouts: z.object({ run: z.number() }).partial().readonly(),
    backUp: z.object({ keepDays: z.number() }).partial().readonly(),
  })
  .partial()
  .readonly();
export type ChangePolicy = z.infer<typeof changePolicy>;

/** What one step of a change left in the journal. Those marked (t) are written in the transaction of their effect. */
const entryOfStep = z.discriminatedUnion("step", [
  /** `oldNewest` is where Maestro stood: the newest cursor of the table before the change. */
  z.object({
    step: z.literal("started"),
    request: backfillRequest,
    urn: z.string(),
    oldNewest: z.string().optional(),
    rowsBefore: rows,
    policy: changePolicy.optional(),
  }),
  z.object({ step: z.literal("schedule-held"), cron: z.string() }),
  /** No run was in progress; the runs that there were. */
  z.object({ step: z.literal("idle"), runIds: names }),
  /** `newest` is the newest cursor that the back-up holds; `tableCreatedAt` tells which table it was taken of. */
  z.object({
    step: z.literal("backed-up"),
    table: tableName,
    columns: names,
    newest: z.string().optional(),
    tableCreatedAt: z.string().optional(),
  }),
  /** Rows in the window as last counted: the DELETE must find exactly these. */
  z.object({ step: z.literal("counted"), inWindow: rows }),
  z.object({ step: z.literal("columns-added"), columns: names }),
  /** (t) */
  z.object({ step: z.literal("deleted"), rows }),
  /** The runs that there were after the DELETE: every other id is a run that found the window empty. */
  z.object({ step: z.literal("deleted-idle"), runIds: names }),
  /** The state is about to be set: from here on nobody knows where it stands, until `state-reset`. */
  z.object({ step: z.literal("resetting"), to: z.string().nullable() }),
  z.object({ step: z.literal("state-reset"), to: z.string().nullable() }),
  z.object({ step: z.literal("load-type-set"), to: z.string() }),
  z.object({ step: z.literal("run-requested"), attempt: z.number() }),
  z.object({
    step: z.literal("run-ended"),
    runs: z
      .array(
        z.object({
          runId: z.string(),
          kind: z.enum(["succeeded", "failed"]),
        }),
      )
      .readonly(),
  }),
  /** (t) Copies that went for the rows that a run brought again; `putBack` and `versions` as in `verified`. */
  z.object({
    step: z.literal("replaced"),
    reach: z.enum(["window", "boundary"]),
    deleted: rows,
    inserted: rows,
    putBack: rows,
    versions: rows,
  }),
  /** (t) Rows put back because their key did not return, and superseded versions put back on request. */
  z.object({
    step: z.literal("verified"),
    putBack: rows,
    versions: rows,
    /** Rows in the window after the run; how many of them have a value in each added column; their newest cursor. */
    loaded: rows.optional(),
    filled: z.record(z.string(), rows).optional(),
    newest: z.string().optional(),
    /** Superseded versions that did not return, and were not put back; unknown without keys. */
    versionsLost: rows.optional(),
  }),
  /** `keepsNewRows`: a run brought rows again, and Maestro stands at the newest of them. */
  z.object({
    step: z.literal("undoing"),
    reason: z.string(),
    keepsNewRows: z.boolean().optional(),
  }),
  /** (t) */
  z.object({ step: z.literal("restored"), rows }),
  /** `isHeld`: the schedule stays held, for other jobs of the pipeline. "closed": a person ended what was lost, as it stood. */
  z.object({
    step: z.literal("finished"),
    outcome: z.enum(["done", "undone", "closed"]),
    isHeld: z.boolean().optional(),
  }),
  /** Written long after the end, by a later change. */
  z.object({ step: z.literal("back-ups-dropped") }),
]);

/** `seconds`: since the entry before, or since the change was taken up again. */
export const journalEntry = entryOfStep.and(z.object({ seconds: z.number().optional() }));
export type JournalEntry = z.infer<typeof journalEntry>;
type Entry<S extends JournalEntry["step"]> = Extract<JournalEntry, { step: S }>;

/** What a change has done so far, as its journal says. */
export interface ChangeRecord {
  readonly changeId: string;
  readonly entries: readonly JournalEntry[];
}

/** The last entry of a step, or undefined. */
export function lastEntry<S extends JournalEntry["step"]>(
  record: ChangeRecord,
  step: S,
): Entry<S> | undefined {
  return record.entries.findLast((entry): entry is Entry<S> => entry.step === step);
}

/** Every back-up of a change, the first one first. */
export function backUpsOf(record: ChangeRecord): readonly Entry<"backed-up">[] {
  return record.entries.filter((entry): entry is Entry<"backed-up"> => entry.step === "backed-up");
}

/**
 * Where Maestro stood before the change moved its state: the newest cursor that was backed up until then, or else of the
 * table as it was first seen.
 */
export function oldNewestOf(record: ChangeRecord): string | undefined {
  // One that was taken after a DELETE lacks what an earlier one holds.
  const known = backUpsBefore(record).flatMap(({ newest }) => newest ?? []);
  const newest = known.reduce<string | undefined>(
    (one, other) => (one === undefined || isNewer(other, one) ? other : one),
    undefined,
  );
  return newest ?? lastEntry(record, "started")?.oldNewest;
}

/** Cursor values of one column: numbers, or dates and times, which order as their text does. */
function isNewer(one: string, other: string): boolean {
  const [first, second] = [Number(one), Number(other)];
  return Number.isNaN(first) || first === second ? one > other : first > second;
}

/** The back-ups taken before the change moved the state: what later ones hold besides was brought by its own runs. */
export function backUpsBefore(record: ChangeRecord): readonly Entry<"backed-up">[] {
  const moved = record.entries.findIndex(({ step }) => MOVES_STATE.includes(step));
  return backUpsOf(moved === -1 ? record : { ...record, entries: record.entries.slice(0, moved) });
}

const MOVES_STATE: readonly JournalEntry["step"][] = ["resetting", "state-reset", "load-type-set"];

/** True if rows are missing from the destination for this change: deleted, and not restored since. */
export function hasDeleted(record: ChangeRecord): boolean {
  return isAfter(record, "deleted", "restored");
}

/** True if a run ended well after the state was set back, so that Maestro stands at that run's newest row. */
export function hasRunWell(record: ChangeRecord): boolean {
  const ended = lastEntry(record, "run-ended");
  const isGood = ended?.runs.every((run) => run.kind === "succeeded") ?? false;
  return isGood && isAfter(record, "run-ended", "idle");
}

/** The runs that there were when the rows were deleted, or when the change began to wait for them: every other one is new. */
export function runsBefore(record: ChangeRecord): readonly string[] {
  const since = isAfter(record, "deleted-idle", "idle") ? "deleted-idle" : "idle";
  return lastEntry(record, since)?.runIds ?? [];
}

/** True if the copies went for the rows that the last run brought. */
export function isReplaced({ entries }: ChangeRecord, reach: "window" | "boundary"): boolean {
  const ran = entries.findLastIndex(({ step }) => step === "run-ended");
  return entries.some(
    (entry, index) => index > ran && entry.step === "replaced" && entry.reach === reach,
  );
}

/** True if the step's last entry stands behind every entry of the other step. */
export function isAfter(
  record: ChangeRecord,
  step: JournalEntry["step"],
  other: JournalEntry["step"],
): boolean {
  const steps = record.entries.map((entry) => entry.step);
  return steps.includes(step) && steps.lastIndexOf(step) > steps.lastIndexOf(other);
}

export function isFinished(record: ChangeRecord): boolean {
  return lastEntry(record, "finished") !== undefined;
}
