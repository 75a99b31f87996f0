import type { Proving } from "../lifecycle/migrations/doors.js";

/** On the engine that is named as `--engine` takes it; loaded when a stack with migrations first asks. */
export function scratchProving(engine = "pglite"): Proving {
  const proving = async () => {
    const { ScratchProving } = await import("../hasura/replay/proving.js");
    return new ScratchProving(engine);
  };
  return {
    settle: async (question) => (await proving()).settle(question),
    forecast: async (folder, target) => (await proving()).forecast(folder, target),
    doubtsOfDown: async (folder, migration) => (await proving()).doubtsOfDown(folder, migration),
  };
}
