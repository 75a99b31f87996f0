import type { Redaction } from "../domain/redaction.js";
import type { Clock } from "./clock.js";
import { parseComplaint } from "./complaint.js";
import { isEffect, type Operation } from "./operation.js";
import { interrupted, noAnswer } from "./refusals.js";
import { type Attempt, askedMs, decide, isUnsettled, type Patience } from "./retry.js";
import type { Answer, Exchange, Transport } from "./transport.js";

/** An answer, and whether an earlier attempt may have been carried out without our knowing. */
export interface Delivery {
  readonly operation: Operation;
  readonly answer: Answer;
  readonly isUnsettled: boolean;
}

export interface CourierOptions {
  readonly transport: Transport;
  readonly redaction: Redaction;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly patience: Patience;
  readonly ending: AbortSignal;
}

/** Sends an operation as often as `retry.ts` thinks it worth, and waits in between. */
export class Courier {
  readonly #options: CourierOptions;
  /** By the clock that nobody sets: before it Maestro wants to hear of nobody here. */
  #pausedUntil = 0;

  constructor(options: CourierOptions) {
    this.#options = options;
  }

  /**
   * @param next Made anew for each attempt, since a one-time code is good for one only.
   * @throws DadosferaError when no answer came; any answer, refusals too, is the caller's to judge.
   */
  async deliver(
    next: () => Operation | Promise<Operation>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Delivery> {
    const { clock, transport, patience } = this.#options;
    const start = clock.elapsed();
    let unsettled = false;
    for (let attempts = 1; ; attempts += 1) {
      await this.#outlastPause();
      const operation = await next();
      this.#mayLeave(operation, unsettled);
      const exchange = await transport.exchange(operation, { ...operation.headers, ...headers });
      const attempt = attemptOf(exchange);
      unsettled ||= isUnsettled(attempt);
      const now = clock.now();
      this.#pause(attempt, now);
      const elapsedMs = clock.elapsed() - start;
      const situation = { attempts, elapsedMs, now, random: this.#options.random() };
      const decision = decide(attempt, operation.repeat, situation, patience);
      if (decision.kind === "give-up") return this.#outcome(operation, exchange, unsettled);
      await this.#wait(decision.afterMs, operation, exchange, unsettled);
    }
  }

  /** A `Retry-After` is meant for whoever asks next, not only for the request that was refused. */
  #pause(attempt: Attempt, now: number): void {
    const { clock, patience } = this.#options;
    this.#pausedUntil = Math.max(
      this.#pausedUntil,
      clock.elapsed() + askedMs(attempt, now, patience),
    );
  }

  async #outlastPause(): Promise<void> {
    const { clock, ending } = this.#options;
    while (this.#pausedUntil > clock.elapsed() && !ending.aborted) {
      await clock.wait(this.#pausedUntil - clock.elapsed(), ending).catch((cause: unknown) => {
        if (!ending.aborted) throw cause;
      });
    }
  }

  #mayLeave(operation: Operation, unsettled: boolean): void {
    const { ending } = this.#options;
    if (ending.aborted) throw this.#missing(operation, ending.reason, unsettled);
    try {
      operation.beforeSend?.();
    } catch (cause) {
      throw unsettled ? this.#missing(operation, cause, unsettled) : cause;
    }
  }

  #outcome(operation: Operation, exchange: Exchange, unsettled: boolean): Delivery {
    if (exchange.kind === "answered") {
      return { operation, answer: exchange.answer, isUnsettled: unsettled };
    }
    throw this.#missing(operation, exchange.cause, unsettled);
  }

  async #wait(
    ms: number,
    operation: Operation,
    exchange: Exchange,
    unsettled: boolean,
  ): Promise<void> {
    const { clock, ending } = this.#options;
    try {
      ending.throwIfAborted();
      await clock.wait(ms, ending);
    } catch (cause) {
      if (!ending.aborted) throw cause;
      throw this.#missing(
        operation,
        exchange.kind === "answered" ? cause : exchange.cause,
        unsettled,
      );
    }
  }

  #missing(operation: Operation, cause: unknown, unsettled: boolean): Error {
    const { ending, redaction } = this.#options;
    const isOpen = isEffect(operation) && unsettled;
    if (ending.aborted && !isOpen) return interrupted(operation.intent);
    return noAnswer({ operation, redaction, isUnsettled: unsettled }, cause);
  }
}

function attemptOf(exchange: Exchange): Attempt {
  if (exchange.kind !== "answered") return { kind: exchange.kind };
  const { status, retryAfter, text } = exchange.answer;
  const isPlatformFailure = status === 500 && parseComplaint(text).source === "platform";
  return { kind: "answered", status, retryAfter, isPlatformFailure };
}
