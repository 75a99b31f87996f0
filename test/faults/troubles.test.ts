import assert from "node:assert/strict";
import { drawn, forEach, IS_WHOLE, SEED, shuffled, WAITING_AT_ONCE } from "./drawing.js";
import { FILLING_KINDS, KINDS } from "./kinds.js";
import { note } from "./report.js";
import { isDamaged, orFailure } from "./standing.js";
import { lackingColumn, troubledAt, untroubled } from "./troubled-up.js";
import { TROUBLES } from "./troubles.js";

const FEW = 1;
const pairs = KINDS.flatMap((kind) => TROUBLES.map((trouble) => ({ kind, trouble })));
const tried = IS_WHOLE ? pairs : shuffled(pairs).slice(0, 6);

describe(`an answer that goes wrong, at any request or statement (FAULTS_SEED=${SEED})`, function () {
  this.timeout(IS_WHOLE ? 3_600_000 : 120_000);

  for (const { kind, trouble } of tried) {
    it(`leaves a change of ${kind.name} whole, at once or with the next up (${trouble.name})`, async () => {
      const undisturbed = await untroubled(kind, trouble);
      const places = [...Array(undisturbed.count).keys()];

      const damages = await forEach(
        drawn(places, FEW, kind.oneIn),
        async (at) => ({
          at,
          ...(await orFailure(troubledAt(kind, trouble, { at, undisturbed }))),
        }),
        WAITING_AT_ONCE,
      );

      const { count } = undisturbed;
      note({ kind: kind.name, fault: trouble.name, effects: count, places: count }, damages);
      assert.deepEqual(damages.filter(isDamaged), []);
    });
  }

  for (const kind of drawn(FILLING_KINDS, FEW)) {
    it(`leaves a change of ${kind.name} undone while the source lacks the column, and the next up makes it`, async () => {
      const undisturbed = await untroubled(kind, TROUBLES[0]);

      const damage = await lackingColumn(kind, undisturbed);

      note({ kind: kind.name, fault: "source lacks the column", effects: 1, places: 1 }, [damage]);
      assert.equal(isDamaged(damage), false, JSON.stringify(damage));
    });
  }
});
