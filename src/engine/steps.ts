import { describeUpdate } from "./decide.js";
import type { Step } from "./events.js";
import type { Registered } from "./monitor.js";
import { markSecrets, type PropertyMap, unknownValue } from "./property.js";
import { PartialFailure } from "./provider.js";
import type { ResourceState } from "./resource-state.js";
import { Protected, type Run } from "./run.js";

/** Nothing is called; the state takes what the program says now and keeps the old outputs. */
export async function settleSame(
  run: Run,
  old: ResourceState,
  next: ResourceState,
): Promise<Registered> {
  // What changed of the inputs does not matter to the provider, and so not to the person.
  const changed = describeUpdate({ ...old, inputs: {} }, { ...next, inputs: {} });
  const settled = { ...next, ...kept(old), ...(old.initErrors && { initErrors: old.initErrors }) };
  run.note("same", { urn: next.urn, old, new: next, changed });
  await run.snapshot.settle(settled, old);
  return { urn: next.urn, id: old.id ?? "", outputs: old.outputs ?? {} };
}

export async function createResource(run: Run, next: ResourceState): Promise<Registered> {
  const step: Step = { operation: "create", urn: next.urn, new: next, changed: "" };
  return run.step(step, () => performCreate(run, next, (made) => run.snapshot.settle(made)));
}

/** Calls `create` and hands what was made, whole or half, to `settle`. */
export async function performCreate(
  run: Run,
  next: ResourceState,
  settle: (made: ResourceState) => Promise<void>,
): Promise<Registered> {
  if (run.isPreview) {
    await settle({ ...next, id: unknownValue });
    return { urn: next.urn, id: "", outputs: next.inputs ?? {} };
  }
  const now = new Date().toISOString();
  const provider = await run.provider();
  return run.snapshot.during("creating", next, async () => {
    const made = ({ id, outputs }: { id: string; outputs: PropertyMap }): ResourceState => ({
      ...next,
      id,
      outputs: markOutputs(next, outputs),
      created: now,
      modified: now,
    });
    try {
      const result = made(await provider.create(next.urn, next.inputs ?? {}));
      if (!result.id)
        throw new Error(
          "the provider answered create without an id, so what it made cannot be kept",
        );
      await settle(result);
      return { urn: next.urn, id: result.id, outputs: result.outputs ?? {} };
    } catch (error) {
      if (!(error instanceof PartialFailure)) throw error;
      const { id, properties, reasons } = error;
      await settle({ ...made({ id, outputs: properties }), initErrors: reasons });
      throw error;
    }
  });
}

export async function updateResource(
  run: Run,
  old: ResourceState,
  next: ResourceState,
): Promise<Registered> {
  const { urn } = next;
  const changed = describeUpdate(old, next);
  return run.step({ operation: "update", urn, old, new: next, changed }, async () => {
    if (run.isPreview) {
      await run.snapshot.settle({ ...next, ...kept(old) }, old);
      return { urn, id: old.id ?? "", outputs: next.inputs ?? {} };
    }
    const provider = await run.provider();
    const known = { ...next, ...(old.id && { id: old.id }) };
    return run.snapshot.during("updating", known, async () => {
      const base = { ...next, ...kept(old), modified: new Date().toISOString() };
      try {
        const outputs = markOutputs(next, await provider.update(old, next.inputs ?? {}));
        await run.snapshot.settle({ ...base, outputs }, old);
        return { urn, id: old.id ?? "", outputs };
      } catch (error) {
        if (!(error instanceof PartialFailure)) throw error;
        const outputs = markOutputs(next, error.properties);
        // The inputs stay the old ones, so that the next diff sees the change again.
        const inputs = old.inputs ?? {};
        await run.snapshot.settle({ ...base, inputs, outputs, initErrors: error.reasons }, old);
        throw error;
      }
    });
  });
}

/** Deletes the thing behind `old`, then does `forget`. */
export async function deleteResource(
  run: Run,
  old: ResourceState,
  how: {
    readonly operation: "delete" | "delete-replaced";
    readonly changed: string;
    readonly forget: () => Promise<void>;
  },
): Promise<void> {
  const isRetained = old.retainOnDelete === true && old.custom;
  const step: Step = {
    operation: how.operation,
    urn: old.urn,
    old,
    changed: how.changed,
    isRetained,
  };
  await run.step(step, async () => {
    // What is to be replaced although it is protected was refused when its replacement was.
    if (old.protect && !old.delete) throw protectedFromDeletion(run, old.urn);
    if (run.isPreview || isRetained || !old.custom) return how.forget();
    const provider = await run.provider();
    await run.snapshot.during("deleting", old, async () => {
      await provider.delete(old);
      await how.forget();
    });
  });
}

function kept(old: ResourceState): Partial<ResourceState> {
  const { id, outputs, created, modified } = old;
  return {
    ...(id !== undefined && { id }),
    ...(outputs && { outputs }),
    ...(created && { created }),
    ...(modified && { modified }),
  };
}

export function markOutputs(state: ResourceState, outputs: PropertyMap): PropertyMap {
  return markSecrets(outputs, state.inputs ?? {}, state.additionalSecretOutputs);
}

function protectedFromDeletion(run: Run, urn: string): Error {
  return new Protected(
    `${run.isPreview ? "Preview failed: " : ""}resource "${urn}" cannot be deleted\n` +
      "because it is protected. To unprotect the resource, either remove the `protect` flag from the resource in " +
      "your Pulumi program and run `pulumi up`, or use the command:\n" +
      `\`pulumi state unprotect '${urn}'\``,
  );
}
