import assert from "node:assert/strict";
import { forEach, SEED, shuffled } from "../../faults/drawing.js";
import { FILLING_KINDS, type Kind, onServer } from "../../faults/kinds.js";
import { type Place, placesAmong } from "../../faults/places.js";
import { killedAt, undisturbed } from "../../faults/provider-up.js";
import { damageOf, isDamaged, orFailure } from "../../faults/standing.js";
import { troubledAt, untroubled } from "../../faults/troubled-up.js";
import { TROUBLES } from "../../faults/troubles.js";
import { adding, BOOKMARK, PAIRS, pairs, startChangeWorld } from "../../support/change-world.js";
import { type RealSource, SERVERS, serverOf } from "../../support/real-source.js";
import { deletingAfter } from "../../support/strategies.js";
import { IS_WHOLE } from "../whole.js";

const KILLS = IS_WHOLE ? 3 : 1;
const TROUBLED = IS_WHOLE ? 4 : 1;
/** Worlds on one server share its table. */
const ONE_AT_A_TIME = 1;

/** Every kind, or so many, others for each server; each with another trouble. */
const kindsFor = (server: number, few: number) =>
  IS_WHOLE ? FILLING_KINDS : shuffled(FILLING_KINDS).slice(server * few, (server + 1) * few);
const troubledFor = (server: number, few: number) =>
  kindsFor(server, few).map((kind, index) => {
    const trouble = shuffled(TROUBLES)[(server * few + index) % TROUBLES.length] ?? TROUBLES[0];
    return { kind, trouble };
  });

for (const [index, served] of SERVERS.entries()) {
  describe(`a column change whose rows come from ${served.title}`, function () {
    this.timeout(IS_WHOLE ? 3_600_000 : 240_000);
    const server = serverOf(served);

    for (const [strategy, news] of [
      ["delete-first", adding(["telefone"], { after: BOOKMARK })],
      ["delete-after", deletingAfter({ after: BOOKMARK })],
    ] as const) {
      it(`fills the column, and neither loses nor doubles a row (${strategy})`, async () => {
        await using world = await startChangeWorld({ server: server() });
        const before = await world.rows();

        await world.update("Job", world.job, news);

        const after = await world.rows();
        assert.equal(before.length, 10);
        assert.deepEqual(pairs(after), PAIRS);
        assert.deepEqual(
          after.map(({ TELEFONE }) => TELEFONE),
          [1, 2, 3, 4, 5].flatMap((id) => [null, `1199999000${id}`]),
        );
      });
    }

    for (const { kind, trouble } of troubledFor(index, 1)) {
      it(`of ${kind.name} is whole, at once or with the next up (${trouble.name}, FAULTS_SEED=${SEED})`, async () => {
        const there = onServer(kind, server());
        const calm = await untroubled(there, trouble);

        const damages = await forEach(
          few([...Array(calm.count).keys()], TROUBLED),
          (at) => orFailure(troubledAt(there, trouble, { at, undisturbed: calm })),
          ONE_AT_A_TIME,
        );

        assert.ok(damages.length > 0);
        assert.deepEqual(damages.filter(isDamaged), []);
      });
    }

    // In `npm test` one server's processes are killed: three of them take as long as all the rest.
    for (const kind of IS_WHOLE || served === SERVERS[1] ? kindsFor(index, 1) : []) {
      it(`of ${kind.name} is left to the next up by a killed provider (FAULTS_SEED=${SEED})`, async () => {
        const damages = await killed(kind, server());

        assert.ok(damages.length > 0);
        assert.deepEqual(damages.filter(isDamaged), []);
      });
    }
  });
}

async function killed(kind: Kind, server: RealSource) {
  const there = onServer(kind, server);
  const { count, standing } = await undisturbed(there);
  const strike = async (place: Place) => ({
    ...place,
    ...(await orFailure(killedAt(there, place).then((left) => damageOf(left, standing)))),
  });
  return forEach(few(placesAmong(count), KILLS), strike, ONE_AT_A_TIME);
}

function few<Item>(items: readonly Item[], count: number): readonly Item[] {
  return shuffled(items).slice(0, count);
}
