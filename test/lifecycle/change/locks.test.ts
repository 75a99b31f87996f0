import assert from "node:assert/strict";
import {
  type ChangeWorld,
  LATER_PAIR,
  PAIRS,
  PATIENCE_MS,
  runLater,
  startChangeWorld,
} from "../../support/change-world.js";
import { withTelefone } from "../../support/world.js";

/** A transaction of a killed client ends after five minutes; each statement waits for a lock for one. */
const MINUTES = 5;

describe("a lock that a killed client left behind", function () {
  this.timeout(PATIENCE_MS);

  for (const statement of [/^MERGE INTO/, /^DELETE/, /^UPDATE .*LEASES/]) {
    it(`is waited for by ${statement} until Snowflake ends its transaction`, async () => {
      await using world = await startChangeWorld({ pipeline: { cron: "0 * * * *" } });
      const refused = lock(world, statement, MINUTES);

      await world.update("Job", world.job, withTelefone());

      assert.equal(refused(), MINUTES);
      assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
    });
  }

  it("that stays is no reason to wait for ever: nothing was changed", async () => {
    await using world = await startChangeWorld();
    lock(world, /^MERGE INTO/, Number.POSITIVE_INFINITY);

    await assert.rejects(world.update("Job", world.job, withTelefone()), { message: /000625/ });

    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });
});

/** Has statements that look so wait for a lock in vain, so many times; answers how often one did. */
function lock({ emulator }: ChangeWorld, pattern: RegExp, times: number): () => number {
  let refusals = 0;
  let isBegun = pattern.source.includes("MERGE");
  emulator.warehouse.faults.on(({ sql }) => {
    // Before its first transaction a change has its statements only compiled.
    isBegun ||= sql === "BEGIN";
    if (!isBegun || !pattern.test(sql) || refusals === times) return { kind: "none" };
    refusals += 1;
    return {
      kind: "error",
      code: "000625",
      sqlState: "57014",
      message: "Statement has locked table in another transaction and the lock timeout was reached",
    };
  });
  return () => refusals;
}
