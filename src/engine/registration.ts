import { decide, describeChanges, ignoreChanges } from "./decide.js";
import { refuseFeature } from "./engine-error.js";
import { MonitorClosed, type Registered } from "./monitor.js";
import { canonicalText, hasSecret, isSame, markSecrets, type PropertyMap } from "./property.js";
import { replaceResource } from "./replacement.js";
import {
  formUrn,
  type Goal,
  type ResourceState,
  referencesOf,
  stackType,
  stateOfGoal,
} from "./resource-state.js";
import type { Run } from "./run.js";
import { follow } from "./selection.js";
import { createResource, settleSame, updateResource } from "./steps.js";

/** Where the resources of a run belong. */
export interface Place {
  readonly project: string;
  readonly stack: string;
  /** Settles the default provider and answers how resources refer to it. */
  readonly providerReference: () => Promise<string>;
}

/** Takes what the program registers and brings each resource to what it asks for. */
export class Registrations {
  readonly #run: Run;
  readonly #place: Place;
  readonly #seen = new Set<string>();
  readonly #deletedFirst = new Map<ResourceState, readonly string[]>();
  readonly #takesPart: (urn: string, references: Iterable<string>) => boolean;
  /** What is not there, and is not to be made by this run. */
  readonly #skipped = new Set<string>();
  #stackOutputs: PropertyMap | undefined;

  constructor(run: Run, place: Place) {
    this.#run = run;
    this.#place = place;
    this.#takesPart = follow(run.plan.selection);
  }

  /** Everything that the program has registered. */
  get seen(): ReadonlySet<string> {
    return this.#seen;
  }

  async register(goal: Goal): Promise<Registered> {
    const urn = formUrn(this.#place.stack, this.#place.project, goal);
    return this.#run.track(async () => {
      if (this.#run.stop !== undefined) throw new MonitorClosed();
      try {
        return await this.#take(urn, goal);
      } catch (error) {
        if (this.#run.bears(error, urn)) return { urn, id: "", outputs: {}, hasFailed: true };
        this.#run.fail(error, goal.type === stackType ? undefined : urn);
        throw new MonitorClosed("registration failed", { cause: error });
      }
    });
  }

  async registerOutputs(urn: string, outputs: PropertyMap): Promise<void> {
    if (this.#skipped.has(urn)) return;
    const state = this.#run.snapshot.findSettled(urn);
    if (state === undefined) throw new MonitorClosed();
    this.#run.requirePassphraseFor(hasSecret(outputs));
    // A program that fails tells of no outputs on its way out. So what the stack has is kept until the
    // program has come to its end.
    if (state.type === stackType) this.#stackOutputs = outputs;
    else await this.#settleOutputs(state, outputs);
  }

  /** Whether the program has told of its outputs, be it on its way out. */
  get hasStackOutputs(): boolean {
    return this.#stackOutputs !== undefined;
  }

  /** The program has come to its end: its outputs are the stack's. */
  async settleStackOutputs(): Promise<void> {
    const state = this.#run.snapshot.all.find(({ type }) => type === stackType);
    if (state === undefined || this.#stackOutputs === undefined) return;
    this.#run.emit({ kind: "stack-outputs", old: state.outputs ?? {}, new: this.#stackOutputs });
    await this.#settleOutputs(state, this.#stackOutputs);
  }

  async #settleOutputs(state: ResourceState, outputs: PropertyMap): Promise<void> {
    const { outputs: _before, ...rest } = state;
    const next = Object.keys(outputs).length > 0 ? { ...rest, outputs } : rest;
    await this.#run.snapshot.change(state, next);
  }

  async #take(urn: string, goal: Goal): Promise<Registered> {
    const [feature] = goal.unsupported;
    if (feature !== undefined) throw refuseFeature(feature);
    if (this.#seen.has(urn))
      throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
    this.#seen.add(urn);
    const old = this.#run.snapshot.findOld(urn);
    const references = [...referencesOf(stateOfGoal(goal, { urn, inputs: {} }))];
    if (!this.#takesPart(urn, references) && goal.type !== stackType)
      return this.#leave(urn, goal, old);
    const missing = references.find((each) => this.#skipped.has(each));
    if (missing !== undefined) throw notTargeted(urn, missing);
    const secretOutputs = goal.additionalSecretOutputs.length > 0;
    this.#run.requirePassphraseFor(hasSecret(goal.inputs) || secretOutputs);
    return goal.custom ? this.#takeCustom(urn, goal, old) : this.#takeComponent(urn, goal, old);
  }

  /** The run has no part in it: what is there stays, what is not there is not made. */
  async #leave(urn: string, goal: Goal, old: ResourceState | undefined): Promise<Registered> {
    if (old === undefined) {
      this.#skipped.add(urn);
      const next = stateOfGoal(goal, { urn, inputs: goal.inputs });
      this.#run.note("same", { urn, new: next, changed: "" });
      return { urn, id: "", outputs: {}, isUnknown: true };
    }
    if (goal.custom) await this.#place.providerReference();
    this.#run.note("same", { urn, old, new: old, changed: "" });
    await this.#run.snapshot.settleUntouched(old);
    return { urn, id: old.id ?? "", outputs: old.outputs ?? {} };
  }

  async #takeComponent(
    urn: string,
    goal: Goal,
    old: ResourceState | undefined,
  ): Promise<Registered> {
    const next = { ...stateOfGoal(goal, { urn, inputs: goal.inputs }), ...timesOf(old) };
    if (old === undefined) {
      const now = new Date().toISOString();
      const step = { operation: "create", urn, new: next, changed: "" } as const;
      await this.#run.step(step, () =>
        this.#run.snapshot.settle({ ...next, created: now, modified: now }),
      );
    } else if (isSame(old.inputs ?? {}, goal.inputs)) {
      await settleSame(this.#run, old, next);
    } else {
      const changed = describeChanges(old.inputs, next.inputs);
      const modified = new Date().toISOString();
      const settled = { ...next, ...(old.outputs && { outputs: old.outputs }), modified };
      await this.#run.step({ operation: "update", urn, old, new: next, changed }, () =>
        this.#run.snapshot.settle(settled, old),
      );
    }
    return { urn, id: "", outputs: goal.inputs };
  }

  async #takeCustom(urn: string, goal: Goal, old: ResourceState | undefined): Promise<Registered> {
    const provider = await this.#place.providerReference();
    if (old !== undefined) return this.#takeKnown(old, goal, provider);
    const inputs = await this.#check(urn, goal, { olds: {}, asked: goal.inputs });
    return createResource(this.#run, stateOfGoal(goal, { urn, inputs, provider }));
  }

  async #takeKnown(old: ResourceState, goal: Goal, provider: string): Promise<Registered> {
    const run = this.#run;
    const { urn } = old;
    const asked = ignoreChanges(goal.inputs, old.inputs ?? {}, goal.ignoreChanges);
    const replace = async (reasons: readonly string[], deleteFirst: boolean) => {
      if (old.protect) run.failInPreview(protectedFromReplacement(urn), urn);
      // What is made anew must not inherit defaults from what it takes the place of.
      const inputs = await this.#check(urn, goal, { olds: {}, asked });
      const next = { ...stateOfGoal(goal, { urn, inputs, provider }), ...timesOf(old) };
      const deletedFirst = this.#deletedFirst;
      return replaceResource(run, { old, next, reasons, deleteFirst, deletedFirst });
    };
    if (this.#deletedFirst.has(old)) return replace([], true);
    if (run.plan.isReplaced(urn)) return replace(["id"], goal.deleteBeforeReplace ?? false);
    const inputs = await this.#check(urn, goal, { olds: old.inputs ?? {}, asked });
    const next = { ...stateOfGoal(goal, { urn, inputs, provider }), ...timesOf(old) };
    const diff = await (await run.provider()).diff(
      { ...old, ignoreChanges: goal.ignoreChanges },
      inputs,
    );
    const decision = decide(old, inputs, diff, goal);
    switch (decision.kind) {
      case "same":
        return settleSame(run, old, next);
      case "update":
        return updateResource(run, old, next);
      case "replace":
        return replace(decision.reasons, decision.deleteFirst);
    }
  }

  async #check(
    urn: string,
    goal: Goal,
    { olds, asked }: { readonly olds: PropertyMap; readonly asked: PropertyMap },
  ): Promise<PropertyMap> {
    const { inputs, failures } = await (await this.#run.provider()).check(urn, olds, asked);
    if (failures.length === 0) return markSecrets(inputs, asked);
    const problems = failures.map(({ property, reason }) => {
      const value = property === "" ? undefined : inputs[property];
      const shown =
        value === undefined
          ? ""
          : `property ${property} value {${canonicalText(value)}} has a problem: `;
      return `${goal.type} resource '${goal.name}': ${shown}${reason}`;
    });
    throw new Error(problems.join("\n"));
  }
}

function timesOf(old: ResourceState | undefined): Pick<ResourceState, "created" | "modified"> {
  const { created, modified } = old ?? {};
  return { ...(created && { created }), ...(modified && { modified }) };
}

function notTargeted(urn: string, missing: string): Error {
  return new Error(
    `Resource '${urn}' depends on '${missing}' which was was not specified in --target list.`,
  );
}

function protectedFromReplacement(urn: string): Error {
  return new Error(
    `unable to replace resource "${urn}"\nas it is currently marked for protection. To unprotect the resource, ` +
      "remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`",
  );
}
