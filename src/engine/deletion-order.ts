import { type ResourceState, referencesOf } from "./resource-state.js";

/**
 * Puts resources that are to go into batches, as Pulumi does: by how long the chain is of what they rest
 * on, the longest first. A batch may be deleted at once, and must be finished before the next one starts.
 */
export function planDeletions(
  states: readonly ResourceState[],
): readonly (readonly ResourceState[])[] {
  const layers: (readonly ResourceState[])[] = [];
  let left = states;
  while (left.length > 0) {
    const urns = new Set(left.map(({ urn }) => urn));
    const grounded = left.filter((state) =>
      [...referencesOf(state)].every((urn) => !urns.has(urn)),
    );
    // A circle cannot come from a sound state; should there be one, the work still ends.
    const layer = grounded.length > 0 ? grounded : left;
    layers.unshift(layer);
    left = left.filter((state) => !layer.includes(state));
  }
  return layers;
}
