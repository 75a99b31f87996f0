import assert from "node:assert/strict";
import { drawn, forEach, IS_WHOLE, SEED, shuffled } from "./drawing.js";
import { KINDS } from "./kinds.js";
import { placesAmong } from "./places.js";
import { killedAt, undisturbed } from "./provider-up.js";
import { note } from "./report.js";
import { damageOf, isDamaged, orFailure } from "./standing.js";

const FEW = 3;
const kinds = IS_WHOLE ? KINDS : shuffled(KINDS).slice(0, 2);

describe(`the provider's process, killed at any request or statement (FAULTS_SEED=${SEED})`, function () {
  this.timeout(IS_WHOLE ? 3_600_000 : 120_000);

  for (const kind of kinds) {
    it(`leaves a change of ${kind.name} to the next up: no row lost, none doubled, the schedule back`, async () => {
      const { count, standing } = await undisturbed(kind);
      const places = placesAmong(count);

      const damages = await forEach(drawn(places, FEW, kind.oneIn), async (place) => ({
        ...place,
        ...(await orFailure(killedAt(kind, place).then((left) => damageOf(left, standing)))),
      }));

      note(
        { kind: kind.name, fault: "provider killed", effects: count, places: places.length },
        damages,
      );
      assert.deepEqual(damages.filter(isDamaged), []);
    });
  }
});
