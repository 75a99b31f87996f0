import { canonical } from "./ids.js";

/** A job's `input` as sent at creation and as PATCH input left it; fields that the emulator does not know are kept. */
export interface JobInput {
  readonly connector: string;
  readonly plugin: string;
  readonly table_schema: string;
  readonly table_name: string;
  readonly load_type: LoadType;
  readonly incremental_column_name?: string | null;
  readonly incremental_column_type?: string | null;
  readonly primary_keys?: readonly string[] | null;
  /** Null or missing: all columns. */
  readonly column_include_list?: readonly string[] | null;
  readonly [unknown: string]: unknown;
}

export type LoadType = "full_load" | "incremental" | "incremental_with_qualify";

/** A table at the destination. */
export interface TableTarget {
  readonly table_name: string;
  readonly table_schema: string;
}

export interface Job {
  /** Canonical: the pipeline's id, a hyphen, the position. */
  readonly id: string;
  readonly number: number;
  readonly pipelineId: string;
  readonly index: number;
  readonly input: JobInput;
  readonly output: { readonly raw: TableTarget; readonly qualify: TableTarget };
  readonly transformations: readonly unknown[];
  readonly status: string;
  /** The newest cursor seen, as text; undefined: the next run extracts everything. No operation shows it. */
  readonly bookmark: string | undefined;
  readonly memoryMb: number;
}

export interface Pipeline {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly description: string | null;
  readonly cron: string | null;
  /** The cron before the last change, and until when the scheduler has not heard of that change. */
  readonly cronBefore: { readonly cron: string | null; readonly until: number } | undefined;
  readonly isPaused: boolean;
  readonly customerId: string;
  readonly userId: string;
  readonly lastStatus: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface Run {
  readonly number: number;
  /** 32 hex digits. */
  readonly id: string;
  readonly pipelineId: string;
  readonly status: "QUEUED" | "RUNNING" | "SUCCESS" | "FAILED";
  readonly trigger: "manual" | "scheduled" | "once";
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly trace: string | undefined;
}

/** What the emulated service remembers. Records are values: a change puts a new one in place of the old. */
export class Store {
  readonly #pipelines = new Map<string, Pipeline>();
  readonly #jobs = new Map<string, Job>();
  readonly #runs = new Map<string, Run>();
  #lastNumber = 300;

  nextNumber(): number {
    this.#lastNumber += 1;
    return this.#lastNumber;
  }

  get pipelines(): readonly Pipeline[] {
    return [...this.#pipelines.values()];
  }

  findPipeline(id: string): Pipeline | undefined {
    return this.#pipelines.get(canonical(id));
  }

  addPipeline(pipeline: Pipeline, jobs: readonly Job[]): void {
    this.#pipelines.set(pipeline.id, pipeline);
    for (const job of jobs) this.#jobs.set(job.id, job);
  }

  changePipeline(id: string, change: Partial<Pipeline>): void {
    const pipeline = this.#pipelines.get(id);
    if (pipeline !== undefined) this.#pipelines.set(id, { ...pipeline, ...change });
  }

  /** Drops the pipeline, its jobs, their bookmarks and its history. */
  removePipeline(id: string): void {
    this.#pipelines.delete(id);
    for (const job of this.#jobs.values()) if (job.pipelineId === id) this.#jobs.delete(job.id);
    for (const run of this.#runs.values()) if (run.pipelineId === id) this.#runs.delete(run.id);
  }

  /** The jobs of a pipeline in their order. */
  jobsOf(pipelineId: string): readonly Job[] {
    return [...this.#jobs.values()].filter((job) => job.pipelineId === pipelineId);
  }

  findJob(id: string): Job | undefined {
    return this.#jobs.get(canonical(id));
  }

  changeJob(id: string, change: Partial<Job>): void {
    const job = this.#jobs.get(id);
    if (job !== undefined) this.#jobs.set(id, { ...job, ...change });
  }

  /** Every run, oldest first. */
  get runs(): readonly Run[] {
    return [...this.#runs.values()];
  }

  addRun(run: Run): void {
    this.#runs.set(run.id, run);
  }

  changeRun(id: string, change: Partial<Run>): void {
    const run = this.#runs.get(id);
    if (run !== undefined) this.#runs.set(id, { ...run, ...change });
  }
}
