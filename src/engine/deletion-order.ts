import { type ResourceState, referencesOf } from "./resource-state.js";

/**
 * Puts resources that are to go into batches: each holds all that nothing left refers to. A batch may
 * be deleted at once, and must be finished before the next one starts.
 */
export function planDeletions(
  states: readonly ResourceState[],
): readonly (readonly ResourceState[])[] {
  const batches: (readonly ResourceState[])[] = [];
  let left = states;
  while (left.length > 0) {
    const needed = new Set(left.flatMap((state) => [...referencesOf(state)]));
    const free = left.filter((state) => !needed.has(state.urn));
    // A circle cannot come from a sound state; should there be one, nothing is lost by ending it here.
    const batch = free.length > 0 ? free : left;
    batches.push(batch);
    left = left.filter((state) => !batch.includes(state));
  }
  return batches;
}
