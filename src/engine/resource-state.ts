import type { PropertyMap } from "./property.js";

/** One entry of the checkpoint, in the checkpoint's own spelling. */
export interface ResourceState {
  readonly urn: string;
  readonly custom: boolean;
  readonly delete?: boolean;
  readonly id?: string;
  readonly type: string;
  readonly inputs?: PropertyMap;
  readonly outputs?: PropertyMap;
  readonly parent?: string;
  readonly protect?: boolean;
  readonly dependencies?: readonly string[];
  readonly initErrors?: readonly string[];
  readonly provider?: string;
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
  readonly pendingReplacement?: boolean;
  readonly additionalSecretOutputs?: readonly string[];
  readonly customTimeouts?: Readonly<Record<string, number>>;
  readonly retainOnDelete?: boolean;
  readonly created?: string;
  readonly modified?: string;
  readonly ignoreChanges?: readonly string[];
  readonly replaceOnChanges?: readonly string[];
  /** Only in what is shown of an import. */
  readonly importID?: string;
}

export type PendingKind = "creating" | "updating" | "deleting" | "reading";

/** A provider call that was begun and, as far as the state knows, not ended. */
export interface PendingOperation {
  readonly resource: ResourceState;
  readonly type: PendingKind;
}

/** What a program asks for when it registers a resource. */
export interface Goal {
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly parent: string;
  readonly inputs: PropertyMap;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly additionalSecretOutputs: readonly string[];
  readonly customTimeouts: Readonly<Record<string, number>>;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  /** The program's word on the order of a replacement, which goes before the provider's. */
  readonly deleteBeforeReplace: boolean | undefined;
  /** The features it asks for that this engine does not have, by name. */
  readonly unsupported: readonly string[];
}

export const stackType = "pulumi:pulumi:Stack";
export const providerType = "pulumi:providers:pulumi-nodejs";

/** Forms a URN; the types of the parents are part of it, the stack's own is left out. */
export function formUrn(
  stack: string,
  project: string,
  goal: Pick<Goal, "type" | "name" | "parent">,
): string {
  const parentType = goal.parent.split("::")[2] ?? "";
  const isTop = parentType === "" || parentType === stackType;
  const type = isTop ? goal.type : `${parentType}$${goal.type}`;
  return `urn:pulumi:${stack}::${project}::${type}::${goal.name}`;
}

export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

export function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/** Every URN that must be there for this resource to be there. */
export function referencesOf(state: ResourceState): ReadonlySet<string> {
  const fromProperties = Object.values(state.propertyDependencies ?? {}).flat();
  const all = new Set([...(state.dependencies ?? []), ...fromProperties]);
  if (state.parent !== undefined) all.add(state.parent);
  return all;
}

/** The state that a registration leads to, before a provider has added its outputs. */
export function stateOfGoal(
  goal: Goal,
  known: { readonly urn: string; readonly inputs: PropertyMap; readonly provider?: string },
): ResourceState {
  const { type, custom, dependencies, ignoreChanges, replaceOnChanges, additionalSecretOutputs } =
    goal;
  return {
    urn: known.urn,
    custom,
    type,
    ...(Object.keys(known.inputs).length > 0 && { inputs: known.inputs }),
    ...(goal.parent !== "" && { parent: goal.parent }),
    ...(goal.protect && { protect: true }),
    ...(dependencies.length > 0 && { dependencies }),
    ...(known.provider !== undefined && { provider: known.provider }),
    ...(custom && { propertyDependencies: goal.propertyDependencies }),
    ...(additionalSecretOutputs.length > 0 && { additionalSecretOutputs }),
    ...(Object.keys(goal.customTimeouts).length > 0 && { customTimeouts: goal.customTimeouts }),
    ...(goal.retainOnDelete && { retainOnDelete: true }),
    ...(ignoreChanges.length > 0 && { ignoreChanges }),
    ...(replaceOnChanges.length > 0 && { replaceOnChanges }),
  };
}
