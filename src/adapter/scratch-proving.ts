import type { Proving } from "../lifecycle/migrations/doors.js";

/** On PGlite, loaded when a stack with migrations first asks. */
export const scratchProving: Proving = {
  settle: async (question) => (await proving()).settle(question),
  forecast: async (folder, target) => (await proving()).forecast(folder, target),
  doubtsOfDown: async (folder, migration) => (await proving()).doubtsOfDown(folder, migration),
};

async function proving() {
  const { ScratchProving } = await import("../hasura/replay/proving.js");
  return new ScratchProving("pglite");
}
