import assert from "node:assert/strict";
import type { Scratch } from "#src/hasura/scratch/scratch.js";
import { findSweptPostgres15, sweptPglite } from "../support/swept-scratch.js";
import type { Shape } from "./corpus/shape.js";
import { shapes } from "./corpus/shapes.js";
import { disagreements } from "./disagreements.js";
import { sampleOf } from "./sample.js";

const EXTENSIONS = ["citext", "hstore", "pgcrypto"];

/** A sample, the greater one on the engine that costs less; all with `SHAPES=all`. */
const ENGINES = [
  ["PGlite", () => sweptPglite(EXTENSIONS), "small"],
  ["PostgreSQL 15", findSweptPostgres15, "full"],
] as const;

const everyShape = Object.values(shapes).flat();

for (const [name, start, size] of ENGINES) {
  describe(`verify over the shapes of migrations, on ${name}`, function () {
    this.timeout(600_000);
    let scratch: Scratch | undefined;
    let chosen: readonly Shape[];

    before(async function () {
      scratch = await start();
      if (scratch === undefined) return this.skip();
      chosen = await sampleOf(everyShape, size);
    });
    after(async () => scratch?.[Symbol.asyncDispose]());

    for (const [kind, each] of Object.entries(shapes)) {
      it(`says what is true of ${kind}`, async () => {
        const tried = each.filter((shape) => chosen.includes(shape));

        const found = await disagreements(scratch as Scratch, tried);

        assert.deepEqual(found, []);
      });
    }
  });
}
