import { DadosferaError } from "../../domain/errors.js";
import type { PipelineId } from "../../domain/job-id.js";
import type { RunRecord } from "../../maestro/records.js";
import { type Context, nextLook } from "../context.js";

/** How long to wait, and since when by the clock that nobody sets. */
export interface Patience {
  readonly seconds: number;
  readonly startedAt: number;
}

/** Waits until no run of the pipeline is in progress; answers the ids of the runs there are. */
export async function waitIdle(
  pipelineId: PipelineId,
  patience: Patience,
  context: Context,
): Promise<readonly string[]> {
  for (;;) {
    const runs = await context.doors.maestro.listRuns(pipelineId);
    const open = runs.filter((run) => run.kind === "running");
    if (open.length === 0) return runs.map((run) => run.runId);
    await look(`waiting for a run to end: ${open[0]?.status}`, patience, context);
  }
}

/** Waits until there is a run that was not there before, and all runs beyond the known ones have ended, whosoever started them. */
export async function followRuns(
  pipelineId: PipelineId,
  {
    known,
    before = known,
  }: { readonly known: readonly string[]; readonly before?: readonly string[] },
  patience: Patience,
  context: Context,
): Promise<readonly RunRecord[]> {
  for (;;) {
    const runs = await newRuns(pipelineId, known, context);
    const open = runs.find((run) => run.kind === "running");
    const isListed = runs.some((run) => !before.includes(run.runId));
    if (isListed && open === undefined) return runs;
    await look(`run ${open?.status ?? "requested"}`, patience, context);
  }
}

/** Runs that are not among the known ones. */
export async function newRuns(
  pipelineId: PipelineId,
  known: readonly string[],
  { doors }: Context,
): Promise<readonly RunRecord[]> {
  const runs = await doors.maestro.listRuns(pipelineId);
  return runs.filter((run) => !known.includes(run.runId));
}

/** `1 h 02 min`, `3 min 20 s`, `14 s`. */
function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  const pad = (value: number) => String(value).padStart(2, "0");
  return minutes < 60
    ? `${minutes} min ${pad(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

async function look(
  what: string,
  { seconds, startedAt }: Patience,
  context: Context,
): Promise<void> {
  const { clock, polling, report, signal } = context;
  const elapsed = clock.elapsed() - startedAt;
  report.progress(`${what}, ${durationText(elapsed)}`);
  const left = seconds * 1000 - elapsed;
  if (left <= 0) throw tooLong(seconds);
  await clock.wait(Math.min(nextLook(elapsed, polling), left), signal).catch((error: unknown) => {
    throw signal.aborted ? interrupted(error) : error;
  });
}

function tooLong(seconds: number): DadosferaError {
  return new DadosferaError({
    code: "RUN_TIMEOUT",
    happened: `Stopped waiting for the run after ${durationText(seconds * 1000)}.`,
    now: "The run goes on at Maestro.",
    next: "Run `pulumi up` again later: it follows the run. `timeouts: { run }` sets the wait, in seconds.",
  });
}

function interrupted(cause: unknown): DadosferaError {
  return new DadosferaError(
    {
      code: "INTERRUPTED",
      happened: "Stopped waiting for the run: this command was interrupted.",
      now: "The run goes on at Maestro.",
      next: "Run `pulumi up` again: it follows the run.",
    },
    { cause },
  );
}
