import type { Difference, Snapshot } from "./catalogue.js";
import { compareObjects } from "./object-comparison.js";
import { compareRows } from "./row-comparison.js";

/**
 * Everything in which a database differs from what it was, in words; nothing if it is the same. The order of objects and of rows
 * plays no part. A column that only one side has is a difference of schema, and its values are not compared.
 */
export function compareSnapshots(before: Snapshot, after: Snapshot): readonly Difference[] {
  return [...compareObjects(before.objects, after.objects), ...compareRows(before, after)];
}
