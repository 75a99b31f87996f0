import type { Clock } from "../../maestro/clock.js";

/** A moment on both clocks: the time of day may be set meanwhile, the other one may stand still while the machine sleeps. */
export interface Moment {
  readonly now: number;
  readonly elapsed: number;
}

export function momentOf(clock: Clock): Moment {
  return { now: clock.now(), elapsed: clock.elapsed() };
}

/** The most that can have passed since: what must not be used after its time is given up early rather than late. */
export function mostSince({ now, elapsed }: Moment, clock: Clock): number {
  return Math.max(clock.now() - now, clock.elapsed() - elapsed);
}

/** The least that can have passed since, for what must be waited out. Nobody is sent back in time. */
export function leastSince({ now, elapsed }: Moment, clock: Clock): number {
  return Math.max(0, Math.min(clock.now() - now, clock.elapsed() - elapsed));
}
