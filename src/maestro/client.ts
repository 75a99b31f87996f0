import { z } from "zod";
import { type JobId, type PipelineId, withUnderscores } from "../domain/job-id.js";
import { orElse, unlessAbsent } from "./absence.js";
import { inventoryAnswer, shownJobAnswer } from "./inventory-wire.js";
import { type BeforeSend, type Operation, onPipeline, readTenant } from "./operation.js";
import type {
  Inventory,
  JobRecord,
  PipelineCreate,
  PipelinePatch,
  PipelineRecord,
  PipelineSummary,
  RunRecord,
  ShownJob,
  SyncMode,
} from "./records.js";
import { customerNameMissing } from "./refusals.js";
import type { MaestroSettings } from "./settings.js";
import { type MaestroClientOptions, Switchboard } from "./switchboard.js";
import * as wire from "./wire.js";

/** Bodies of effects are mostly undocumented: any success will do. */
const anything = z.unknown();

/** The door to Maestro: one method per operation. Errors are `DadosferaError`s; none holds a credential. */
export class MaestroClient implements AsyncDisposable {
  readonly #switchboard: Switchboard;
  #runsPath: RunsPath = "pipeline_run";
  #syncModeMethod: SyncModeMethod = "POST";

  constructor(settings: MaestroSettings, options: MaestroClientOptions = {}) {
    this.#switchboard = new Switchboard(settings, options);
  }

  /** How long one attempt may take: after it, a request whose answer was lost can no longer arrive. */
  get deadlineMs(): number {
    return this.#switchboard.deadlineMs;
  }

  /** Ends what is under way and frees the connections. */
  close(): Promise<void> {
    return this.#switchboard.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  findPipeline(id: PipelineId): Promise<PipelineRecord | undefined> {
    const operation = onPipeline(id, "GET", `/platform/pipeline/${id}`, "read");
    return unlessAbsent(this.#send(operation, wire.pipelineAnswer(id)));
  }

  /** Every pipeline of the tenant. */
  listPipelines(): Promise<readonly PipelineSummary[]> {
    return this.#send(PIPELINES, wire.pipelinesAnswer);
  }

  /** The same, with those that cannot be anybody's here. */
  takeInventory(): Promise<Inventory> {
    return this.#send(PIPELINES, inventoryAnswer);
  }

  /** With cron `@once`, creation starts the first run. @throws `MAESTRO_OUTCOME_UNKNOWN` when the answer was lost. */
  async createPipeline(body: PipelineCreate): Promise<void> {
    const operation = onPipeline(body.id, "POST", "/platform/pipeline", "create");
    await this.#send({
      ...operation,
      body: wire.pipelineCreateBody(body),
      repeat: "unless-accepted",
    });
  }

  async patchPipeline(
    id: PipelineId,
    patch: PipelinePatch,
    beforeSend?: BeforeSend,
  ): Promise<void> {
    const operation = onPipeline(id, "PATCH", `/platform/pipeline/${id}`, "change");
    await this.#send({ ...operation, body: patch, beforeSend });
  }

  /** Removes a pipeline, its jobs and their state, for good; the tables stay. Already gone is success. */
  async deletePipeline(id: PipelineId): Promise<void> {
    const customerName = await this.#switchboard.customerName();
    if (customerName === undefined) throw customerNameMissing(`delete pipeline ${id}`);
    const operation = onPipeline(id, "DELETE", `/platform/pipeline/${id}`, "delete");
    const headers = { customer_name: customerName };
    await unlessAbsent(this.#send({ ...operation, headers, repeat: "unless-accepted" }));
  }

  /** Stops scheduled runs, and blocks manual ones. A run in progress goes on. */
  pausePipeline(id: PipelineId): Promise<void> {
    return this.#switch(id, "pause");
  }

  unpausePipeline(id: PipelineId): Promise<void> {
    return this.#switch(id, "unpause");
  }

  /**
   * Starts a run, or queues one. Never repeated.
   * @throws `MAESTRO_OUTCOME_UNKNOWN` when the answer was lost: look at the runs. `PIPELINE_PAUSED` for a paused pipeline.
   */
  async executePipeline(id: PipelineId, beforeSend?: BeforeSend): Promise<void> {
    const operation = onPipeline(id, "POST", "/platform/pipeline/execute", "execute");
    const body = { pipeline_id: id };
    await this.#send({ ...operation, body, beforeSend, repeat: "unless-accepted" });
  }

  async setPipelineMemory(id: PipelineId, megabytes: number): Promise<void> {
    const operation = onPipeline(id, "PUT", `/platform/pipeline/${id}/memory`, "set the memory of");
    await this.#send({ ...operation, body: { amount: megabytes } });
  }

  async setJobMemory(id: JobId, megabytes: number): Promise<void> {
    await this.#onJob(id, "set the memory of", (spelled) => ({
      method: "PUT",
      path: `/platform/jobs/${spelled}/memory`,
      body: { amount: megabytes },
    }));
  }

  /** The runs of a pipeline, in no promised order. */
  async listRuns(id: PipelineId): Promise<readonly RunRecord[]> {
    const list = (path: RunsPath) =>
      this.#send(
        onPipeline(id, "GET", `/platform/pipeline/${id}/${path}`, "list the runs of"),
        wire.runsAnswer,
      );
    if (this.#runsPath === "runs") return list("runs");
    return orElse("ROUTE_NOT_FOUND", list("pipeline_run"), async () => {
      const runs = await list("runs");
      this.#runsPath = "runs";
      return runs;
    });
  }

  findRun(id: PipelineId, runId: string): Promise<RunRecord | undefined> {
    const path = `/platform/pipeline/${id}/pipeline_run/${encodeURIComponent(runId)}`;
    const operation = onPipeline(id, "GET", path, `read run "${runId}" of`);
    return unlessAbsent(this.#send(operation, wire.runAnswer));
  }

  findJob(id: JobId): Promise<JobRecord | undefined> {
    return unlessAbsent(this.#onJob(id, "read", readJob, wire.jobAnswer(id)));
  }

  /** The same, with the names of what Maestro shows and nothing here knows. */
  showJob(id: JobId): Promise<ShownJob | undefined> {
    return unlessAbsent(this.#onJob(id, "read", readJob, shownJobAnswer(id)));
  }

  /** Adds columns to those that a job extracts. Those it has already stay, so it can be done twice; none can be removed. */
  async addJobColumns(
    id: JobId,
    columns: readonly string[],
    beforeSend?: BeforeSend,
  ): Promise<void> {
    await this.#onJob(id, "add columns to", (spelled) => ({
      method: "PATCH",
      path: `/platform/jobs/${spelled}/input`,
      body: { column_include_list: columns },
      beforeSend,
    }));
  }

  /** Clears a job's bookmark: its next run extracts everything. */
  async resetState(id: JobId, beforeSend?: BeforeSend): Promise<void> {
    await this.#onJob(id, "reset the state of", (spelled) => ({
      method: "POST",
      path: `/platform/jobs/${spelled}/reset-state`,
      beforeSend,
    }));
  }

  /** Sets a job's bookmark, and says to what Maestro says it was set: compare. */
  resetStateTo(
    id: JobId,
    value: string | number,
    beforeSend?: BeforeSend,
  ): Promise<{ readonly echoed: string | number }> {
    const request = (spelled: string) =>
      ({
        method: "POST",
        path: `/platform/jobs/${spelled}/reset-state`,
        body: { incremental_column_value: value },
        beforeSend,
      }) as const;
    return this.#onJob(id, "set the state of", request, wire.resetAnswer);
  }

  /** Changes a job's load type. Documented as PUT and shown as POST: POST first, PUT if Maestro does not route it. */
  async setSyncMode(id: JobId, mode: SyncMode, beforeSend?: BeforeSend): Promise<void> {
    const set = (method: SyncModeMethod) =>
      this.#onJob(id, "change the load type of", (spelled) => ({
        method,
        path: `/platform/jobs/jdbc/${spelled}/sync-mode`,
        body: wire.syncModeBody(mode),
        beforeSend,
        repeat: "unless-accepted",
      }));
    if (this.#syncModeMethod === "PUT") await set("PUT");
    else
      await orElse("ROUTE_NOT_FOUND", set("POST"), async () => {
        await set("PUT");
        this.#syncModeMethod = "PUT";
      });
  }

  /** The column types that may serve as a cursor, by plugin. */
  allowedDatatypes(): Promise<Readonly<Record<string, readonly string[]>>> {
    const path = "/platform/jobs/jdbc/configs/allowed_datatypes";
    const operation = readTenant(path, "list the types a cursor may have");
    return this.#send(operation, wire.datatypesAnswer);
  }

  async #switch(id: PipelineId, verb: "pause" | "unpause"): Promise<void> {
    const operation = onPipeline(id, "POST", `/platform/pipeline/${verb}`, verb);
    const alreadySo = verb === "pause" ? "PipelineAlreadyPaused" : "PipelineNotPaused";
    await this.#send({ ...operation, body: { pipeline_id: id }, alreadySo });
  }

  /** Ids with hyphens are recorded as working, but the reference writes underscores: so an unknown job is asked for in both. */
  #onJob<T = unknown>(
    id: JobId,
    verb: string,
    request: (spelled: string) => JobRequest,
    answer?: z.ZodType<T>,
  ): Promise<T> {
    const about = { kind: "job", id } as const;
    const intent = `${verb} job ${id}`;
    const send = (spelled: string) =>
      this.#send<T>({ repeat: "always", ...request(spelled), about, intent }, answer);
    return orElse("JOB_NOT_FOUND", send(id), () => send(withUnderscores(id)));
  }

  #send<T>(operation: Operation, answer?: z.ZodType<T>): Promise<T> {
    return this.#switchboard.send(operation, answer ?? (anything as z.ZodType<T>));
  }
}

const readJob = (spelled: string) =>
  ({ method: "GET", path: `/platform/jobs/jdbc/${spelled}` }) as const;
const PIPELINES = readTenant("/platform/pipelines", "list the pipelines");

type RunsPath = "pipeline_run" | "runs";
type SyncModeMethod = "POST" | "PUT";
type JobRequest = Omit<Operation, "about" | "intent" | "repeat"> & Partial<Operation>;
