import type { TableName } from "#src/domain/destination.js";
import type { LoadType } from "#src/domain/job.js";
import type { WorldClock } from "./clock.js";
import type { CursorKind } from "./cursors.js";
import { deduplicate } from "./deduplication.js";
import { type Extraction, extract } from "./extraction.js";
import { type Excuse, pairOf } from "./rows.js";
import type { Source } from "./source.js";
import type { Storage } from "./storage.js";
import type { ModelSwitches } from "./switches.js";

/** Where a job goes on: by which clock is a switch's matter. */
interface Bookmark {
  /** Milliseconds since 1970; undefined: the next run extracts everything. */
  readonly at: number | undefined;
  /** Who set it: a run, in which case what it brings twice is Maestro's own doing; or else a request: back, or forward in an undo. */
  readonly by: "run" | "reset" | "undo" | Excuse;
}

export interface MemoryJob {
  readonly id: string;
  readonly source: Source;
  readonly destination: TableName;
  readonly deduplicated: TableName;
  readonly columns: readonly string[];
  readonly loadType: LoadType;
  readonly cursor: string | undefined;
  /** Its type at the source. */
  readonly cursorType: string;
  readonly primaryKeys: readonly string[];
  readonly bookmark: Bookmark;
}

export interface MemoryRun {
  readonly id: string;
  readonly createdAt: number;
  /** Whether a change asked for it, or a schedule or a person. */
  readonly isOfChange: boolean;
  status: "QUEUED" | "RUNNING" | "SUCCESS" | "FAILED";
}

/** What Maestro's side of the world is made of. */
export interface MaestroWorld {
  readonly clock: WorldClock;
  readonly switches: ModelSwitches;
  readonly cursorKind: CursorKind;
  readonly storage: Storage;
  readonly runMs: number;
  /** True while a change is being undone. */
  readonly isUndoing: () => boolean;
  /** Told of what a run wrote. */
  readonly onWritten: (job: MemoryJob, extraction: Extraction) => void;
}

/** How often each cron fires, in minutes; the last one practically never. */
export const CRONS: Readonly<Record<string, number>> = {
  "* * * * *": 1,
  "*/7 * * * *": 7,
  "0 3 1 1 *": 1_000_000_000,
};

const MINUTE_MS = 60_000;
const TRACE = "Memory exhausted";

/** One pipeline as Maestro has it: schedule, jobs, runs. */
export class MemoryMaestro {
  readonly world: MaestroWorld;
  readonly #jobs = new Map<string, MemoryJob>();
  readonly #runs: MemoryRun[] = [];
  readonly #hidden = new Set<MemoryRun>();
  readonly #skipped = new Set<string>();
  #cron: string | null;
  #cronBefore: { readonly cron: string | null; readonly until: number } | undefined;
  #accidents = 0;
  #wasSetForward = false;

  constructor(world: MaestroWorld, cron: string | null) {
    this.world = world;
    this.#cron = cron;
    this.#visit(Math.ceil((world.clock.now() + 1) / MINUTE_MS) * MINUTE_MS);
  }

  get cron(): string | null {
    return this.#cron;
  }

  get runs(): readonly MemoryRun[] {
    return this.#runs;
  }

  /** Versions that Maestro's own failed runs passed over. */
  get skipped(): ReadonlySet<string> {
    return this.#skipped;
  }

  get jobs(): readonly MemoryJob[] {
    return [...this.#jobs.values()];
  }

  /** The runs as Maestro lists them, late perhaps. */
  list(): readonly MemoryRun[] {
    const latest = this.world.clock.now() - this.world.switches.runsListedLateMs;
    for (const run of this.#runs) if (run.createdAt > latest) this.#hidden.add(run);
    return this.#runs.filter(({ createdAt }) => createdAt <= latest);
  }

  /** Runs that somebody asked for a list was not shown. */
  get hidden(): readonly MemoryRun[] {
    return [...this.#hidden];
  }

  get isIdle(): boolean {
    return this.#runs.every(({ status }) => status === "SUCCESS" || status === "FAILED");
  }

  job(id: string): MemoryJob | undefined {
    return this.#jobs.get(id);
  }

  put(job: MemoryJob): void {
    this.#jobs.set(job.id, job);
  }

  change(id: string, change: Partial<MemoryJob>): void {
    if (["undo", "state cut to whole seconds"].includes(change.bookmark?.by ?? ""))
      this.#wasSetForward = true;
    const job = this.#jobs.get(id);
    if (job !== undefined) this.#jobs.set(id, { ...job, ...change });
  }

  /** Whether an undo ever set the state of a job. */
  get wasSetForward(): boolean {
    return this.#wasSetForward;
  }

  /** Writes the schedule. */
  schedule(cron: string | null): void {
    const { clock, switches } = this.world;
    const until = clock.now() + (cron === null ? switches.cronNullObeyedLateMs : 0);
    this.#cronBefore = { cron: this.#cron, until };
    this.#cron = cron;
    if (cron === "@once" && switches.onceRestoredRuns) this.start();
  }

  /** The next runs to begin end FAILED. */
  failNext(count: number): void {
    this.#accidents += count;
  }

  /** The accidents that have not happened yet are called off. */
  calm(): void {
    this.#accidents = 0;
  }

  /** Starts a run, or queues it behind the one in progress. */
  start(isOfChange = false): void {
    const createdAt = this.world.clock.now();
    this.#runs.push({
      id: `run-${this.#runs.length + 1}`,
      createdAt,
      isOfChange,
      status: "QUEUED",
    });
    this.#beginNext();
  }

  #visit(minute: number): void {
    this.world.clock.alarm(minute, () => {
      if (this.#isDue(minute) && !this.#runs.some(({ status }) => status === "QUEUED"))
        this.start();
      this.#visit(minute + MINUTE_MS);
    });
  }

  #isDue(minute: number): boolean {
    const before = this.#cronBefore;
    const obeyed = before !== undefined && minute < before.until ? before.cron : this.#cron;
    const everyMinutes = obeyed === null ? undefined : CRONS[obeyed];
    return everyMinutes !== undefined && (minute / MINUTE_MS) % everyMinutes === 0;
  }

  #beginNext(): void {
    const next = this.#runs.find(({ status }) => status === "QUEUED");
    if (next === undefined || this.#runs.some(({ status }) => status === "RUNNING")) return;
    next.status = "RUNNING";
    const isAccident = this.#accidents > 0;
    if (isAccident) this.#accidents -= 1;
    // As they stand now: a change made during a run is for the next one.
    const jobs = this.jobs;
    const { clock, runMs } = this.world;
    clock.alarm(clock.now() + runMs, () => {
      next.status = this.#carryOut(jobs, isAccident ? TRACE : undefined);
      this.#beginNext();
    });
  }

  #carryOut(jobs: readonly MemoryJob[], accident: string | undefined): "SUCCESS" | "FAILED" {
    for (const job of jobs) {
      const extraction = extract(job, this.world);
      if (accident === undefined) {
        this.#write(job, extraction);
        this.#move(job, extraction.newest ?? job.bookmark.at);
      } else {
        this.#fail(job, extraction);
        return "FAILED";
      }
    }
    return "SUCCESS";
  }

  /** A failed run keeps its rows or not, and moves on or not. */
  #fail(job: MemoryJob, extraction: Extraction): void {
    const { failedRunKeepsRows, failedRunMovesBookmark } = this.world.switches;
    const { by, at } = job.bookmark;
    if (failedRunKeepsRows) this.#write(job, extraction);
    else if (failedRunMovesBookmark && by !== "reset") this.#skip(extraction);
    if (failedRunMovesBookmark) this.#move(job, extraction.newest ?? at);
    // What a failed run left comes again from where it began, as at any other time.
    else if (failedRunKeepsRows && by === "undo") this.#move(job, at);
  }

  /** Rows that no run will ever bring, change or no change: a failed one dropped them and moved on. */
  #skip({ rows }: Extraction): void {
    for (const row of rows) this.#skipped.add(pairOf(row));
  }

  /** A bookmark that stays where it is leaves alone what was set during the run. */
  #move({ id, bookmark }: MemoryJob, at: number | undefined): void {
    const isUntouched = this.#jobs.get(id)?.bookmark === bookmark;
    if (at !== bookmark.at || isUntouched) this.change(id, { bookmark: { at, by: "run" } });
  }

  #write(job: MemoryJob, extraction: Extraction): void {
    const { storage, switches, onWritten } = this.world;
    const name = job.destination;
    const found = storage.find(name) ?? { name, columns: extraction.columns, rows: [] };
    const isReplaced = job.loadType === "full_load";
    const hasRows = extraction.rows.length > 0;
    const columns = hasRows
      ? [...new Set([...found.columns, ...extraction.columns])]
      : found.columns;
    const before = isReplaced ? [] : found.rows;
    const added = extraction.mark(before);
    storage.put({ name, columns, rows: [...before, ...added] });
    if (job.loadType === "incremental_with_qualify") deduplicate(job, storage, switches);
    onWritten(job, extraction);
  }
}
