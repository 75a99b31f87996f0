import assert from "node:assert/strict";
import type { Scratch } from "#src/hasura/scratch/scratch.js";
import { findSweptPostgres15, sweptPglite } from "../support/swept-scratch.js";
import { disagreements } from "./disagreements.js";
import { rightPairs } from "./mutated/pairs.js";
import { mutants, type RightPair } from "./mutations.js";

const ENGINES = [
  ["PGlite", () => sweptPglite([])],
  ["PostgreSQL 15", findSweptPostgres15],
] as const;
/** Every mutation of the right downs, or one of each. */
const IS_ALL = process.env["SHAPES"] === "all";

for (const [name, start] of ENGINES) {
  describe(`verify over right downs and their mutations, on ${name}`, function () {
    this.timeout(600_000);
    let scratch: Scratch | undefined;

    before(async function () {
      scratch = await start();
      if (scratch === undefined) this.skip();
    });
    after(async () => scratch?.[Symbol.asyncDispose]());

    for (const [index, pair] of rightPairs.entries()) {
      it(`passes ${pair.name}, and names what a mutation loses`, async () => {
        const tried = mutants([IS_ALL ? pair : withOneMutation(pair, index)]);

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
