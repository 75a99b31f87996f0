import { describeChanges } from "./decide.js";
import { planDeletions } from "./deletion-order.js";
import type { Registered } from "./monitor.js";
import { type PropertyMap, unknownValue } from "./property.js";
import type { ResourceState } from "./resource-state.js";
import type { Run } from "./run.js";
import { deleteResource, performCreate } from "./steps.js";

interface Replacement {
  readonly old: ResourceState;
  readonly next: ResourceState;
  readonly reasons: readonly string[];
  readonly deleteFirst: boolean;
  /** What this run has deleted and will make anew, with the reasons that its provider named; grows here. */
  readonly deletedFirst: Map<ResourceState, readonly string[]>;
}

/** Puts a new thing in the place of an old one: the old one goes at the end of the run, or first. */
export async function replaceResource(run: Run, replacement: Replacement): Promise<Registered> {
  const { old, next, reasons, deletedFirst } = replacement;
  const isGone = deletedFirst.has(old);
  if (replacement.deleteFirst && !isGone) await deleteWithDependents(run, replacement);
  const current = isGone || replacement.deleteFirst ? (run.snapshot.findOld(old.urn) ?? old) : old;
  const step = { urn: next.urn, changed: describeChanges(old.inputs, next.inputs) };
  const isBeside = !replacement.deleteFirst;
  const replaced = {
    ...step,
    old: isBeside ? { ...old, delete: true } : current,
    new: isBeside ? { ...next, outputs: next.inputs ?? {} } : next,
    ...(reasons.length > 0 && { replaceReasons: reasons }),
  };
  if (!isBeside) run.note("replace", replaced);
  const registered = await run.step(
    {
      ...step,
      old: current,
      new: next,
      operation: "create-replacement",
      replaceReasons: deletedFirst.get(old) ?? reasons,
    },
    () =>
      performCreate(run, next, (made) =>
        replacement.deleteFirst
          ? run.snapshot.settle(made, current)
          : run.snapshot.settleBeside(made, current),
      ),
  );
  if (isBeside) run.note("replace", replaced);
  return registered;
}

/** Deletes the resource and, before it, those of its dependents that would be replaced with it. */
async function deleteWithDependents(
  run: Run,
  { old, reasons, deletedFirst }: Replacement,
): Promise<void> {
  const going = await findReplacedDependents(run, old);
  for (const batch of planDeletions([old, ...going.keys()])) {
    for (const state of batch) {
      const marked = { ...state, pendingReplacement: true };
      deletedFirst.set(marked, going.get(state) ?? reasons);
      const mark = (): Promise<void> => run.snapshot.change(state, marked);
      // An earlier run that could not create the new one has deleted this one already.
      if (state === old && old.pendingReplacement) await mark();
      else
        await deleteResource(run, state, {
          operation: "delete-replaced",
          changed: "",
          forget: mark,
        });
    }
  }
}

async function findReplacedDependents(
  run: Run,
  root: ResourceState,
): Promise<ReadonlyMap<ResourceState, readonly string[]>> {
  const found = new Map<ResourceState, readonly string[]>();
  for (const state of run.snapshot.rest) {
    const inputs = withUnknowns(state, new Set([root, ...found.keys()].map(({ urn }) => urn)));
    // A parent, or what a resource only waits for, changes nothing of its inputs.
    const isTouched = Object.entries(inputs).some(([key, value]) => value !== state.inputs?.[key]);
    if (state === root || !isTouched || !state.custom || state.delete) continue;
    const { replaces } = await (await run.provider()).diff(state, inputs);
    if (replaces.length > 0) found.set(state, replaces);
  }
  return found;
}

/** The inputs as they will be while what they come from does not exist. */
function withUnknowns(state: ResourceState, gone: ReadonlySet<string>): PropertyMap {
  const comesFrom = state.propertyDependencies ?? {};
  const entries = Object.entries(state.inputs ?? {}).map(([key, value]) => {
    const isLost = comesFrom[key]?.some((urn) => gone.has(urn)) ?? false;
    return [key, isLost ? unknownValue : value] as const;
  });
  return Object.fromEntries(entries);
}
