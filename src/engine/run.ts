import { EngineError } from "./engine-error.js";
import type { Listener, Operation, Severity, Step } from "./events.js";
import type { Provider } from "./provider.js";
import type { SecretsKeeper } from "./secrets.js";
import { Slots } from "./slots.js";
import type { Snapshot } from "./snapshot.js";

/** How a run ended, or why it must end. */
export type Stop =
  | { readonly kind: "step-failed" }
  | { readonly kind: "problem" }
  | { readonly kind: "refused" }
  | { readonly kind: "cancelled" };

/** One preview, update, refresh or destroy: what its parts share. */
export class Run {
  readonly isPreview: boolean;
  readonly snapshot: Snapshot;
  readonly keeper: SecretsKeeper;
  readonly provider: () => Promise<Provider>;
  readonly slots: Slots;
  readonly emit: Listener;
  readonly #inFlight = new Set<Promise<unknown>>();
  #stop: Stop | undefined;
  readonly #onStop: (() => void)[] = [];

  constructor(parts: {
    readonly isPreview: boolean;
    readonly snapshot: Snapshot;
    readonly keeper: SecretsKeeper;
    readonly provider: () => Promise<Provider>;
    readonly parallel: number;
    readonly emit: Listener;
  }) {
    this.isPreview = parts.isPreview;
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

  /** Does one step and tells of it. A failure stops the run and is rethrown. */
  async step<Result>(step: Step, act: () => Promise<Result>): Promise<Result> {
    const start = performance.now();
    this.emit({ kind: "step-started", step });
    try {
      const result = await act();
      this.emit({ kind: "step-finished", step, seconds: (performance.now() - start) / 1000 });
      return result;
    } catch (error) {
      this.say("error", messageOf(error), step.urn);
      this.emit({ kind: "step-failed", step });
      this.stopFor({ kind: error instanceof EngineError ? "refused" : "step-failed" });
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

/** An error that the user has been told of already. */
class Told extends Error {}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
