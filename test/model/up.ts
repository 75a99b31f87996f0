import type { JobChange } from "#src/domain/changes.js";
import { planJobChanges } from "#src/domain/changes.js";
import { DadosferaError, type DadosferaErrorCode, isDadosferaError } from "#src/domain/errors.js";
import type { Context } from "#src/lifecycle/context.js";
import type { Clock } from "#src/maestro/clock.js";
import { maestroDoor } from "./doors/maestro-door.js";
import { warehouseDoors } from "./doors/warehouse-door.js";
import { jobOf, type Program, pipelineOf, type StackState } from "./program.js";
import type { Subject } from "./subject.js";
import type { ModelProcess } from "./world/process.js";
import type { ModelWorld } from "./world/world.js";

/** How a command ended. */
export type Outcome =
  | { readonly kind: "ended"; readonly state: StackState; readonly changes: readonly JobChange[] }
  | {
      readonly kind: "failed";
      readonly state: StackState;
      readonly code: DadosferaErrorCode;
      readonly message: string;
    }
  | { readonly kind: "killed" };

/** One command of one process. */
export interface Command {
  readonly world: ModelWorld;
  readonly subject: Subject;
  readonly process: ModelProcess;
  readonly context: Context;
}

/** `pulumi up`, as the engine does it: first the pipeline, then its job. */
export function up(command: Command, state: StackState, program: Program): Promise<Outcome> {
  return ending(command, state, async (keep) => {
    const pipeline = await upPipeline(command, state, program);
    keep({ ...state, pipeline });
    const { job, changes } = await upJob(command, { ...state, pipeline }, program);
    keep({ pipeline, job });
    return changes;
  });
}

/** `pulumi refresh`: what is read becomes the state. */
export function refresh(command: Command, state: StackState): Promise<Outcome> {
  return ending(command, state, async (keep) => {
    const { context } = command;
    const pipeline = await command.subject.pipeline.read(state.pipeline.outputs, context);
    const job = await command.subject.job.read(state.job.outputs, context);
    if (job !== undefined && pipeline !== undefined) keep({ job, pipeline });
    return [];
  });
}

/** Deletes the job of the stack, as a `pulumi destroy` does first; its pipeline stays. */
export function destroyJob(command: Command, state: StackState): Promise<Outcome> {
  return ending(command, state, async () => {
    await command.subject.job.delete(state.job.outputs, command.context);
    return [];
  });
}

async function ending(
  { world, process }: Command,
  state: StackState,
  work: (keep: (state: StackState) => void) => Promise<readonly JobChange[]>,
): Promise<Outcome> {
  let kept = state;
  world.stage.processesAtWork += 1;
  const worked = work((newer) => {
    kept = newer;
  }).then(
    (changes): Outcome => ({ kind: "ended", state: kept, changes }),
    (error: unknown): Outcome => ({ kind: "failed", state: kept, ...said(error) }),
  );
  const killed = process.killed.then((): Outcome => ({ kind: "killed" }));
  const outcome = await Promise.race([worked, killed]);
  // With the command ends its process: nothing renews a lease any more.
  process.kill();
  world.stage.processesAtWork -= 1;
  return outcome;
}

async function upPipeline(
  command: Command,
  state: StackState,
  program: Program,
): Promise<StackState["pipeline"]> {
  const { pipeline } = command.subject;
  const { inputs: olds, outputs } = state.pipeline;
  const { inputs, refusals } = pipeline.check(olds, pipelineOf(program, state));
  if (refusals[0] !== undefined) throw new DadosferaError(refusals[0]);
  const { context } = command;
  if (!(await pipeline.diff(outputs, inputs, context))) return { inputs, outputs };
  return { inputs, outputs: await pipeline.update(outputs, inputs, context) };
}

async function upJob(command: Command, state: StackState, program: Program) {
  const { job } = command.subject;
  const { inputs: olds, outputs } = state.job;
  const { inputs, refusals } = job.check(olds, jobOf(program, state, command.world));
  if (refusals[0] !== undefined) throw new DadosferaError(refusals[0]);
  const { context } = command;
  if (!(await job.diff(outputs, inputs, context))) return { job: { inputs, outputs }, changes: [] };
  const changes = planJobChanges(outputs, inputs);
  return { job: { inputs, outputs: await job.update(outputs, inputs, context) }, changes };
}

/** What the provider process gives to each verb. */
export function contextOf({ world, subject, process }: Omit<Command, "context">): Context {
  const warehouse = warehouseDoors(world, process, subject.beyond);
  const clock: Clock = {
    now: () => world.clock.now(),
    elapsed: () => world.clock.now(),
    wait: (ms, signal) => process.wait(ms, signal),
  };
  let asked: Promise<ReadonlySet<string>> | undefined;
  const ask = async () =>
    new Set((await warehouse.journal.unfinished()).map((change) => change.jobId));
  return {
    doors: {
      maestro: maestroDoor(world.maestro, process),
      warehouse,
      get migrations(): never {
        throw new Error("the model has no migrations");
      },
    },
    report: SILENT,
    clock,
    signal: process.signal,
    owner: process.owner,
    polling: { leastMs: 2000, mostMs: 30_000 },
    sessions: new subject.PipelineSessions(clock, process.signal),
    inTurn: (_place, work) => work(),
    unfinished: () => {
      asked ??= ask();
      return asked;
    },
  };
}

/** What a person at the terminal is told. */
function said(error: unknown): { code: DadosferaErrorCode; message: string } {
  if (isDadosferaError(error)) return { code: error.code, message: error.message };
  if (error instanceof Error && error.name === "AbortError")
    return { code: "INTERRUPTED", message: error.message };
  throw error;
}

const SILENT = { info: () => undefined, warning: () => undefined, progress: () => undefined };
