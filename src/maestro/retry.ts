/**
 * When a request may be sent again. `always`: it states a result, so that doing it twice changes nothing.
 * `unless-accepted`: each acceptance does something new, so only after an answer that says it was not accepted.
 */
export type Repeat = "always" | "unless-accepted" | "never";

/** How one attempt ended, as far as the decision goes. */
export type Attempt =
  /** The connection was never made: Maestro cannot have seen the request. */
  | { readonly kind: "not-sent" }
  /** The request left, and no whole answer came back. */
  | { readonly kind: "lost" }
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly retryAfter?: string | undefined;
      /** Whether a 500 has the platform's form ("could not commit"); the gateway's may hide a mistake of the caller. */
      readonly isPlatformFailure: boolean;
    };

export interface Patience {
  readonly maxAttempts: number;
  /** From the first attempt to the start of the last one. */
  readonly totalMs: number;
  readonly firstBackOffMs: number;
  readonly longestBackOffMs: number;
  readonly longestRetryAfterMs: number;
}

export const DEFAULT_PATIENCE: Patience = {
  maxAttempts: 8,
  totalMs: 120_000,
  firstBackOffMs: 500,
  longestBackOffMs: 20_000,
  longestRetryAfterMs: 60_000,
};

export type Decision =
  | { readonly kind: "again"; readonly afterMs: number }
  | { readonly kind: "give-up" };

export interface Situation {
  /** Attempts made so far, this one included. */
  readonly attempts: number;
  readonly elapsedMs: number;
  readonly now: number;
  /** From 0 to 1. */
  readonly random: number;
}

/** Whether another attempt is worth it, and when: exponential back-off with full jitter, never sooner than `Retry-After`. */
export function decide(
  attempt: Attempt,
  repeat: Repeat,
  situation: Situation,
  patience: Patience = DEFAULT_PATIENCE,
): Decision {
  if (!mayRepeat(attempt, repeat)) return { kind: "give-up" };
  const afterMs = askedMs(attempt, situation.now, patience) + backOff(situation, patience);
  if (situation.attempts >= patience.maxAttempts) return { kind: "give-up" };
  if (situation.elapsedMs + afterMs > patience.totalMs) return { kind: "give-up" };
  return { kind: "again", afterMs };
}

/** Whether an attempt leaves open what Maestro did. A 429 and a platform failure say that nothing was done. */
export function isUnsettled(attempt: Attempt): boolean {
  if (attempt.kind === "not-sent") return false;
  if (attempt.kind === "lost") return true;
  return attempt.status >= 500 && !attempt.isPlatformFailure;
}

/** The milliseconds that a `Retry-After` header asks for, in seconds or as a date; 0 if it cannot be read. */
export function retryAfterMs(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  if (/^\s*\d+(\.\d+)?\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}

/** How long Maestro asks to be left alone, in milliseconds; 0 if it does not say. */
export function askedMs(attempt: Attempt, now: number, patience: Patience): number {
  if (attempt.kind !== "answered") return 0;
  return Math.min(retryAfterMs(attempt.retryAfter, now), patience.longestRetryAfterMs);
}

function mayRepeat(attempt: Attempt, repeat: Repeat): boolean {
  if (repeat === "never") return false;
  if (attempt.kind === "not-sent") return true;
  if (attempt.kind === "answered" && attempt.status === 429) return true;
  if (repeat === "unless-accepted") return false;
  if (attempt.kind === "lost") return true;
  if (attempt.status === 500) return attempt.isPlatformFailure;
  return [502, 503, 504].includes(attempt.status);
}

function backOff(situation: Situation, patience: Patience): number {
  const doubled = patience.firstBackOffMs * 2 ** (situation.attempts - 1);
  return situation.random * Math.min(doubled, patience.longestBackOffMs);
}
