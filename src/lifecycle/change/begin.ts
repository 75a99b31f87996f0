import type { JobInputs } from "../../domain/job.js";
import { splitJobId } from "../../domain/job-id.js";
import type { Lease } from "../../warehouse/leases.js";
import { type Context, requireWarehouse } from "../context.js";
import { Change } from "./change.js";
import { doneBefore } from "./done-before.js";
import type { PipelineLease } from "./pipeline-lease.js";
import { type Prepared, prepareBackfill } from "./prepare.js";
import type { RowsChange } from "./request.js";

/**
 * Takes the lease and writes the first entry of a change; nothing was touched before it, so without it there is nothing
 * to undo. Whoever had the lease until then may have changed what the preflight saw, which is then looked at anew, or have
 * left a change of the job unfinished, which comes first, or have made this very change: then the answer is undefined.
 */
export async function beginBackfill(
  wanted: RowsChange,
  job: JobInputs,
  changeId: string,
  context: Context,
): Promise<Change | undefined> {
  const { pipelineId } = splitJobId(job.jobId);
  const session = context.sessions.of(pipelineId);
  // A table in the middle of a run is no ground to plan on.
  await session.quiet(context);
  const before = await context.doors.warehouse?.leases.find(pipelineId);
  const prepared = await prepareBackfill(wanted, job, context);
  const doors = requireWarehouse(context.doors, "change rows");
  return session.enter(job.jobId, context, doors, async (lease) => {
    if ((await doors.journal.unfinished(job.jobId)).length > 0) return undefined;
    const isUnseen = isDisturbed(before, lease, context);
    if (isUnseen && (await doneBefore(wanted, job, context)) !== undefined) return undefined;
    const seen = isUnseen ? await prepareBackfill(wanted, job, context) : prepared;
    const record = { changeId, entries: [] };
    const parts = { request: seen.request, job, context, doors, lease, session, record };
    return started(seen, job, new Change(parts));
  });
}

async function started(
  { seen: { counts } }: Prepared,
  { __dadosfera: { urn }, limits, timeouts, backUp }: JobInputs,
  change: Change,
): Promise<Change> {
  await change.write({
    step: "started",
    request: change.request,
    urn,
    ...(counts?.newest !== undefined && { oldNewest: counts.newest }),
    rowsBefore: counts?.total ?? 0,
    policy: { limits, timeouts, backUp },
  });
  return change;
}

/** True if somebody else had the lease while the preflight looked. */
function isDisturbed(
  before: Lease | undefined,
  { epoch }: PipelineLease,
  { owner }: Context,
): boolean {
  if (before?.owner === owner) return epoch !== before.epoch;
  return before?.owner !== undefined || epoch !== (before?.epoch ?? 0) + 1;
}
