import assert from "node:assert/strict";
import { pipelineId } from "#src/domain/job-id.js";
import { PIPELINE, type World } from "./world.js";

const OWNER = "somebody@elsewhere";

/** Leaves the world as a change leaves it that was killed while it held the schedule. */
export async function leaveHold(world: World, cron: string): Promise<void> {
  const { maestro, warehouse } = world.process.contextOf("").doors;
  assert.ok(warehouse);
  await warehouse.journal.prepare();
  const { epoch } = await warehouse.leases.take(PIPELINE, OWNER, []);
  await warehouse.leases.hold(PIPELINE, OWNER, epoch, cron);
  await maestro.patchPipeline(pipelineId.parse(PIPELINE), { cron: null });
  await warehouse.leases.giveBack(warehouse.warehouse, PIPELINE, OWNER, epoch, true);
}

/** The cron that is kept to be put back. */
export async function heldCron(world: World): Promise<string | undefined> {
  return (await world.process.contextOf("").doors.warehouse?.leases.find(PIPELINE))?.heldCron;
}
