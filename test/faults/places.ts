import type { World } from "../support/world.js";

/** A request or statement of a change, and whether what happens there happens after its effect or before. */
export interface Place {
  readonly at: number;
  readonly isCarriedOut: boolean;
}

/** Every place that there is among so many requests and statements. */
export function placesAmong(count: number): readonly Place[] {
  return Array.from({ length: count * 2 }, (_, index) => ({
    at: Math.floor(index / 2),
    isCarriedOut: index % 2 === 1,
  }));
}

/** Counts what arrives at Maestro and at Snowflake; `stop` ends that. What the driver sends again counts once. */
export function countArrivals({ emulator }: Pick<World, "emulator">): {
  count(): number;
  stop(): void;
} {
  return atPlace({ emulator }, { at: -1, isCarriedOut: false }, () => undefined);
}

/**
 * Calls `strike` when the request or statement of that number arrives. Its answer is then never sent, unless it `isAnswered`: its
 * connection is closed, after its effect or before.
 */
export function atPlace(
  { emulator }: Pick<World, "emulator">,
  { at, isCarriedOut }: Place,
  strike: () => void,
  isAnswered = false,
): { count(): number; stop(): void } {
  let arrived = 0;
  const meet = () => {
    const isHere = arrived === at;
    arrived += 1;
    if (!isHere) return { kind: "none" } as const;
    strike();
    if (isAnswered) return { kind: "none" } as const;
    return { kind: isCarriedOut ? "drop-after" : "drop-before" } as const;
  };
  const stops = [
    emulator.faults.on(meet),
    emulator.warehouse.faults.on(({ attempt }) => (attempt > 0 ? { kind: "none" } : meet())),
  ];
  return {
    count: () => arrived,
    stop() {
      for (const stop of stops) stop();
    },
  };
}
