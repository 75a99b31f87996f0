import { type ResourceState, referencesOf } from "./resource-state.js";

/** The resources that a run takes part in: all; only those named; or all but those named. */
export type Selection =
  | { readonly kind: "all" }
  | {
      readonly kind: "only" | "except";
      /** URNs, in which `*` stands for anything up to the next colon, and `**` for anything. */
      readonly names: readonly string[];
      /** Whether what rests on a named resource counts as named too. */
      readonly withDependents: boolean;
    };

/** Decides for one resource after another; each must come after all that it refers to. */
export function follow(
  selection: Selection,
): (urn: string, references: Iterable<string>) => boolean {
  if (selection.kind === "all") return () => true;
  const isNamed = matcherOf(selection.names);
  const named = new Set<string>();
  return (urn, references) => {
    const rests = selection.withDependents && [...references].some((each) => named.has(each));
    if (isNamed(urn) || rests) named.add(urn);
    return named.has(urn) === (selection.kind === "only");
  };
}

/** What becomes of resources that would all be deleted if there were no selection. */
export interface SelectedDeletions {
  readonly going: readonly ResourceState[];
  readonly staying: readonly ResourceState[];
  /** Those that must go with a named one, and which nobody allowed to go. */
  readonly unasked: readonly string[];
}

/**
 * Nothing that stays refers to anything that goes: what rests on a target goes with it, and what an
 * excluded resource rests on stays with it. `all` is the state, in its order, with the candidates in it.
 */
export function selectDeletions(
  selection: Selection,
  candidates: readonly ResourceState[],
  all: readonly ResourceState[],
): SelectedDeletions {
  if (selection.kind === "all") return { going: candidates, staying: [], unasked: [] };
  const isNamed = matcherOf(selection.names);
  const named = new Set(all.map(({ urn }) => urn).filter(isNamed));
  const isOnly = selection.kind === "only";
  if (isOnly || selection.withDependents) addDependents(named, all);
  const met = isOnly ? named : withReferences(named, all);
  const going = candidates.filter(({ urn }) => met.has(urn) === isOnly);
  const isUnasked = (urn: string): boolean => isOnly && !selection.withDependents && !isNamed(urn);
  return {
    going,
    staying: candidates.filter((state) => !going.includes(state)),
    unasked: going.map(({ urn }) => urn).filter(isUnasked),
  };
}

/** These resources, and all that they rest on. */
export function withReferences(
  urns: ReadonlySet<string>,
  all: readonly ResourceState[],
): ReadonlySet<string> {
  if (urns.size === 0) return urns;
  const met = new Set(urns);
  for (const state of all.toReversed())
    if (met.has(state.urn)) for (const each of referencesOf(state)) met.add(each);
  return met;
}

/** The full URNs among `names` that nothing has. */
export function findMissing(
  names: readonly string[],
  known: ReadonlySet<string>,
): readonly string[] {
  return names.filter((name) => !name.includes("*") && !known.has(name));
}

/** Whether a URN is one of `names`. */
export function matcherOf(names: readonly string[]): (urn: string) => boolean {
  const patterns = names.map(patternOf);
  return (urn) => patterns.some((pattern) => pattern.test(urn));
}

function patternOf(name: string): RegExp {
  const parts = name.split("**").map((part) => part.split("*").map(escaped).join("[^:]*"));
  return new RegExp(`^${parts.join(".*")}$`, "s");
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

function addDependents(urns: Set<string>, all: readonly ResourceState[]): void {
  for (const state of all)
    if ([...referencesOf(state)].some((each) => urns.has(each))) urns.add(state.urn);
}
