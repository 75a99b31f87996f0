import type { BackfillRequest } from "../../domain/backfill-plan.js";
import { type BackUp, type Compared, isGapless } from "../../domain/destination.js";
import { DadosferaError, isDadosferaError } from "../../domain/errors.js";
import { type PipelineId, pipelineId } from "../../domain/job-id.js";
import {
  backUpsOf,
  type ChangePolicy,
  type ChangeRecord,
  type JournalEntry,
} from "../../domain/journal.js";
import type { ChangeIdentity } from "../../warehouse/journal.js";
import type { Runner } from "../../warehouse/session.js";
import type { Tables } from "../../warehouse/tables.js";
import type { Context, WarehouseDoors } from "../context.js";
import type { PipelineLease } from "./pipeline-lease.js";
import type { PipelineSession } from "./pipeline-session.js";

/** What a change is made of when it begins or goes on. */
type Parts = Pick<Change, "request" | "job" | "context" | "doors" | "lease" | "session" | "record">;

/** A change under way: what it is to do, what its journal says, and the lease under which it acts. */
export class Change {
  readonly request: BackfillRequest;
  readonly job: ChangePolicy;
  readonly context: Context;
  readonly doors: WarehouseDoors;
  readonly lease: PipelineLease;
  /** The changes of this process to jobs of the same pipeline. */
  readonly session: PipelineSession;
  readonly pipelineId: PipelineId;
  #record: ChangeRecord;
  /** When the last entry was written, by the clock that nobody sets. */
  #writtenAt: number;

  constructor(parts: Parts) {
    this.request = parts.request;
    this.job = parts.job;
    this.context = parts.context;
    this.doors = parts.doors;
    this.lease = parts.lease;
    this.session = parts.session;
    this.pipelineId = pipelineId.parse(parts.request.pipelineId);
    this.#record = parts.record;
    this.#writtenAt = parts.context.clock.elapsed();
  }

  get record(): ChangeRecord {
    return this.#record;
  }

  /** The back-ups taken so far, the first one first. */
  get backUps(): readonly BackUp[] {
    return backUpsOf(this.#record);
  }

  /** What to compare the table with. Only for changes that have a window. */
  get compared(): Compared {
    const { table, identity, window = { kind: "all" } } = this.request;
    return { table, identity, window, backUps: this.backUps };
  }

  /** The same, with the rows that carry the bookmark where some may have to: a run may bring them again. */
  get reloaded(): Compared {
    const { compared } = this;
    if (!isGapless(compared.window)) return compared;
    return { ...compared, window: { ...compared.window, edge: "from" } };
  }

  /** Reads the journal anew: somebody else may have gone on with the change before the lease was taken. */
  async refresh(): Promise<ChangeRecord> {
    this.#record = await this.doors.journal.read(this.#record.changeId);
    return this.#record;
  }

  /** Writes what a step has done. @throws `LEASE_LOST` if somebody else goes on with the change. */
  async write(unmeasured: JournalEntry): Promise<void> {
    const { lease, doors } = this;
    const entry = this.#measured(unmeasured);
    const position = this.#record.entries.length;
    if (!(await doors.journal.appendUnder(lease.epoch, this.#identity, position, entry)))
      throw lease.lost();
    this.#remember(entry);
  }

  /**
   * An effect in the warehouse: the work, the check of the lease and the journal's mark in one transaction.
   * A lost answer to COMMIT is settled by looking for the mark.
   */
  effect(work: (tables: Tables) => Promise<JournalEntry>): Promise<void> {
    return this.#commit(async (runner) => {
      const entry = await work(this.doors.tablesIn(runner));
      await this.lease.fence(runner);
      return entry;
    });
  }

  /** The last entry, in one transaction with what becomes of the lease. */
  finish(entry: JournalEntry, part: (runner: Runner) => Promise<void>): Promise<void> {
    return this.#commit(async (runner) => {
      await this.lease.fence(runner);
      await part(runner);
      return entry;
    });
  }

  /** An effect at Maestro: no attempt is sent unless the lease outlasts its deadline. */
  async atMaestro<T>(work: (beforeSend: () => void) => Promise<T>): Promise<T> {
    const { deadlineMs } = this.context.doors.maestro;
    await this.lease.cover(deadlineMs);
    return work(() => this.lease.expectBeyond(deadlineMs));
  }

  async #commit(work: (runner: Runner) => Promise<JournalEntry>): Promise<void> {
    const { warehouse, journal } = this.doors;
    const position = this.#record.entries.length;
    const committed = warehouse.transaction(async (runner) => {
      const entry = this.#measured(await work(runner));
      await journal.append(this.#identity, position, entry, runner);
      return entry;
    });
    this.#remember(await committed.catch((error: unknown) => this.#settle(error, position)));
  }

  async #settle(error: unknown, position: number): Promise<JournalEntry> {
    if (!isDadosferaError(error) || error.code !== "WAREHOUSE_OUTCOME_UNKNOWN") throw error;
    // The transaction holds the lease's row until it has ended one way or the other: this waits for that. Its last one
    // gives the lease back, so the mark counts even where the lease is gone.
    const isOurs = await this.lease.isRenewed();
    const { entries } = await this.doors.journal.read(this.#record.changeId);
    const mark = entries[position];
    if (mark !== undefined) return mark;
    throw isOurs ? notCommitted(error) : this.lease.lost();
  }

  /** With the time since the entry before, so that a change which another process ends still knows it. */
  #measured(entry: JournalEntry): JournalEntry {
    const ms = this.context.clock.elapsed() - this.#writtenAt;
    return { ...entry, seconds: Math.round(ms / 100) / 10 };
  }

  #remember(entry: JournalEntry): void {
    this.#writtenAt = this.context.clock.elapsed();
    this.#record = { ...this.#record, entries: [...this.#record.entries, entry] };
  }

  get #identity(): ChangeIdentity {
    const { table, jobId } = this.request;
    return {
      changeId: this.#record.changeId,
      jobId,
      pipelineId: this.pipelineId,
      table: `${table.database}.${table.schema}.${table.name}`,
      owner: this.context.owner,
    };
  }
}

function notCommitted(cause: unknown): DadosferaError {
  return new DadosferaError(
    {
      code: "WAREHOUSE_UNAVAILABLE",
      happened: "Lost the connection to Snowflake during COMMIT.",
      now: "The transaction left no mark in the journal, so it was not committed.",
      next: "Check the network, then run `pulumi up` again.",
    },
    { cause },
  );
}
