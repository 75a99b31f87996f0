import type { WorldClock } from "./clock.js";

/**
 * Lets `setInterval` go by the world's clock, so that leases are renewed in its time, until the answer is called: that
 * ends every interval too. `around` is called for each time that one is due.
 */
export function intervalsBy(clock: WorldClock, around: (work: () => void) => void): () => void {
  const { setInterval, clearInterval } = globalThis;
  const running = new Set<Interval>();
  const begin = (work: () => void, ms: number): Interval => {
    const interval: Interval = { cancel: () => undefined, unref: () => interval };
    const arm = () => {
      interval.cancel = clock.alarm(clock.now() + ms, () => {
        arm();
        around(work);
      });
    };
    arm();
    running.add(interval);
    return interval;
  };
  const end = (interval: Interval | undefined) => {
    interval?.cancel();
    if (interval !== undefined) running.delete(interval);
  };
  Object.assign(globalThis, { setInterval: begin, clearInterval: end });
  return () => {
    Object.assign(globalThis, { setInterval, clearInterval });
    for (const interval of running) interval.cancel();
  };
}

interface Interval {
  cancel: () => void;
  readonly unref: () => Interval;
}
