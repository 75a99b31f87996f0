import type { EngineEvent, Operation, Severity, Step } from "./events.js";
import { maskSecrets, type PropertyMap } from "./property.js";
import { type ResourceState, stackType } from "./resource-state.js";

/** A step in the form of `pulumi preview --json`. */
export interface JsonStep {
  readonly op: Operation;
  readonly urn: string;
  readonly provider?: string;
  readonly oldState?: ResourceState;
  readonly newState?: ResourceState;
  readonly replaceReasons?: readonly string[];
  readonly detailedDiff: null;
}

/** A diagnostic in the form of `pulumi preview --json`: the text has its prefix and ends with a newline. */
export interface JsonDiagnostic {
  readonly urn?: string;
  readonly message: string;
  readonly severity: Severity;
}

/** What a run did, put together from its events. */
export class Outcome {
  readonly #all: Step[] = [];
  readonly #steps: JsonStep[] = [];
  readonly #diagnostics: JsonDiagnostic[] = [];
  readonly #counts = new Map<Operation, number>();
  readonly #hasSames: boolean;
  readonly #isPreview: boolean;
  #outputs: PropertyMap = {};

  /** With `hasSames`, the steps hold unchanged resources too. */
  constructor({
    hasSames = false,
    isPreview = false,
  }: {
    readonly hasSames?: boolean;
    readonly isPreview?: boolean;
  } = {}) {
    this.#hasSames = hasSames;
    this.#isPreview = isPreview;
  }

  /** What was done or would be done; unchanged resources are left out, except the stack. */
  get steps(): readonly JsonStep[] {
    return this.#steps;
  }

  get diagnostics(): readonly JsonDiagnostic[] {
    return this.#diagnostics;
  }

  /** How many resources met each operation; a replacement counts once. */
  get changeSummary(): Readonly<Partial<Record<Operation, number>>> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** The stack's outputs, with secrets as `[secret]` and unknown values as their marker. */
  get outputs(): PropertyMap {
    return this.#outputs;
  }

  /** The finished steps as they were told, for who shows them in a form of their own. */
  get finishedSteps(): readonly Step[] {
    return this.#all;
  }

  readonly listen = (event: EngineEvent): void => {
    switch (event.kind) {
      case "step-finished":
        this.#addStep(event.step);
        return;
      case "message":
        if (!event.isEphemeral) this.#addDiagnostic(event);
        return;
      case "stack-outputs":
        this.#outputs = maskSecrets(event.new);
        return;
      case "step-failed":
        // It would be tried, and that is what a preview is asked.
        if (this.#isPreview) this.#steps.push(jsonStep(event.step));
        return;
      case "step-started":
        return;
    }
  };

  #addStep(step: Step): void {
    const { operation } = step;
    this.#all.push(step);
    if (partial.has(operation)) return;
    this.#counts.set(operation, (this.#counts.get(operation) ?? 0) + 1);
    const isStack = (step.new ?? step.old)?.type === stackType;
    if (operation === "same" && !isStack && !step.isFinding && !this.#hasSames) return;
    this.#steps.push(jsonStep(step));
  }

  #addDiagnostic(event: EngineEvent & { readonly kind: "message" }): void {
    const { urn, severity } = event;
    const place = urn === undefined ? {} : { urn };
    this.#diagnostics.push({ ...place, message: `${prefixOf(severity)}${event.text}\n`, severity });
  }
}

// The halves of a replacement, and the reading before a refresh says what it found.
const partial: ReadonlySet<Operation> = new Set([
  "create-replacement",
  "delete-replaced",
  "refresh",
]);

export function prefixOf(severity: Severity): string {
  return severity === "warning" || severity === "error" ? `${severity}: ` : "";
}

function jsonStep(step: Step): JsonStep {
  const provider = (step.new ?? step.old)?.provider;
  return {
    op: step.isFinding ? "refresh" : step.operation,
    urn: step.urn,
    ...(provider !== undefined && { provider }),
    ...(step.old && { oldState: maskedState(step.old) }),
    // A refresh says what it read in its counts alone.
    ...(step.new && { newState: maskedState((step.isFinding ? step.old : undefined) ?? step.new) }),
    ...(step.replaceReasons && { replaceReasons: step.replaceReasons }),
    detailedDiff: null,
  };
}

/** A state as it may be shown. */
export function maskedState(state: ResourceState): ResourceState {
  return {
    ...state,
    ...(state.inputs && { inputs: maskSecrets(state.inputs) }),
    ...(state.outputs && { outputs: maskSecrets(state.outputs) }),
  };
}
