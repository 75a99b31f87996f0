import type { PipelineId } from "../../domain/job-id.js";
import type { Clock } from "../../maestro/clock.js";
import { Turnstile } from "../../maestro/turnstile.js";
import type { Context, WarehouseDoors } from "../context.js";
import { Barrier, type Errand } from "./barrier.js";
import type { Change } from "./change.js";
import { PipelineLease } from "./pipeline-lease.js";
import { holdSchedule, putScheduleBack } from "./schedule-hold.js";

/** The run ids that there were before a run was started; undefined if none began. */
type RunsBefore = readonly string[] | undefined;

/** The session of each pipeline that a provider process changes. */
export class PipelineSessions {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #sessions = new Map<PipelineId, PipelineSession>();

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
  }

  of(pipelineId: PipelineId): PipelineSession {
    const session =
      this.#sessions.get(pipelineId) ??
      new PipelineSession(pipelineId, new Barrier(this.#clock, this.#signal));
    this.#sessions.set(pipelineId, session);
    return session;
  }
}

/**
 * What the changes of one pipeline's jobs share while they are under way in this process: the lease, taken by the first
 * and given back by the last; the hold of the schedule, likewise; and runs, each for all who wait for one.
 *
 * A change is a member from its first journal entry to its last, or until it is left unfinished. No run starts while a
 * member is anywhere but at the barrier: not between DELETE and reset, not while it compares tables, not while it is
 * being undone. The other way round, a member begins to wait for runs, and to undo, only when no shared run is being
 * started or followed (`quiet`), since a run that Maestro does not list yet would be overlooked. Members come and go one
 * at a time, so that there is always exactly one last: it puts the schedule back before its journal says that it has
 * ended. Killed at any moment, the hold therefore belongs to a change that the journal calls unfinished.
 *
 * Sharing is an economy only. A run that starts anyway, by another hand, sends each change back to waiting; and next to
 * a change that could not be undone the others go on, since it is finished or undone whatever ran in between.
 */
export class PipelineSession {
  readonly #pipelineId: PipelineId;
  readonly #barrier: Barrier<Change, RunsBefore>;
  readonly #doorway = new Turnstile(1);
  #lease: PipelineLease | undefined;
  #jobIds: readonly string[] = [];
  #hold: Promise<string | undefined> | undefined;
  #isLeftHeld = false;

  constructor(pipelineId: PipelineId, barrier: Barrier<Change, RunsBefore>) {
    this.#pipelineId = pipelineId;
    this.#barrier = barrier;
  }

  /**
   * Lets a change in, under the lease. `begin` writes or reads its journal, and answers undefined where there is nothing
   * to do: what has no unfinished entry in the journal is no member.
   * @throws what `begin` throws; `LEASE_TAKEN`, `LEASE_LOST`
   */
  enter<C extends Change | undefined>(
    jobId: string,
    context: Context,
    doors: WarehouseDoors,
    begin: (lease: PipelineLease) => Promise<C>,
  ): Promise<C> {
    return this.#doorway.pass(async () => {
      const lease = await this.#leaseFor([...this.#jobIds, jobId], context, doors);
      try {
        const change = await begin(lease);
        if (change !== undefined) this.#barrier.enter(change);
        return change;
      } finally {
        if (this.#barrier.size === 0) await this.#giveUp(lease, doors);
      }
    });
  }

  /** Holds the schedule, once for all; answers the cron that is to be put back. */
  hold(change: Change): Promise<string | undefined> {
    this.#hold ??= holdSchedule(change, (jobs) => this.#expectAtMost(jobs)).catch(
      (error: unknown) => {
        this.#hold = undefined;
        throw error;
      },
    );
    return this.#hold;
  }

  /** Ends when no shared run is being started or followed. */
  async quiet({ report }: Context): Promise<void> {
    if (this.#barrier.isBusy) report.progress("waiting for the run of the pipeline's other jobs");
    await this.#barrier.quiet();
  }

  /** Has a run started and followed, for this member and all others who come to this point. */
  run(errand: Errand<RunsBefore>): Promise<RunsBefore> {
    return this.#barrier.meet(errand);
  }

  /**
   * Ends a change: the last member puts the cron last wanted back, then gives the lease back and writes the end in one
   * transaction. Until that is written, the next `pulumi up` does it again. Where an unfinished change of the pipeline
   * stays behind, so does the hold.
   */
  leave(change: Change, outcome: "done" | "undone" | "closed"): Promise<void> {
    return this.#doorway.pass(async () => {
      const isLast = this.#barrier.size === 1;
      const isHeld = !isLast || this.#isLeftHeld || (await hasOthersUnfinished(change));
      if (isHeld) {
        await change.finish({ step: "finished", outcome, isHeld }, (runner) =>
          isLast ? change.lease.giveBack(runner, isHeld) : Promise.resolve(),
        );
      } else {
        // Whoever comes in after a failure has to hold it again.
        this.#hold = undefined;
        await putScheduleBack(change, (check) =>
          change.finish({ step: "finished", outcome }, async (runner) => {
            await check(runner);
            await change.lease.giveBack(runner, isHeld);
          }),
        );
      }
      this.#depart(change);
    });
  }

  /** Lets a change go that the journal says is unfinished. The schedule stays held, whoever ends well after it. */
  abandon(change: Change): Promise<void> {
    return this.#doorway.pass(async () => {
      this.#isLeftHeld = true;
      if (this.#barrier.size === 1) await this.#giveUp(change.lease, change.doors);
      this.#depart(change);
    });
  }

  async #leaseFor(
    jobIds: readonly string[],
    context: Context,
    doors: WarehouseDoors,
  ): Promise<PipelineLease> {
    if (this.#lease === undefined)
      this.#lease = await PipelineLease.take(this.#pipelineId, jobIds, context, doors);
    else await this.#lease.admit(jobIds);
    this.#jobIds = jobIds;
    return this.#lease;
  }

  /** A pipeline of one job has nobody to wait for. */
  #expectAtMost(jobs: number): void {
    if (jobs > 0) this.#barrier.mostMembers = jobs;
  }

  #depart(change: Change): void {
    this.#barrier.leave(change);
    if (this.#barrier.size === 0) this.#close();
  }

  /** Gives the lease back and leaves the schedule as it is: the journal says how to go on. */
  async #giveUp(lease: PipelineLease, { warehouse }: WarehouseDoors): Promise<void> {
    this.#close();
    await lease.giveBack(warehouse, true).catch(() => undefined);
  }

  #close(): void {
    this.#lease?.stop();
    this.#lease = undefined;
    this.#jobIds = [];
    this.#hold = undefined;
    this.#isLeftHeld = false;
  }
}

/** True if a change of another job was left unfinished, by whomever. It holds the schedule, unless nobody can tell. */
async function hasOthersUnfinished({ doors, pipelineId, request }: Change): Promise<boolean> {
  const changes = await doors.journal.unfinished().catch(() => []);
  return changes.some((other) => other.pipelineId === pipelineId && other.jobId !== request.jobId);
}
