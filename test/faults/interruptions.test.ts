import assert from "node:assert/strict";
import { drawn, forEach, IS_WHOLE, SEED } from "./drawing.js";
import { KINDS } from "./kinds.js";
import { interruptedAt, undisturbed } from "./provider-up.js";
import { note } from "./report.js";
import { damageOf, isDamaged } from "./standing.js";

const FEW = 1;
const [kind] = KINDS;

describe(`SIGINT at any request or statement (FAULTS_SEED=${SEED})`, function () {
  this.timeout(IS_WHOLE ? 3_600_000 : 120_000);

  it("ends the provider's process within five seconds, its lease given back, and the next up goes on", async () => {
    const { count, standing } = await undisturbed(kind);
    const places = [...Array(count).keys()];

    const damages = await forEach(drawn(places, FEW), async (at) => {
      const { left, endedAfterMs, ...after } = await interruptedAt(kind, at);
      return { at, owned: left.owned, endedAfterMs, ...damageOf(after.standing, standing) };
    });

    note({ kind: kind.name, fault: "SIGINT", effects: count, places: count }, damages);
    assert.deepEqual(damages.filter(isDamaged), []);
    assert.deepEqual(
      damages.filter(({ endedAfterMs }) => endedAfterMs > 5000),
      [],
    );
  });
});
