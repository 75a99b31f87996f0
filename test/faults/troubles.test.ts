import assert from "node:assert/strict";
import { drawn, forEach, IS_WHOLE, SEED, shuffled } from "./drawing.js";
import { KINDS } from "./kinds.js";
import { note } from "./report.js";
import { isDamaged } from "./standing.js";
import { troubledAt, untroubled } from "./troubled-up.js";
import { TROUBLES } from "./troubles.js";

const FEW = 1;
const pairs = KINDS.flatMap((kind) => TROUBLES.map((trouble) => ({ kind, trouble })));
const tried = IS_WHOLE ? pairs : shuffled(pairs).slice(0, 10);

describe(`an answer that goes wrong, at any request or statement (FAULTS_SEED=${SEED})`, function () {
  this.timeout(IS_WHOLE ? 3_600_000 : 60_000);

  for (const { kind, trouble } of tried) {
    it(`leaves a change of ${kind.name} whole, at once or with the next up (${trouble.name})`, async () => {
      const undisturbed = await untroubled(kind, trouble);
      const places = [...Array(undisturbed.count).keys()];

      const damages = await forEach(drawn(places, FEW), async (at) => ({
        at,
        ...(await troubledAt(kind, trouble, { at, undisturbed })),
      }));

      const { count } = undisturbed;
      note({ kind: kind.name, fault: trouble.name, effects: count, places: count }, damages);
      assert.deepEqual(damages.filter(isDamaged), []);
    });
  }
});
