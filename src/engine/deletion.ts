import { describeChanges } from "./decide.js";
import { planDeletions } from "./deletion-order.js";
import { providerType, type ResourceState } from "./resource-state.js";
import type { Run } from "./run.js";
import { selectDeletions, withReferences } from "./selection.js";
import { deleteResource } from "./steps.js";

/** Deletes what this run has not settled and may delete, batch by batch; stops after a batch in which one failed. */
export async function deleteRest(run: Run): Promise<void> {
  const { snapshot } = run;
  const rest = snapshot.rest.filter(({ type }) => type !== providerType);
  const selected = selectDeletions(run.plan.selection, rest, snapshot.all);
  if (selected.unasked.length > 0) return refuseUnasked(run, selected.unasked);
  for (const state of selected.staying)
    run.note("same", { urn: state.urn, old: state, new: state, changed: "", isUntouched: true });
  for (const batch of planDeletions(selected.going)) {
    if (run.stop !== undefined) return;
    // What failed is still there, and so must be what it rests on.
    const needed = withReferences(run.failed, snapshot.all);
    const free = batch.filter(({ urn }) => !needed.has(urn));
    await Promise.all(free.map((state) => deleteOne(run, state)));
  }
  if (run.stop !== undefined) return;
  for (const state of snapshot.rest.filter(({ type }) => type === providerType)) {
    const reference = `${state.urn}::${state.id}`;
    if (snapshot.all.every(({ provider }) => provider !== reference)) await snapshot.remove(state);
  }
}

function refuseUnasked(run: Run, urns: readonly string[]): void {
  for (const urn of urns) {
    const text =
      `Resource '${urn}' will be destroyed but was not specified in --target list.\n` +
      "Either include resource in --target list or pass --target-dependents to proceed.";
    run.say("error", text, urn);
  }
  run.stopFor({ kind: "step-failed" });
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
