import assert from "node:assert/strict";
import { drawn, forEach, IS_WHOLE, SEED, shuffled } from "./drawing.js";
import {
  type Afterwards,
  type EngineCase,
  killedUp,
  undisturbedUp,
  type Victim,
} from "./engine-up.js";
import { type Place, placesAmong } from "./places.js";
import { note } from "./report.js";
import {
  type Damage,
  damageOf,
  isDamaged,
  orFailure,
  type Standing,
  withoutColumn,
} from "./standing.js";

const FEW = 2;
/** Places for each victim and each thing that is done afterwards. */
const EACH = 4;
const VICTIMS: readonly Victim[] = ["provider", "engine", "both"];
const AFTERWARDS: readonly Afterwards[] = ["up", "refresh, up", "revert, up", "destroy"];

describe(`an up of the engine, killed (FAULTS_SEED=${SEED})`, function () {
  this.timeout(IS_WHOLE ? 3_600_000 : 180_000);

  it("leaves its change to the next command, whatever that is: no row lost, none doubled, the schedule as last wanted", async () => {
    const { before, after, count } = await undisturbedUp();
    const places = placesAmong(count);

    const damages = await forEach(drawn(casesAt(shuffled(places)), FEW), async (one) => ({
      ...one,
      ...(await orFailure(killedUp(one).then((left) => damageAfter(one, left, { before, after })))),
    }));

    noteByVictim(damages, count, places.length);
    assert.deepEqual(damages.filter(isDamaged), []);
  });
});

/** Every victim and everything that is done afterwards, each at some of the places. */
function casesAt(places: readonly Place[]): readonly EngineCase[] {
  const ways = VICTIMS.flatMap((victim) =>
    AFTERWARDS.map((afterwards) => ({ victim, afterwards })),
  );
  return Array.from({ length: EACH }, () => ways)
    .flat()
    .flatMap((way, index) => places.slice(index, index + 1).map((place) => ({ ...way, place })));
}

function noteByVictim(
  damages: readonly (Damage & EngineCase)[],
  effects: number,
  places: number,
): void {
  for (const victim of VICTIMS) {
    const its = damages.filter((damage) => damage.victim === victim);
    note({ kind: "an up of the engine", fault: `${victim} killed`, effects, places }, its);
  }
}

interface Undisturbed {
  readonly before: Standing;
  readonly after: Standing;
}

/** A change that is given up leaves everything but the column as it was; a stack that is destroyed leaves its rows. */
function damageAfter({ afterwards }: EngineCase, left: Standing, { before, after }: Undisturbed) {
  switch (afterwards) {
    case "up":
    case "refresh, up":
      return damageOf(left, after);
    case "revert, up":
      return damageOf(withoutColumn(left), before);
    case "destroy":
      return damageOf(withoutColumn(left), { ...before, cron: undefined, bookmark: undefined });
  }
}
