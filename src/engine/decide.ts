import {
  isPropertyMap,
  isSame,
  isSecret,
  type PropertyMap,
  type PropertyValue,
} from "./property.js";
import type { ProviderDiff } from "./provider.js";
import type { Goal, ResourceState } from "./resource-state.js";

export type Decision =
  | { readonly kind: "same" }
  | { readonly kind: "update" }
  | {
      readonly kind: "replace";
      readonly reasons: readonly string[];
      readonly deleteFirst: boolean;
    };

/** What is to be done with a resource that the state knows, after the provider's `diff`. */
export function decide(
  old: ResourceState,
  inputs: PropertyMap,
  diff: ProviderDiff,
  goal: Goal,
): Decision {
  const isReplaced = diff.replaces.length > 0 || old.pendingReplacement === true;
  const deleteFirst = goal.deleteBeforeReplace ?? diff.deleteBeforeReplace;
  if (isReplaced) return { kind: "replace", reasons: diff.replaces, deleteFirst };
  const isUnfinished = (old.initErrors ?? []).length > 0;
  const hasChanges = diff.changes ?? !isSame(old.inputs ?? {}, inputs);
  return { kind: isUnfinished || hasChanges ? "update" : "same" };
}

/** The changed top-level inputs in short, such as `+note-extra~size`, and whether protection changed. */
export function describeUpdate(old: ResourceState, next: ResourceState): string {
  const isProtected = (state: ResourceState): boolean => state.protect ?? false;
  const isKept = isProtected(old) === isProtected(next);
  const option = isKept ? {} : { protect: isProtected(old) };
  const changed = isKept ? {} : { protect: isProtected(next) };
  return describeChanges({ ...old.inputs, ...option }, { ...next.inputs, ...changed });
}

/** The changed top-level inputs in short; hidden keys and secrets left out. */
export function describeChanges(old: PropertyMap = {}, next: PropertyMap = {}): string {
  const keys = [...new Set([...Object.keys(old), ...Object.keys(next)])].sort();
  const shown = keys.filter((key) => !key.startsWith("__"));
  const added = shown.filter((key) => old[key] === undefined);
  const removed = shown.filter((key) => next[key] === undefined);
  const changed = shown.filter(
    (key) =>
      old[key] !== undefined && next[key] !== undefined && isShownChange(old[key], next[key]),
  );
  return group("+", added) + group("-", removed) + group("~", changed);
}

/** What a program asked not to change gets its old value back, before the provider sees it. */
export function ignoreChanges(
  inputs: PropertyMap,
  old: PropertyMap,
  paths: readonly string[],
): PropertyMap {
  return paths.reduce((result, path) => keepOld(result, old, path.split(".")), inputs);
}

function isShownChange(old: PropertyValue, next: PropertyValue): boolean {
  return !(isSecret(old) && isSecret(next)) && !isSame(old, next);
}

function group(sign: string, keys: readonly string[]): string {
  return keys.length === 0 ? "" : `${sign}${keys.join(",")}`;
}

function keepOld(inputs: PropertyMap, old: PropertyMap, path: readonly string[]): PropertyMap {
  const [key = "", ...rest] = path;
  const { [key]: next, ...others } = inputs;
  const before = old[key];
  if (rest.length > 0 && isPropertyMap(next) && isPropertyMap(before)) {
    return { ...inputs, [key]: keepOld(next, before, rest) };
  }
  if (rest.length > 0) return inputs;
  return before === undefined ? others : { ...inputs, [key]: before };
}
