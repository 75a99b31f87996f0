import { EngineError } from "./engine-error.js";
import type { Listener, Operation, Severity, Step } from "./events.js";
import { PartialFailure, type Provider } from "./provider.js";
import type { SecretsKeeper } from "./secrets.js";
import { findMissing } from "./selection.js";
import { Slots } from "./slots.js";
import type { Snapshot } from "./snapshot.js";
import type { RunPlan } from "./wish.js";

/** How a run ended, or why it must end. */
export type Stop =
  /** `because` is added to the words that tell of it. */
  | { readonly kind: "step-failed"; readonly because?: string }
  | { readonly kind: "problem" }
  | { readonly kind: "refused" }
  | { readonly kind: "cancelled" };

/** One preview, update, refresh or destroy: what its parts share. */
export class Run {
  readonly isPreview: boolean;
  readonly plan: RunPlan;
  readonly snapshot: Snapshot;
  readonly keeper: SecretsKeeper;
  readonly provider: () => Promise<Provider>;
  readonly slots: Slots;
  readonly emit: Listener;
  readonly #failed = new Set<string>();
  #hasFailedPreview = false;
  readonly #inFlight = new Set<Promise<unknown>>();
  #stop: Stop | undefined;
  readonly #onStop: (() => void)[] = [];

  constructor(parts: {
    readonly isPreview: boolean;
    readonly plan: RunPlan;
    readonly snapshot: Snapshot;
    readonly keeper: SecretsKeeper;
    readonly provider: () => Promise<Provider>;
    readonly parallel: number;
    readonly emit: Listener;
  }) {
    this.isPreview = parts.isPreview;
    this.plan = parts.plan;
    this.snapshot = parts.snapshot;
    this.keeper = parts.keeper;
    this.provider = parts.provider;
    this.slots = new Slots(parts.parallel);
    this.emit = parts.emit;
  }

  /** Set once the run may begin nothing new. The first reason stands. */
  get stop(): Stop | undefined {
    return this.#stop;
  }

  stopFor(stop: Stop): void {
    this.#stop ??= stop;
    for (const listener of this.#onStop.splice(0)) listener();
  }

  /** What failed while the run went on. */
  get failed(): ReadonlySet<string> {
    return this.#failed;
  }

  /** Whether the run goes on, and will have failed in the end. */
  get isFailing(): boolean {
    return this.#hasFailedPreview || this.#failed.size > 0;
  }

  /** Resolves when the run has been stopped. */
  stopped(): Promise<void> {
    if (this.#stop !== undefined) return Promise.resolve();
    return new Promise((resolve) => this.#onStop.push(resolve));
  }

  /** Runs work that must be awaited before the run may end, even if nobody waits for its answer. */
  async track<Result>(work: () => Promise<Result>): Promise<Result> {
    const running = this.slots.run(work);
    const settled = running.catch(() => undefined);
    this.#inFlight.add(settled);
    try {
      return await running;
    } finally {
      this.#inFlight.delete(settled);
    }
  }

  async settled(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.all(this.#inFlight);
  }

  /** Does one step and tells of it. A failure is rethrown, and stops the run unless it can be borne. */
  async step<Result>(step: Step, act: () => Promise<Result>): Promise<Result> {
    const start = performance.now();
    this.emit({ kind: "step-started", step });
    try {
      const result = await act();
      this.emit({ kind: "step-finished", step, seconds: (performance.now() - start) / 1000 });
      return result;
    } catch (error) {
      this.say("error", messageOf(error), step.urn);
      this.emit({ kind: "step-failed", step, isPartial: error instanceof PartialFailure });
      if (error instanceof EngineError) this.stopFor({ kind: "refused" });
      else if (this.plan.continueOnError || error instanceof Protected) this.#failed.add(step.urn);
      else this.stopFor({ kind: "step-failed" });
      throw new Told("told already", { cause: error });
    }
  }

  /** Tells of something that goes without a call. */
  note(operation: Operation, step: Omit<Step, "operation">): void {
    const whole: Step = { operation, ...step };
    if (operation === "replace") this.emit({ kind: "step-started", step: whole });
    this.emit({ kind: "step-finished", step: whole, seconds: 0 });
  }

  say(severity: Severity, text: string, urn?: string): void {
    const place = urn === undefined ? {} : { urn };
    this.emit({ kind: "message", severity, text, isEphemeral: false, source: "log", ...place });
  }

  /** Whether a step has told of this failure and the run goes on; from now on the resource counts as failed. */
  bears(error: unknown, urn: string): boolean {
    const isBorne = error instanceof Told && this.#stop === undefined;
    if (isBorne) this.#failed.add(urn);
    return isBorne;
  }

  /** A preview goes on after such a failure, so that the person sees the rest; a run does not. */
  failInPreview(error: Error, urn: string): void {
    if (!this.isPreview) throw error;
    this.say("error", error.message, urn);
    this.#hasFailedPreview = true;
  }

  /** Stops the run if the person named what nobody knows. */
  requireNames(known: ReadonlySet<string>): void {
    for (const name of findMissing(this.plan.names, known)) {
      const advice = name.includes("$") ? "" : " Did you forget to escape $ in your shell?";
      this.fail(new Error(`Target '${name}' could not be found in the stack.${advice}`));
    }
  }

  /** Tells of an error, unless a step has told of it, and stops the run. */
  fail(error: unknown, urn?: string): void {
    if (error instanceof Told) return;
    this.say("error", messageOf(error), urn);
    this.stopFor({
      kind: error instanceof EngineError && error.exitCode === 2 ? "refused" : "problem",
    });
  }

  /** Secrets must not reach the state in the clear: without a passphrase the run ends before they do. */
  requirePassphraseFor(hasSecrets: boolean): void {
    if (hasSecrets) this.keeper.requirePassphrase();
  }
}

/** A resource that must not be deleted, and was not: what does not rest on it can be done all the same. */
export class Protected extends Error {}

/** An error that the user has been told of already. */
class Told extends Error {}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
