import fc from "fast-check";
import type { RandomSchema } from "./random/schema.js";
import type { RandomMigration } from "./random/step.js";
import { applyStep } from "./random/steps.js";

/**
 * Sequences of migrations that apply in their order to an empty database, each with a down: the right inverse where
 * SQL has one, else one that brings back the schema and not the rows (`inverse: "lossy"`).
 */
export function randomMigrations(
  options: { readonly minLength?: number; readonly maxLength?: number } = {},
): fc.Arbitrary<readonly RandomMigration[]> {
  const { minLength = 1, maxLength = 12 } = options;
  // Each step is numbers only: what they mean depends on the schema at that point, so that a shrunk sequence still applies.
  const step = fc.record({
    kind: fc.nat(),
    table: fc.nat(),
    column: fc.nat(),
    type: fc.nat(),
    values: fc.array(fc.nat({ max: 999 }), { minLength: 2, maxLength: 4 }),
    semicolon: fc.boolean(),
  });
  return fc.array(step, { minLength, maxLength }).map((steps) => {
    const made: RandomMigration[] = [];
    let schema: RandomSchema = { tables: [], enums: [], views: [], named: 0 };
    for (const each of steps) {
      const { migration, next } = applyStep(each, schema, made.length);
      made.push(migration);
      schema = next;
    }
    return made;
  });
}
