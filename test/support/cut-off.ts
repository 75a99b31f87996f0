import type { World } from "./world.js";

/** Where a process is cut off from Maestro and Snowflake for good: at which of its requests and statements, before or after its effect. */
export interface Cut {
  readonly at: number;
  readonly isCarriedOut: boolean;
}

/**
 * Counts the requests and statements that arrive, and from the given one on lets none through: what is left of a
 * process is then what the services saw of it, as after SIGKILL. `restore` opens the services again.
 */
export function cutOff(
  { emulator }: World,
  { at, isCarriedOut }: Cut,
): { count(): number; restore(): void } {
  let arrived = 0;
  let isCut = false;
  const meets = () => {
    isCut = arrived === at;
    arrived += 1;
    return isCut;
  };
  const openMaestro = emulator.faults.on(() => {
    if (isCut) return { kind: "drop-before" };
    if (!meets()) return { kind: "none" };
    return { kind: isCarriedOut ? "drop-after" : "drop-before" };
  });
  const openWarehouse = emulator.warehouse.faults.on(({ attempt }) => {
    // A status that the driver does not try again keeps a dead process from waiting for minutes.
    if (isCut) return { kind: "status", status: 400 };
    if (attempt > 0 || !meets()) return { kind: "none" };
    return isCarriedOut ? { kind: "drop-after" } : { kind: "status", status: 400 };
  });
  return {
    count: () => arrived,
    restore() {
      openMaestro();
      openWarehouse();
    },
  };
}
