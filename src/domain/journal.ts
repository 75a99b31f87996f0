import { z } from "zod";
import { backfillRequest } from "./backfill-plan.js";

const names = z.array(z.string()).readonly();
const tableName = z
  .object({ database: z.string(), schema: z.string(), name: z.string() })
  .readonly();
const rows = z.number();

/** The form of the entries below. A reader of another version must refuse, not guess. */
export const JOURNAL_VERSION = 1;

/** What one step of a change left in the journal. Those marked (t) are written in the transaction of their effect. */
export const journalEntry = z.discriminatedUnion("step", [
  /** `oldNewest` is where Maestro stood: the newest cursor of the table before the change. */
  z.object({
    step: z.literal("started"),
    request: backfillRequest,
    urn: z.string(),
    oldNewest: z.string().optional(),
    rowsBefore: rows,
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
  /** (t) Rows put back because their key did not return, and superseded versions put back on request. */
  z.object({ step: z.literal("verified"), putBack: rows, versions: rows }),
  /** `keepsNewRows`: a run brought rows again, and Maestro stands at the newest of them. */
  z.object({
    step: z.literal("undoing"),
    reason: z.string(),
    keepsNewRows: z.boolean().optional(),
  }),
  /** (t) */
  z.object({ step: z.literal("restored"), rows }),
  z.object({ step: z.literal("finished"), outcome: z.enum(["done", "undone"]) }),
  /** Written long after the end, by a later change. */
  z.object({ step: z.literal("back-ups-dropped") }),
]);
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

/** Where Maestro stood before the change: the newest cursor of the first back-up, or else of the table as it was first seen. */
export function oldNewestOf(record: ChangeRecord): string | undefined {
  return backUpsOf(record)[0]?.newest ?? lastEntry(record, "started")?.oldNewest;
}

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
