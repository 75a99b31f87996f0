import type { Backfill, JobInputs, JobOutputs, LoadType } from "#src/domain/job.js";
import { loadedColumns } from "#src/domain/job.js";
import type { PipelineInputs, PipelineOutputs } from "#src/domain/pipeline.js";
import { cursorOf, textOf } from "./world/cursors.js";
import { BASE_COLUMNS, JOB, type ModelWorld, PIPELINE } from "./world/world.js";

/** What a program says of the job and the pipeline; what goes without saying follows from the state. */
export interface Program {
  readonly columns: readonly ("telefone" | "email")[];
  /** `after`: a place among the source's cursors; `isTaken`: right on one of them. */
  readonly rows: "none" | "all" | { readonly afterNth: number; readonly isTaken: boolean };
  readonly strategy: Backfill["strategy"];
  readonly loadType: LoadType;
  readonly keepVersions: boolean;
  readonly cron: string | null;
}

/** What the engine keeps of a resource: an update that failed leaves it as it was. */
interface Kept<Inputs, Outputs> {
  readonly inputs: Inputs;
  readonly outputs: Outputs;
}

/** The stack's state. */
export interface StackState {
  readonly job: Kept<JobInputs, JobOutputs>;
  readonly pipeline: Kept<PipelineInputs, PipelineOutputs>;
}

const ORIGIN = { urn: "urn:pulumi:dev::model::dadosfera" };

/** The state after the pipeline and its job were created. */
export function createdState({ nature }: ModelWorld): StackState {
  const job: JobInputs = {
    jobId: JOB,
    ...definition(nature.loadType, BASE_COLUMNS, nature),
    destinationTable: "PEDIDOS",
    limits: { deletedPercent: 100 },
    __dadosfera: ORIGIN,
  };
  const pipeline: PipelineInputs = {
    pipelineId: PIPELINE,
    name: "Orders",
    cron: nature.cron,
    jobs: [definition(nature.loadType, BASE_COLUMNS, nature)],
    __dadosfera: ORIGIN,
  };
  return { job: { inputs: job, outputs: job }, pipeline: { inputs: pipeline, outputs: pipeline } };
}

function definition(
  loadType: LoadType,
  columns: readonly string[],
  { isKeyed, cursorKind }: ModelWorld["nature"],
) {
  const cursor = {
    incrementalColumnName: "updated_at",
    incrementalColumnType: cursorKind === "timestamp" ? "timestamp" : "bigint",
  };
  return {
    input: {
      connector: "jdbc" as const,
      plugin: "mysql",
      tableSchema: "cadastros",
      tableName: "pedidos",
      loadType,
      ...(loadType !== "full_load" && cursor),
      columnIncludeList: columns,
      authParameters: { authType: "connection_manager" as const, configId: "config-1" },
    },
    output: { plugin: "dadosfera_snowflake" as const },
    ...(isKeyed && { primaryKeys: ["id"] }),
  };
}

/** The job's inputs as the program gives them, knowing what the state holds: what is loaded and no longer wanted is retained. */
export function jobOf(program: Program, { job }: StackState, world: ModelWorld): JobInputs {
  const loaded = loadedColumns(job.inputs) ?? [];
  const columns = [...BASE_COLUMNS, ...program.columns];
  const added = columns.filter((column) => !loaded.includes(column));
  const retained = loaded.filter((column) => !columns.includes(column));
  const { loadType } = program;
  const strategy = loadType === "incremental" ? program.strategy : undefined;
  const backfill: Backfill = {
    columns: added,
    rows: rowsOf(program, loadType, world),
    ...(strategy !== undefined && { strategy }),
  };
  return {
    jobId: JOB,
    ...definition(loadType, columns, world.nature),
    limits: { deletedPercent: 100 },
    keepVersions: program.keepVersions,
    ...(added.length > 0 && { backfill }),
    ...(retained.length > 0 && { retainedColumns: retained }),
    __dadosfera: ORIGIN,
  };
}

export function pipelineOf(program: Program, { pipeline }: StackState): PipelineInputs {
  return { ...pipeline.inputs, cron: program.cron };
}

function rowsOf({ rows }: Program, loadType: LoadType, world: ModelWorld): Backfill["rows"] {
  if (typeof rows === "string") return rows;
  if (loadType === "full_load") return "all";
  const { cursors } = world.source;
  const at = world.stored(cursors[rows.afterNth % Math.max(cursors.length, 1)] ?? 0) ?? 0;
  const { cursorKind } = world.nature;
  const isBetween = cursorKind === "timestamp" && !rows.isTaken;
  return { after: textOf(isBetween ? at + BETWEEN_MS : at, cursorOf(cursorKind)) };
}

/** From a cursor to the middle of the gap behind it. */
const BETWEEN_MS = 5000;
