import { type ResourceState, referencesOf } from "./resource-state.js";

/** The first reason why Pulumi would refuse these entries, in words that follow "the state file: ". */
export function findIntegrityProblem(resources: readonly ResourceState[]): string | undefined {
  const seen = new Map<string, ResourceState>();
  for (const state of resources) {
    const problem = problemOfEntry(state) ?? problemOfPlace(state, seen);
    if (problem !== undefined) return `${state.urn ?? "a resource"} ${problem}`;
    seen.set(state.urn, state);
  }
  return undefined;
}

/** Puts each entry after what it refers to; what stands so already stays where it is. */
export function orderByReferences(resources: readonly ResourceState[]): readonly ResourceState[] {
  const first = new Map(resources.toReversed().map((state) => [state.urn, state]));
  const ordered = new Set<ResourceState>();
  const open = new Set<ResourceState>();
  const place = (state: ResourceState): void => {
    if (ordered.has(state) || open.has(state)) return;
    open.add(state);
    for (const urn of referencesOf(state)) {
      const needed = first.get(urn);
      if (needed !== undefined) place(needed);
    }
    ordered.add(state);
  };
  for (const state of resources) place(state);
  return [...ordered];
}

function problemOfEntry(state: ResourceState): string | undefined {
  if (typeof state.urn !== "string") return "has no urn";
  if (typeof state.type !== "string" || state.type === "") return "has no type";
  const hasId = typeof state.id === "string" && state.id !== "";
  if (state.custom && !hasId) return "is a custom resource without an id";
  if (!state.custom && hasId) return "has an id but is not a custom resource";
  return undefined;
}

function problemOfPlace(
  state: ResourceState,
  seen: ReadonlyMap<string, ResourceState>,
): string | undefined {
  if (seen.has(state.urn) && !state.delete && !seen.get(state.urn)?.delete) return "is there twice";
  const missing = [...referencesOf(state)].find((urn) => !seen.has(urn));
  if (missing !== undefined) return `refers to ${missing}, which does not stand before it`;
  const needsProvider = state.custom && !state.type.startsWith("pulumi:providers:");
  return needsProvider ? problemOfProvider(state.provider, seen) : undefined;
}

function problemOfProvider(
  reference: string | undefined,
  seen: ReadonlyMap<string, ResourceState>,
): string | undefined {
  if (reference === undefined) return "has no provider";
  const at = reference.lastIndexOf("::");
  const isThere = seen.get(reference.slice(0, at))?.id === reference.slice(at + 2);
  return isThere ? undefined : `has a provider that does not stand before it: ${reference}`;
}
