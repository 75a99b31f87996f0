import type { RightPair } from "../mutations.js";
import { objectPairs } from "./object-pairs.js";
import { rowPairs } from "./row-pairs.js";
import { schemaPairs } from "./schema-pairs.js";

/** Migrations with rows and a right down, each with mutations of that down. */
export const rightPairs: readonly RightPair[] = [...schemaPairs, ...objectPairs, ...rowPairs];
