import type { EngineEvent, Operation, Step } from "./events.js";
import { maskedState, prefixOf } from "./outcome.js";
import type { PropertyMap } from "./property.js";
import { type ResourceState, stackType } from "./resource-state.js";

/** Tells of a run as it goes, one JSON object a line, in the form of `pulumi up --json`. */
export class JsonEvents {
  readonly #run: JsonRun;
  readonly #open = new Set<string>();
  #sequence = 0;
  #finished = 0;
  /** The stack's own step, whose end is told when its outputs are known. */
  #stackStep: Step | undefined;
  #stackOutputs: PropertyMap | undefined;

  constructor(run: JsonRun) {
    this.#run = run;
    this.#write({ preludeEvent: { config: run.config } });
  }

  readonly listen = (event: EngineEvent): void => {
    switch (event.kind) {
      case "step-started":
        this.#begin(event.step);
        return;
      case "step-finished":
        this.#end(event.step);
        return;
      case "step-failed": {
        const told = { status: event.isPartial ? 1 : 0, steps: this.#finished };
        const step = event.isPartial ? this.#withResult(event.step) : event.step;
        this.#write({ resOpFailedEvent: { metadata: metadataOf(step), ...told } });
        return;
      }
      case "message":
        this.#write({ diagnosticEvent: diagnosticOf(event) });
        return;
      case "stack-outputs":
        this.#stackOutputs = event.new;
        return;
    }
  };

  /** What comes after the last event. */
  finish(end: {
    readonly isFailed: boolean;
    readonly seconds: number;
    readonly changes: Readonly<Partial<Record<Operation, number>>>;
  }): void {
    const step = this.#stackStep;
    if (step !== undefined && this.#stackOutputs !== undefined && !end.isFailed) {
      const next = step.new && { ...step.new, outputs: this.#stackOutputs };
      this.#write({
        resOutputsEvent: { metadata: metadataOf({ ...step, ...(next && { new: next }) }) },
      });
    }
    const summary = {
      maybeCorrupt: false,
      durationSeconds: Math.round(end.seconds),
      resourceChanges: end.changes,
      PolicyPacks: {},
      isPreview: this.#run.isPreview,
      result: end.isFailed ? "failed" : "succeeded",
    };
    this.#write({ summaryEvent: summary });
    this.#write({ cancelEvent: {} });
  }

  #begin(step: Step): void {
    this.#open.add(`${step.operation} ${step.urn}`);
    // That it is replaced is told when the new one is there.
    const shown = step.operation === "replace" ? this.#withResult(step) : step;
    this.#write({ resourcePreEvent: { metadata: metadataOf(shown) } });
  }

  #end(step: Step): void {
    // What goes without a call is told of only once.
    if (!this.#open.delete(`${step.operation} ${step.urn}`)) this.#begin(step);
    this.#finished += 1;
    if (step.new?.type === stackType) this.#stackStep = step;
    else this.#write({ resOutputsEvent: { metadata: metadataOf(this.#withResult(step)) } });
  }

  #withResult(step: Step): Step {
    if (step.new === undefined) return step;
    const settled = this.#run.findSettled(step.urn);
    const isBeside = step.operation === "create-replacement" && !step.old?.pendingReplacement;
    const old = step.old && { ...step.old, ...(isBeside && { delete: true }) };
    const before = step.operation === "same" ? step.old : undefined;
    const { id, outputs, initErrors } = settled ?? before ?? {};
    const result = {
      ...(id !== undefined && { id }),
      ...(outputs && { outputs }),
      ...(initErrors && { initErrors }),
    };
    return { ...step, ...(old && { old }), new: { ...step.new, ...result } };
  }

  #write(event: object): void {
    const head = { sequence: this.#sequence, timestamp: Math.floor(Date.now() / 1000) };
    this.#sequence += 1;
    this.#run.write(`${JSON.stringify({ ...head, ...event })}\n`);
  }
}

export interface JsonRun {
  readonly write: (text: string) => void;
  readonly isPreview: boolean;
  /** The configuration, with secrets as `[secret]`. */
  readonly config: Readonly<Record<string, string>>;
  readonly findSettled: (urn: string) => ResourceState | undefined;
}

const halves: ReadonlySet<Operation> = new Set(["create-replacement", "delete-replaced"]);

function metadataOf(step: Step): object {
  const { operation, urn, old, new: next, replaceReasons: keys = [] } = step;
  const state = next ?? old;
  return {
    op: operation,
    urn,
    type: state?.type ?? "",
    old: old === undefined ? null : stateOf(old),
    new: next === undefined ? null : stateOf(next),
    ...(keys.length > 0 && { keys }),
    detailedDiff: null,
    ...(!halves.has(operation) && { logical: true }),
    provider: state?.provider ?? "",
  };
}

function stateOf(state: ResourceState): object {
  const { type, urn, custom, id = "", parent = "", provider = "" } = state;
  const { inputs = {}, outputs = {} } = maskedState(state);
  return {
    type,
    urn,
    ...(custom && { custom }),
    ...(state.delete && { delete: true }),
    id,
    parent,
    ...(state.protect && { protect: true }),
    ...(state.retainOnDelete && { retainOnDelete: true }),
    inputs,
    outputs,
    provider,
    ...(state.initErrors && { initErrors: state.initErrors }),
  };
}

function diagnosticOf(message: EngineEvent & { readonly kind: "message" }): object {
  const { urn, severity, text, isEphemeral } = message;
  const prefix = prefixOf(severity);
  return {
    ...(urn !== undefined && { urn }),
    ...(prefix !== "" && { prefix }),
    message: `${text}\n`,
    color: "never",
    severity,
    ...(isEphemeral && { ephemeral: true }),
  };
}
