import { describeChanges } from "./decide.js";
import type { Operation, Step } from "./events.js";
import { isSame } from "./property.js";
import { providerType, type ResourceState, referencesOf, stackType } from "./resource-state.js";
import type { Run } from "./run.js";
import { follow } from "./selection.js";
import { markOutputs } from "./steps.js";

/**
 * Reads every resource that takes part and makes the state say what is there. One that cannot be read
 * stays as it was. With `isFirst`, what is found is left to the update that follows to tell of.
 */
export async function refreshAll(
  run: Run,
  { isFirst }: { readonly isFirst: boolean },
): Promise<void> {
  run.requireNames(new Set(run.snapshot.all.map(({ urn }) => urn)));
  if (run.stop !== undefined) return;
  const before = run.snapshot.rest;
  const takesPart = follow(run.plan.selection);
  const part = before
    .filter((state) => takesPart(state.urn, referencesOf(state)))
    .filter(({ type, delete: isGoing }) => type !== providerType && isGoing !== true);
  const found = new Map<ResourceState, ResourceState | undefined>();
  for (const state of part.filter(({ custom }) => !custom)) showUnread(run, state, isFirst);
  await Promise.all(
    part
      .filter(({ custom }) => custom)
      .map((state) =>
        run.track(async () => {
          if (run.stop?.kind === "cancelled") return;
          try {
            found.set(state, await readOne(run, state, isFirst));
            await run.snapshot.replaceRest(applyReads(before, found));
          } catch (error) {
            run.fail(error, state.urn);
          }
        }),
      ),
  );
}

/** A component has nothing to read. */
function showUnread(run: Run, state: ResourceState, isFirst: boolean): void {
  const step: Step = { operation: "refresh", urn: state.urn, old: state, changed: "" };
  run.emit({ kind: "step-started", step });
  if (!isFirst) tell(run, { operation: "same", old: state, next: state, seconds: 0 });
  else if (state.type === stackType) run.emit({ kind: "step-started", step });
  else run.emit({ kind: "step-finished", step: { ...step, new: state }, seconds: 0 });
}

/** The state after some reads: what is gone is gone from the others' references too. */
function applyReads(
  before: readonly ResourceState[],
  found: ReadonlyMap<ResourceState, ResourceState | undefined>,
): readonly ResourceState[] {
  const isGone = (state: ResourceState): boolean =>
    found.has(state) && found.get(state) === undefined;
  const gone = new Set(before.filter(isGone).map(({ urn }) => urn));
  return before
    .filter((state) => !isGone(state))
    .map((state) => withoutReferences(found.get(state) ?? state, gone));
}

async function readOne(
  run: Run,
  old: ResourceState,
  isFirst: boolean,
): Promise<ResourceState | undefined> {
  const start = performance.now();
  const { urn } = old;
  return run
    .step({ operation: "refresh", urn, old, changed: "" }, async () => {
      const provider = await run.provider();
      const read = await provider.read(old);
      if (read === undefined) return { operation: "delete" as const, next: undefined };
      const { initErrors: _cleared, ...rest } = old;
      const inputs = read.inputs ?? old.inputs ?? {};
      const outputs = markOutputs(old, read.outputs);
      const isUnchanged = isSame(old.outputs ?? {}, outputs) && isSame(old.inputs ?? {}, inputs);
      const modified = isUnchanged ? {} : { modified: new Date().toISOString() };
      const next = { ...rest, id: read.id, inputs, outputs, ...modified };
      // The provider compares what is there with what was asked for; that decides only what is shown.
      const { changes } = await provider.diff(next, old.inputs ?? {}, outputs);
      const hasDrift = changes ?? !isUnchanged;
      return { operation: hasDrift ? ("update" as const) : ("same" as const), next };
    })
    .then(({ operation, next }) => {
      const seconds = (performance.now() - start) / 1000;
      tell(run, { operation: isFirst ? "refresh" : operation, old, next, seconds });
      return next;
    });
}

function tell(
  run: Run,
  result: {
    readonly operation: Operation;
    readonly old: ResourceState;
    readonly next: ResourceState | undefined;
    readonly seconds: number;
  },
): void {
  const { operation, old, next, seconds } = result;
  const changed = operation === "update" ? describeChanges(old.inputs, next?.inputs) : "";
  const isFinding = operation !== "refresh";
  const shown = isFinding ? next : (next ?? old);
  const step = { operation, urn: old.urn, old, changed, isFinding, ...(shown && { new: shown }) };
  run.emit({ kind: "step-finished", step, seconds });
}

/** Also without the properties that depend on nothing: Pulumi drops them in a refresh. */
function withoutReferences(state: ResourceState, gone: ReadonlySet<string>): ResourceState {
  const { dependencies = [], propertyDependencies = {}, parent, ...rest } = state;
  const left = (urns: readonly string[]): readonly string[] => urns.filter((urn) => !gone.has(urn));
  const properties = Object.entries(propertyDependencies)
    .map(([key, urns]) => [key, left(urns)] as const)
    .filter(([, urns]) => urns.length > 0);
  return {
    ...rest,
    ...(parent !== undefined && !gone.has(parent) && { parent }),
    ...(left(dependencies).length > 0 && { dependencies: left(dependencies) }),
    ...(properties.length > 0 && { propertyDependencies: Object.fromEntries(properties) }),
  };
}
