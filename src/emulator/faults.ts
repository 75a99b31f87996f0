import type { ServerResponse } from "node:http";
import type { TurnableClock } from "./clock.js";
import type { Message } from "./message.js";

/** A request as a fault sees it; `body` is the parsed JSON, credentials and all. */
export interface FaultRequest {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** What goes wrong with one request. */
export type Fault =
  | { readonly kind: "none" }
  /** Nothing is done; this is the answer. A string is sent as it is, anything else as JSON. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The connection is closed and nothing is done. */
  | { readonly kind: "drop-before" }
  /** The work is done, then the connection is closed without an answer. */
  | { readonly kind: "drop-after" }
  /** The connection is closed at once, and the work is done so much later by the emulator's clock. */
  | { readonly kind: "drop-then-late"; readonly ms: number }
  /** Everything as usual, so much later by the emulator's clock. */
  | { readonly kind: "delay"; readonly ms: number }
  /** Something else happens first (by default), or after the work and before the answer. */
  | {
      readonly kind: "run";
      readonly work: () => void | Promise<void>;
      readonly when?: "before" | "after";
    };

/** Chooses the fault of a request; undefined and `none` both mean that all is well. */
export type FaultChoice = (request: FaultRequest) => Fault | undefined;

const NONE: Fault = { kind: "none" };

/** The one place where tests make the emulated service misbehave. */
export class Faults {
  readonly #choices = new Set<FaultChoice>();

  /** Asks `choice` for each request from now on; the answer stops that. The first fault chosen wins. */
  on(choice: FaultChoice): () => void {
    this.#choices.add(choice);
    return () => this.#choices.delete(choice);
  }

  /** The next request to this method and path (a part of it is enough) meets this fault, once. */
  once(method: string, path: string, fault: Fault): void {
    const stop = this.on((request) => {
      if (request.method !== method || !request.path.includes(path)) return;
      stop();
      return fault;
    });
  }

  clear(): void {
    this.#choices.clear();
  }

  of(request: FaultRequest): Fault {
    for (const choice of this.#choices) {
      const fault = choice(request);
      if (fault !== undefined && fault.kind !== "none") return fault;
    }
    return NONE;
  }
}

/** Carries out the fault around the operation; undefined if nothing is to be answered. */
export async function meet(
  fault: Fault,
  operate: () => Message | Promise<Message>,
  { response, clock }: { readonly response: ServerResponse; readonly clock: TurnableClock },
): Promise<Message | undefined> {
  switch (fault.kind) {
    case "none":
      return operate();
    case "status":
      return { body: undefined, ...fault };
    case "drop-before":
      response.destroy();
      return undefined;
    case "drop-after":
      await operate();
      response.destroy();
      return undefined;
    case "drop-then-late":
      response.destroy();
      await clock.wait(fault.ms);
      await operate();
      return undefined;
    case "delay":
      await clock.wait(fault.ms);
      return operate();
    case "run":
      return runAround(fault, operate);
  }
}

async function runAround(
  { work, when = "before" }: Extract<Fault, { kind: "run" }>,
  operate: () => Message | Promise<Message>,
): Promise<Message> {
  if (when === "before") await work();
  const answer = await operate();
  if (when === "after") await work();
  return answer;
}
