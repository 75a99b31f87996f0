import { seedCaso1 } from "./seeds/caso-1.js";
import type { Source } from "./source.js";

/** What fills an empty source. */
export type Seed = (source: Source) => Promise<void>;

export type SeedName = "caso-1";

export const SEEDS: Readonly<Record<SeedName, Seed>> = { "caso-1": seedCaso1 };

/** The seed of this name, as a command line gives it, or undefined. */
export function findSeedName(name: string): SeedName | undefined {
  return Object.hasOwn(SEEDS, name) ? (name as SeedName) : undefined;
}
