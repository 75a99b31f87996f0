import type { ResourceState } from "./resource-state.js";
import { matcherOf, type Selection, withReferences } from "./selection.js";

/** What is asked of a run beyond its verb, in the words of the command line. */
export interface Wish {
  readonly targets?: readonly string[];
  readonly targetDependents?: boolean;
  readonly excludes?: readonly string[];
  readonly excludeDependents?: boolean;
  /** `destroy` leaves protected resources and all that they rest on. */
  readonly excludeProtected?: boolean;
  /** Resources to be made anew, whatever their provider thinks. */
  readonly replace?: readonly string[];
  /** The same, and nothing else takes part. */
  readonly targetReplace?: readonly string[];
  /** Goes on with what does not rest on a resource that failed. */
  readonly continueOnError?: boolean;
  /** Reads every resource first. */
  readonly refresh?: boolean;
}

/** The same, as a run needs it. */
export interface RunPlan {
  readonly selection: Selection;
  readonly isReplaced: (urn: string) => boolean;
  /** Every name that the person gave: each must be found somewhere. */
  readonly names: readonly string[];
  readonly continueOnError: boolean;
  readonly refresh: boolean;
}

/** `resources` is what the state has when the run begins. */
export function planOf(wish: Wish, resources: readonly ResourceState[]): RunPlan {
  const { targetReplace = [] } = wish;
  const guarded = wish.excludeProtected ? [...findProtected(resources)] : [];
  const excludes = [...(wish.excludes ?? []), ...guarded];
  const targets = [...(wish.targets ?? []), ...targetReplace];
  const replaced = [...(wish.replace ?? []), ...targetReplace];
  return {
    selection: selectionOf(wish, targets, excludes),
    isReplaced: matcherOf(replaced),
    names: [...new Set([...targets, ...excludes, ...replaced])],
    continueOnError: wish.continueOnError ?? false,
    refresh: wish.refresh ?? false,
  };
}

/** The protected resources, and all that they rest on. */
function findProtected(resources: readonly ResourceState[]): ReadonlySet<string> {
  const guarded = resources.filter(({ protect }) => protect === true).map(({ urn }) => urn);
  return withReferences(new Set(guarded), resources);
}

function selectionOf(
  wish: Wish,
  targets: readonly string[],
  excludes: readonly string[],
): Selection {
  if (targets.length > 0)
    return { kind: "only", names: targets, withDependents: wish.targetDependents ?? false };
  if (excludes.length > 0)
    return { kind: "except", names: excludes, withDependents: wish.excludeDependents ?? false };
  return { kind: "all" };
}
