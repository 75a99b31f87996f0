import assert from "node:assert/strict";
import type { Scratch } from "#src/hasura/scratch/scratch.js";
import { findSweptPostgres15, sweptPglite } from "../support/swept-scratch.js";
import { disagreements } from "./disagreements.js";
import { rightPairs } from "./mutated/pairs.js";
import { mutants, type RightPair } from "./mutations.js";

/** On PGlite the right downs and a mutation of each, all with `SHAPES=all`; on real PostgreSQL all. */
const ENGINES = [
  ["PGlite", () => sweptPglite([]), process.env["SHAPES"] === "all"],
  ["PostgreSQL 15", findSweptPostgres15, true],
] as const;

for (const [name, start, isAll] of ENGINES) {
  describe(`verify over right downs and their mutations, on ${name}`, function () {
    this.timeout(600_000);
    let scratch: Scratch | undefined;

    before(async function () {
      scratch = await start();
      if (scratch === undefined) this.skip();
    });
    after(async () => scratch?.[Symbol.asyncDispose]());

    for (const [index, pair] of rightPairs.entries()) {
      it(`passes ${pair.name}, and names what each mutation loses`, async () => {
        const tried = mutants([isAll ? pair : withOneMutation(pair, index)]);

        const found = await disagreements(scratch as Scratch, tried);

        assert.deepEqual(found, []);
      });
    }
  });
}

function withOneMutation(pair: RightPair, index: number): RightPair {
  const at = index % pair.mutations.length;
  return { ...pair, mutations: pair.mutations.slice(at, at + 1) };
}
