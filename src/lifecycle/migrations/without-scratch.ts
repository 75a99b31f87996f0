import type { Proving } from "./doors.js";

/** Where no scratch database is at hand: nothing is foreseen, nothing is settled, no down is proven. */
export const withoutScratch: Proving = {
  settle: async () => ({ kind: "unclear", differences: ["no scratch database compared the two"] }),
  forecast: async () => undefined,
  doubtsOfDown: async () => ["no scratch database proved it"],
};
