import assert from "node:assert/strict";
import { emulatorWithHasura } from "../support/hasura.js";
import { drawn, IS_WHOLE, SEED, shuffled } from "./drawing.js";
import { MIGRATION_KINDS, openCase } from "./migration-kinds.js";
import { killedUpdate, undisturbedUpdate } from "./migration-up.js";
import { placesAmong } from "./places.js";
import { note } from "./report.js";
import type { Damage } from "./standing.js";

const FEW = 2;
/** Where all are tried, one place in so many: FAULTS_ONE_IN=1 takes a quarter of an hour for this file alone. */
const ONE_IN = 12;
const kinds = IS_WHOLE ? MIGRATION_KINDS : shuffled(MIGRATION_KINDS).slice(0, 1);

describe(`the provider's process, killed at any request of a MigrationHistory (FAULTS_SEED=${SEED})`, function () {
  this.timeout(IS_WHOLE ? 3_600_000 : 120_000);
  const world = emulatorWithHasura();

  for (const kind of kinds) {
    it(`leaves ${kind.name} to the next up: each migration once, and nothing dirty`, async () => {
      await using one = await openCase(world.emulator, kind);
      const { count, standing } = await undisturbedUpdate(world.emulator, one);
      const places = placesAmong(count);

      const damages: (Damage & object)[] = [];
      for (const place of drawn(places, FEW, ONE_IN)) {
        const left = await killedUpdate(world.emulator, one, place).catch(String);
        const isRight = JSON.stringify(left) === JSON.stringify(standing);
        const other = isRight ? [] : [JSON.stringify(left)];
        damages.push({ ...place, lost: 0, doubled: 0, held: 0, other });
      }

      const fault = "provider killed";
      note({ kind: kind.name, fault, effects: count, places: places.length }, damages);
      assert.deepEqual(
        damages.filter(({ other }) => other.length > 0),
        [],
      );
    });
  }
});
