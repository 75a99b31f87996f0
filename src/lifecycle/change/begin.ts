import type { JobInputs } from "../../domain/job.js";
import { splitJobId } from "../../domain/job-id.js";
import type { Lease } from "../../warehouse/leases.js";
import { type Context, requireWarehouse } from "../context.js";
import { Change } from "./change.js";
import { letGo, PipelineLease } from "./pipeline-lease.js";
import { type Prepared, prepareBackfill } from "./prepare.js";
import type { RowsChange } from "./request.js";

/**
 * Takes the lease and writes the first entry of a change; nothing was touched before it, so without it there is nothing
 * to undo. Whoever had the lease until then may have changed what the preflight saw, which is then looked at anew, or have
 * left a change of the job unfinished: that one comes first, and the answer is undefined.
 */
export async function beginBackfill(
  wanted: RowsChange,
  job: JobInputs,
  changeId: string,
  context: Context,
): Promise<Change | undefined> {
  const { pipelineId } = splitJobId(job.jobId);
  const before = await context.doors.warehouse?.leases.find(pipelineId);
  const prepared = await prepareBackfill(wanted, job, context);
  const doors = requireWarehouse(context.doors, "change rows");
  const lease = await PipelineLease.take(pipelineId, [job.jobId], context, doors);
  try {
    if ((await doors.journal.unfinished(job.jobId)).length > 0) {
      await letGo(lease, doors);
      return undefined;
    }
    const isUnseen = isDisturbed(before, lease);
    const seen = isUnseen ? await prepareBackfill(wanted, job, context) : prepared;
    return await open(seen, { job, context, doors, lease, record: { changeId, entries: [] } });
  } catch (error) {
    await letGo(lease, doors);
    throw error;
  }
}

async function open(
  { request, seen: { counts } }: Prepared,
  parts: Omit<ConstructorParameters<typeof Change>[0], "request">,
): Promise<Change> {
  const change = new Change({ request, ...parts });
  await change.write({
    step: "started",
    request,
    urn: parts.job.__dadosfera.urn,
    ...(counts?.newest !== undefined && { oldNewest: counts.newest }),
    rowsBefore: counts?.total ?? 0,
  });
  return change;
}

/** True if somebody else had the lease while the preflight looked. */
function isDisturbed(before: Lease | undefined, { epoch }: PipelineLease): boolean {
  return before?.owner !== undefined || epoch !== (before?.epoch ?? 0) + 1;
}
