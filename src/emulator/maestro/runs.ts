import type { TurnableClock } from "../clock.js";
import { newRunId } from "./ids.js";
import type { Job, Run, Store } from "./store.js";

/**
 * Carries out one job as it stood when its run began. `accident` is the trace of a run that was told to fail; a rejection is
 * a failure as well, with the error's message for its trace.
 */
export type Extract = (
  job: Job,
  accident: string | undefined,
) => Promise<{ readonly bookmark: string | undefined; readonly failure: string | undefined }>;

/** What runs work with; `runMs` is how long each lasts, by the emulator's clock. */
export interface RunWorld {
  readonly clock: TurnableClock;
  readonly store: Store;
  readonly extract: Extract;
  readonly runMs: number;
}

interface Gate {
  readonly opened: Promise<void>;
  readonly open: () => void;
}

/** Carries out runs: one at a time per pipeline, the jobs of a pipeline in their order. */
export class Runs implements AsyncDisposable {
  readonly #world: RunWorld;
  readonly #underWay = new Set<Promise<void>>();
  readonly #extracting = new Set<Promise<unknown>>();
  #accidents: readonly string[] = [];
  #gate: Gate | undefined;

  constructor(world: RunWorld) {
    this.#world = world;
  }

  /** Every run of every pipeline, oldest first, also those that the list does not show yet. */
  get all(): readonly Run[] {
    return this.#world.store.runs;
  }

  /** Runs that have begun, or begin from now on, stay RUNNING until `release()`. */
  hold(): void {
    this.#gate ??= newGate();
  }

  release(): void {
    this.#gate?.open();
    this.#gate = undefined;
  }

  /** The next `count` runs to begin end FAILED, with this trace. */
  failNext(trace: string, count = 1): void {
    this.#accidents = [...this.#accidents, ...Array.from({ length: count }, () => trace)];
  }

  /** Ends when no run is queued or running; with a hold, that is after `release()`. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** Ends when no rows are being moved: for a clock that jumps, and would take the work for hours. */
  async extracted(): Promise<void> {
    await Promise.allSettled(this.#extracting);
  }

  /** Starts a run, or queues it behind the one in progress. */
  start(pipelineId: string, trigger: Run["trigger"]): Run {
    const now = this.#world.clock.now();
    const run: Run = {
      number: this.#world.store.nextNumber(),
      id: newRunId(),
      pipelineId,
      status: "QUEUED",
      trigger,
      createdAt: now,
      updatedAt: now,
      trace: undefined,
    };
    this.#world.store.addRun(run);
    this.#beginNext(pipelineId);
    return run;
  }

  /** A tick of the schedule: one that comes while a run is queued already adds nothing. */
  startIfNoneQueued(pipelineId: string): void {
    const isQueued = this.all.some(
      (run) => run.pipelineId === pipelineId && run.status === "QUEUED",
    );
    if (!isQueued) this.start(pipelineId, "scheduled");
  }

  /** Ends early: what runs has no effect any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#world.clock.stop();
    this.release();
    await this.idle();
  }

  #beginNext(pipelineId: string): void {
    const runs = this.#world.store.runs.filter((run) => run.pipelineId === pipelineId);
    const next = runs.find((run) => run.status === "QUEUED");
    if (next === undefined || runs.some((run) => run.status === "RUNNING")) return;
    this.#report(next, "RUNNING");
    const work = this.#perform(next).finally(() => {
      this.#underWay.delete(work);
      this.#beginNext(pipelineId);
    });
    this.#underWay.add(work);
  }

  async #perform(run: Run): Promise<void> {
    const { clock, store, runMs } = this.#world;
    const [accident, ...accidents] = this.#accidents;
    this.#accidents = accidents;
    // Configuration and bookmark are those of the beginning: a change made during a run is for the next one, and the
    // bookmark that this run writes at its end overwrites a reset made meanwhile.
    const jobs = store.jobsOf(run.pipelineId);
    await clock.wait(runMs);
    await this.#gate?.opened;
    const failure = clock.isStopped
      ? "The service was stopped"
      : await this.#extracted(this.#carryOut(jobs, accident));
    this.#report(run, failure === undefined ? "SUCCESS" : "FAILED", failure);
  }

  async #extracted<T>(work: Promise<T>): Promise<T> {
    this.#extracting.add(work);
    return work.finally(() => this.#extracting.delete(work));
  }

  /** Answers the trace of the first job that failed; the jobs after it are not begun. */
  async #carryOut(jobs: readonly Job[], accident: string | undefined): Promise<string | undefined> {
    for (const job of jobs) {
      const failure = await this.#carryOutJob(job, accident);
      this.#world.store.changeJob(job.id, { status: failure === undefined ? "SUCCESS" : "FAILED" });
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  async #carryOutJob(job: Job, accident: string | undefined): Promise<string | undefined> {
    try {
      const { bookmark, failure } = await this.#world.extract(job, accident);
      if (bookmark !== job.bookmark) this.#world.store.changeJob(job.id, { bookmark });
      return failure;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  #report(run: Run, status: Run["status"], trace?: string): void {
    const { clock, store } = this.#world;
    store.changeRun(run.id, { status, trace, updatedAt: clock.now() });
    store.changePipeline(run.pipelineId, { lastStatus: status });
  }
}

function newGate(): Gate {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
