import { DadosferaError } from "../../domain/errors.js";
import type { Change } from "./change.js";

/**
 * Puts the cron last wanted back, then gives the lease back and writes the end of the change in one transaction:
 * until that is written, the next `pulumi up` does it again.
 */
export async function restoreSchedule(change: Change, outcome: "done" | "undone"): Promise<void> {
  const { maestro } = change.context.doors;
  const held = await change.lease.held();
  if (held !== undefined) {
    await change.atMaestro((beforeSend) =>
      maestro.patchPipeline(change.pipelineId, { cron: held.cron }, beforeSend),
    );
    const live = await maestro.findPipeline(change.pipelineId);
    if (live !== undefined && live.cron !== held.cron)
      throw notRestored(change, held.cron, live.cron);
  }
  await change.finish(outcome);
}

function notRestored(change: Change, wanted: string | null, live: string | null): DadosferaError {
  return new DadosferaError({
    code: "MAESTRO_REFUSED",
    happened: `Maestro accepted the schedule ${JSON.stringify(wanted)} of pipeline ${change.pipelineId}, but shows ${JSON.stringify(live)}.`,
    now: "",
    next: "Run `pulumi up` again; if it happens again, ask Dadosfera's support.",
  });
}
