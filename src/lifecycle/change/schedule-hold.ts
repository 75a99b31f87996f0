import { DadosferaError, isDadosferaError } from "../../domain/errors.js";
import { firesAgain } from "../../domain/schedule.js";
import type { Runner } from "../../warehouse/session.js";
import type { Change } from "./change.js";
import { outlastingLateAttempts } from "./job-state.js";
import type { HeldSchedule } from "./pipeline-lease.js";
import { notAsTold } from "./read-back.js";

/**
 * Has Maestro forget the cron, once for all jobs of the pipeline; answers the cron that is to be put back, if there is
 * one. It is recorded beside the data before Maestro is asked to forget it, and never taken from a held one.
 */
export async function holdSchedule(
  change: Change,
  tellJobs: (count: number) => void,
): Promise<string | undefined> {
  const { maestro } = change.context.doors;
  const live = await maestro.findPipeline(change.pipelineId);
  tellJobs(live?.jobs.length ?? 0);
  const cron = live?.cron ?? null;
  const earlier = await change.lease.held();
  if (cron === null) return earlier?.cron ?? undefined;
  if (!firesAgain(cron)) return undefined;
  // A cron that is live beside a hold was put back by an attempt that was cut off: the hold says what is wanted since.
  if (earlier === undefined) {
    await change.lease.hold(cron);
    await noteHold(cron, change);
  }
  await outlastingLateAttempts(change, (beforeSend) =>
    maestro.patchPipeline(change.pipelineId, { cron: null }, beforeSend),
  );
  const held = await maestro.findPipeline(change.pipelineId);
  if (held?.cron === null) return earlier === undefined ? cron : (earlier.cron ?? undefined);
  throw notAsTold(change.request.jobId, "hold the schedule", `its cron is still "${held?.cron}"`);
}

/** Notes in a change's own journal that the schedule is held, whichever job's change holds it. */
export async function noteHold(cron: string, change: Change): Promise<void> {
  const isNoted = change.record.entries.some(
    (entry) => entry.step === "schedule-held" && entry.cron === cron,
  );
  if (!isNoted) await change.write({ step: "schedule-held", cron });
}

/** How often the program may change a cron while it is being put back. */
const ATTEMPTS = 5;

/**
 * Puts the cron last wanted back, and then has `end` write so: in a transaction, with what it is given to do there,
 * which rolls it back if another cron was wanted meanwhile.
 */
export async function putScheduleBack(
  change: Change,
  end: (check: (runner: Runner) => Promise<void>) => Promise<void>,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const held = await change.lease.held();
    if (held !== undefined) await putBack(held, change);
    try {
      return await end((runner) => expectHeld(held, change, runner));
    } catch (error) {
      const hasMoved = isDadosferaError(error) && error.code === "SCHEDULE_MOVED";
      if (!hasMoved || attempt === ATTEMPTS) throw error;
    }
  }
}

async function expectHeld(
  put: HeldSchedule | undefined,
  { lease, pipelineId }: Change,
  runner: Runner,
): Promise<void> {
  const held = await lease.held(runner);
  if (held?.cron === put?.cron) return;
  throw new DadosferaError({
    code: "SCHEDULE_MOVED",
    happened: `The schedule of pipeline ${pipelineId} was changed to ${JSON.stringify(held?.cron)} while ${JSON.stringify(put?.cron)} was put back.`,
    now: "The transaction was rolled back.",
    next: "Run `pulumi up` again.",
  });
}

async function putBack(held: HeldSchedule, change: Change): Promise<void> {
  const { maestro } = change.context.doors;
  await outlastingLateAttempts(change, (beforeSend) =>
    maestro.patchPipeline(change.pipelineId, { cron: held.cron }, beforeSend),
  );
  const live = await maestro.findPipeline(change.pipelineId);
  if (live !== undefined && live.cron !== held.cron)
    throw notRestored(change, held.cron, live.cron);
}

function notRestored(change: Change, wanted: string | null, live: string | null): DadosferaError {
  return new DadosferaError({
    code: "MAESTRO_REFUSED",
    happened: `Maestro accepted the schedule ${JSON.stringify(wanted)} of pipeline ${change.pipelineId}, but shows ${JSON.stringify(live)}.`,
    now: "",
    next: "Run `pulumi up` again; if it happens again, ask Dadosfera's support.",
  });
}
