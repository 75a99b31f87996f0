import { describeChanges } from "./decide.js";
import { planDeletions } from "./deletion-order.js";
import { providerType, type ResourceState } from "./resource-state.js";
import type { Run } from "./run.js";
import { deleteResource } from "./steps.js";

/** Deletes what this run has not settled, batch by batch; stops after a batch in which one failed. */
export async function deleteRest(run: Run): Promise<void> {
  const going = run.snapshot.rest.filter(({ type }) => type !== providerType);
  for (const batch of planDeletions(going)) {
    if (run.stop !== undefined) return;
    await Promise.all(batch.map((state) => deleteOne(run, state)));
  }
  if (run.stop !== undefined) return;
  for (const provider of run.snapshot.rest) await run.snapshot.remove(provider);
}

async function deleteOne(run: Run, state: ResourceState): Promise<void> {
  const next = run.snapshot.findReplacement(state);
  const changed = next === undefined ? "" : describeChanges(state.inputs, next.inputs);
  const forget = (): Promise<void> => run.snapshot.remove(state);
  const operation = state.delete ? "delete-replaced" : "delete";
  await run.track(async () => {
    if (run.stop?.kind === "cancelled") return;
    try {
      await deleteResource(run, state, { operation, changed, forget });
    } catch (error) {
      run.fail(error, state.urn);
    }
  });
}
