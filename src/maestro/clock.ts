import { setTimeout } from "node:timers/promises";

/** Time as the door sees it. `wait` rejects when the signal aborts. */
export interface Clock {
  /** The time of day, in milliseconds since 1970. Somebody may set it, forward or back, at any moment. */
  now(): number;
  /** Milliseconds since some moment, by a clock that nobody sets; it may stand still while the machine sleeps. */
  elapsed(): number;
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: Date.now,
  elapsed: () => performance.now(),
  wait: (ms, signal) => setTimeout(ms, undefined, signal === undefined ? {} : { signal }),
};
