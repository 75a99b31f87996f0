import { DadosferaError } from "../../domain/errors.js";
import type { PipelineId } from "../../domain/job-id.js";
import { LEASE_SECONDS } from "../../warehouse/leases.js";
import type { Runner } from "../../warehouse/session.js";
import { type Context, nextLook, type WarehouseDoors } from "../context.js";
import { type Moment, momentOf, mostSince } from "./time-left.js";

const PATIENCE_MS = 180_000;
const RENEWAL_MS = 30_000;
/** How long a request may wait for its place and for a token before it is sent. */
const SPARE_MS = 20_000;

/** A schedule that Maestro was asked to forget, and that is to be put back. */
export interface HeldSchedule {
  readonly cron: string | null;
}

/** This process's right to change a pipeline: renewed while it is held, checked before each effect. */
export class PipelineLease {
  readonly pipelineId: PipelineId;
  readonly #context: Context;
  readonly #doors: WarehouseDoors;
  /** Grows with each owner: what was begun under an older one has no effect any more. */
  readonly epoch: number;
  readonly #renewal: NodeJS.Timeout;
  /** When the lease was last known to be extended; undefined once it is known to be lost. */
  #extended: Moment | undefined;

  private constructor(
    pipelineId: PipelineId,
    context: Context,
    doors: WarehouseDoors,
    epoch: number,
    since: Moment,
  ) {
    this.pipelineId = pipelineId;
    this.#context = context;
    this.#doors = doors;
    this.epoch = epoch;
    this.#extended = since;
    this.#renewal = setInterval(() => void this.isRenewed().catch(() => undefined), RENEWAL_MS);
    this.#renewal.unref();
  }

  /** Waits up to three minutes for another owner, then refuses with the owner's name. */
  static async take(
    pipelineId: PipelineId,
    members: readonly string[],
    context: Context,
    doors: WarehouseDoors,
  ): Promise<PipelineLease> {
    const { clock, owner, report } = context;
    await doors.journal.prepare();
    const started = clock.elapsed();
    for (;;) {
      const before = await doors.leases.find(pipelineId);
      const since = momentOf(clock);
      const lease = await doors.leases.take(pipelineId, owner, members);
      if (lease.owner === owner) {
        // A request that a dead owner sent may still arrive until its deadline has passed. Whoever is interrupted
        // meanwhile keeps the lease, so that the next one waits as well.
        const wasAbandoned = before?.owner !== undefined && before.owner !== owner;
        if (wasAbandoned) await wait(context.doors.maestro.deadlineMs, pipelineId, context);
        return new PipelineLease(pipelineId, context, doors, lease.epoch, since);
      }
      const elapsed = clock.elapsed() - started;
      if (elapsed > PATIENCE_MS) throw taken(pipelineId, lease.owner, lease.takenAt);
      report.progress(
        `waiting for ${lease.owner}, who changes this pipeline since ${lease.takenAt} UTC`,
      );
      await wait(nextLook(elapsed, context.polling), pipelineId, context);
    }
  }

  /** Has the lease's row name these jobs. @throws `LEASE_LOST` */
  async admit(members: readonly string[]): Promise<void> {
    if (!(await this.isRenewed(members))) throw this.lost();
  }

  /** Makes sure that the lease outlasts a request that begins now. */
  async cover(requestMs: number): Promise<void> {
    if (!this.#outlasts(SPARE_MS + requestMs)) await this.renew();
  }

  /** Throws unless the lease outlasts a request that is sent now. */
  expectBeyond(requestMs: number): void {
    if (!this.#outlasts(requestMs)) throw this.lost();
  }

  /** Extends the lease now. @throws `LEASE_LOST` */
  async renew(): Promise<void> {
    if (!(await this.isRenewed())) throw this.lost();
  }

  /** Checks and locks the lease in a transaction, as its last statement but the mark. */
  async fence(runner: Runner): Promise<void> {
    const { leases } = this.#doors;
    if ((await leases.fence(runner, this.pipelineId, this.#context.owner, this.epoch)) !== 1)
      throw this.lost();
  }

  async hold(cron: string): Promise<void> {
    const { leases } = this.#doors;
    if (!(await leases.hold(this.pipelineId, this.#context.owner, this.epoch, cron)))
      throw this.lost();
  }

  /** The cron to put back; undefined where nothing is held. */
  async held(runner?: Runner): Promise<HeldSchedule | undefined> {
    const row = await this.#doors.leases.find(this.pipelineId, runner);
    return row?.isHeld === true ? { cron: row.heldCron ?? null } : undefined;
  }

  /** Gives the lease back; a schedule that is still held is left to whoever takes the lease next. */
  async giveBack(runner: Runner, isHeld: boolean): Promise<void> {
    await this.#doors.leases.giveBack(
      runner,
      this.pipelineId,
      this.#context.owner,
      this.epoch,
      isHeld,
    );
  }

  /** Ends the renewal. */
  stop(): void {
    clearInterval(this.#renewal);
  }

  /** Extends the lease now; false if it is no longer this process's. Waits for a transaction that holds its row. */
  async isRenewed(members?: readonly string[]): Promise<boolean> {
    const since = momentOf(this.#context.clock);
    const { owner } = this.#context;
    const isOurs = await this.#doors.leases.renew(this.pipelineId, owner, this.epoch, members);
    this.#extended = isOurs ? since : undefined;
    return isOurs;
  }

  #outlasts(requestMs: number): boolean {
    if (this.#extended === undefined) return false;
    return mostSince(this.#extended, this.#context.clock) + requestMs < LEASE_SECONDS * 1000;
  }

  /** The error of work whose lease somebody else may have taken. */
  lost(): DadosferaError {
    return new DadosferaError({
      code: "LEASE_LOST",
      happened: `Stopped the change of pipeline ${this.pipelineId}: its lease expired and somebody else may have taken it.`,
      now: "This step had no effect; whoever took the lease finishes or undoes the change.",
      next: "Run `pulumi up` again.",
    });
  }
}

async function wait(ms: number, pipelineId: PipelineId, { clock, signal }: Context): Promise<void> {
  await clock.wait(ms, signal).catch((error: unknown) => {
    throw signal.aborted ? interrupted(pipelineId, error) : error;
  });
}

function interrupted(pipelineId: PipelineId, cause: unknown): DadosferaError {
  return new DadosferaError(
    {
      code: "INTERRUPTED",
      happened: `Stopped waiting for the lease of pipeline ${pipelineId}: this command was interrupted.`,
      now: "Nothing was changed by this command.",
      next: `Run \`pulumi up\` again; it may have to wait ${LEASE_SECONDS} seconds.`,
    },
    { cause },
  );
}

function taken(
  pipelineId: PipelineId,
  owner: string | undefined,
  takenAt: string | undefined,
): DadosferaError {
  return new DadosferaError({
    code: "LEASE_TAKEN",
    happened: `Did not change pipeline ${pipelineId}: ${owner} changes it since ${takenAt} UTC.`,
    now: "Nothing was changed by this command.",
    next: "Wait for the other `pulumi up` to end, then run this one again.",
  });
}
