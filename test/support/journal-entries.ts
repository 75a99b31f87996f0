import fc from "fast-check";
import type { JournalEntry } from "#src/domain/journal.js";
import { aRequest } from "./samples.js";

/** One entry of each step, as the walkthrough's change writes it. */
export const entry = {
  started: {
    step: "started",
    request: aRequest(),
    urn: "urn:pulumi:dev::shop::dadosfera:Job::orders",
    oldNewest: "2025-12-19 08:00:00",
    rowsBefore: 1000,
  },
  held: { step: "schedule-held", cron: "15 3 * * *" },
  idle: { step: "idle", runIds: [] },
  backedUp: {
    step: "backed-up",
    table: { database: "DW", schema: "PUBLIC", name: "PEDIDOS__BK_7F3A" },
    columns: ["id", "updated_at"],
  },
  counted: { step: "counted", inWindow: 200 },
  added: { step: "columns-added", columns: ["telefone"] },
  deleted: { step: "deleted", rows: 200 },
  deletedIdle: { step: "deleted-idle", runIds: [] },
  resetting: { step: "resetting", to: "2025-12-17 16:49:00" },
  reset: { step: "state-reset", to: "2025-12-17 16:49:00" },
  loadTypeSet: { step: "load-type-set", to: "incremental" },
  replaced: {
    step: "replaced",
    reach: "window",
    deleted: 400,
    inserted: 200,
    putBack: 0,
    versions: 0,
  },
  requested: { step: "run-requested", attempt: 1 },
  verified: { step: "verified", putBack: 0, versions: 0 },
  undoing: { step: "undoing", reason: "rows were lost" },
  restored: { step: "restored", rows: 200 },
  finished: { step: "finished", outcome: "done" },
} as const satisfies Record<string, JournalEntry>;

/** Runs that ended so. */
export function runs(...kinds: readonly ("succeeded" | "failed")[]): JournalEntry {
  return {
    step: "run-ended",
    runs: kinds.map((kind, index) => ({ runId: `run-${index}`, kind })),
  };
}

/** Entries in any order, more than a change could write. */
export const entries: fc.Arbitrary<readonly JournalEntry[]> = fc.array(
  fc.constantFrom<JournalEntry[]>(...Object.values(entry), runs("succeeded"), runs("failed")),
  { minLength: 1, maxLength: 12 },
);
