import { type JobId, type PipelineId, pipelineId } from "#src/domain/job-id.js";
import type { Doors } from "#src/lifecycle/context.js";
import type { JobRecord, PipelineRecord, RunRecord } from "#src/maestro/records.js";
import { cellOf, momentText, typeOf } from "../world/cursors.js";
import type { MemoryJob, MemoryMaestro, MemoryRun } from "../world/maestro.js";
import type { ModelProcess } from "../world/process.js";

export const DEADLINE_MS = 30_000;

type Door = Doors["maestro"];

/** Maestro as one process sees it. */
export function maestroDoor(maestro: MemoryMaestro, process: ModelProcess): Door {
  return {
    ...reads(maestro, process),
    ...jobEffects(maestro, process),
    patchPipeline: (_id, { cron }, beforeSend) =>
      process.ask({ door: "maestro", kind: "effect", beforeSend }, () => {
        if (cron !== undefined) maestro.schedule(cron);
      }),
    executePipeline: (_id, beforeSend) =>
      process.ask({ door: "maestro", kind: "once", beforeSend }, () => maestro.start(true)),
    ...notModelled,
  };
}

type Reads = Pick<Door, "deadlineMs" | "findPipeline" | "findJob" | "listRuns" | "findRun">;

function reads(maestro: MemoryMaestro, process: ModelProcess): Reads {
  const read = <T>(look: () => T) => process.ask({ door: "maestro", kind: "read" }, look);
  const listed = () => maestro.list().map(recordOfRun);
  return {
    deadlineMs: DEADLINE_MS,
    findPipeline: (id) => read(() => recordOfPipeline(id, maestro)),
    findJob: (id) => read(() => recordOfJob(id, maestro.job(id))),
    listRuns: () => read(() => listed().toReversed()),
    findRun: (_id, runId) => read(() => listed().find((run) => run.runId === runId)),
  };
}

type JobEffects = Pick<Door, "addJobColumns" | "resetState" | "resetStateTo" | "setSyncMode">;

function jobEffects(maestro: MemoryMaestro, process: ModelProcess): JobEffects {
  const { switches, cursorKind } = maestro.world;
  const setBy = () => (maestro.world.isUndoing() ? ("undo" as const) : ("reset" as const));
  const effect = <T>(beforeSend: (() => void) | undefined, work: () => T) =>
    process.ask({ door: "maestro", kind: "effect", beforeSend }, work);
  return {
    addJobColumns: (id, columns, beforeSend) =>
      effect(beforeSend, () => {
        const job = maestro.job(id);
        if (job === undefined) return;
        const isCleared = switches.patchInputClearsState && job.bookmark.at !== undefined;
        maestro.change(id, {
          columns: [...new Set([...job.columns, ...columns])],
          ...(isCleared && {
            bookmark: { at: undefined, by: "state cleared by a patch" as const },
          }),
        });
      }),
    resetState: (id, beforeSend) =>
      effect(beforeSend, () => maestro.change(id, { bookmark: { at: undefined, by: setBy() } })),
    resetStateTo: (id, value, beforeSend) =>
      effect(beforeSend, () => {
        const at = cellOf(String(value), { type: typeOf(cursorKind) });
        const isCut =
          cursorKind === "timestamp" && switches.resetTruncatesFractions && at % 1000 !== 0;
        const by = isCut ? ("state cut to whole seconds" as const) : setBy();
        maestro.change(id, { bookmark: { at: isCut ? at - (at % 1000) : at, by } });
        return { echoed: value };
      }),
    setSyncMode: (id, mode, beforeSend) =>
      process.ask({ door: "maestro", kind: "once", beforeSend }, () => {
        const job = maestro.job(id);
        if (job !== undefined) maestro.change(id, migrated(job, mode));
      }),
  };
}

type Mode = Parameters<Door["setSyncMode"]>[1];

/** Between the two incremental types the bookmark is kept. */
function migrated(job: MemoryJob, mode: Mode): Partial<MemoryJob> {
  const { targetLoadType: loadType, incrementalColumnName, primaryKeys } = mode;
  const isFull = loadType === "full_load";
  const isKept = !isFull && job.loadType !== "full_load";
  return {
    loadType,
    cursor: isFull ? undefined : incrementalColumnName,
    primaryKeys: isFull ? [] : (primaryKeys ?? job.primaryKeys),
    bookmark: isKept ? job.bookmark : { at: undefined, by: "reset" },
  };
}

function recordOfPipeline(id: PipelineId, { cron, jobs }: MemoryMaestro): PipelineRecord {
  const described = jobs.map((job) => ({ id: job.id as JobId, input: {}, output: {} }));
  return { id, name: "Orders", cron, status: "active", jobs: described };
}

function recordOfJob(id: JobId, job: MemoryJob | undefined): JobRecord | undefined {
  if (job === undefined) return undefined;
  return {
    id,
    pipelineId: pipelineId.parse(id.slice(0, id.lastIndexOf("-"))),
    connector: "jdbc",
    plugin: "mysql",
    tableSchema: "cadastros",
    tableName: "pedidos",
    columnIncludeList: job.columns,
    loadType: job.loadType,
    ...(job.cursor !== undefined && {
      incrementalColumnName: job.cursor,
      incrementalColumnType: job.cursorType,
    }),
    ...(job.primaryKeys.length > 0 && { primaryKeys: job.primaryKeys }),
    destinationTable: job.destination.name,
  };
}

function recordOfRun({ id, status, createdAt }: MemoryRun): RunRecord {
  const kinds = { QUEUED: "running", RUNNING: "running", SUCCESS: "succeeded", FAILED: "failed" };
  const kind = kinds[status] as RunRecord["kind"];
  return { runId: id, status, kind, createdAt: momentText(createdAt) };
}

const refuse = () => Promise.reject(new Error("The model does not know this operation"));

/** What no change of rows asks for. */
const notModelled = {
  listPipelines: refuse,
  takeInventory: refuse,
  showJob: refuse,
  createPipeline: refuse,
  deletePipeline: refuse,
  pausePipeline: refuse,
  unpausePipeline: refuse,
  setPipelineMemory: refuse,
  setJobMemory: refuse,
  allowedDatatypes: refuse,
  close: async () => undefined,
  [Symbol.asyncDispose]: async () => undefined,
};
