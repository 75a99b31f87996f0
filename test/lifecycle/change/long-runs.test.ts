import assert from "node:assert/strict";
import {
  LATER_PAIR,
  lastChange,
  liveCron,
  PAIRS,
  PATIENCE_MS,
  runLater,
  startChangeWorld,
} from "../../support/change-world.js";
import { withTelefone } from "../../support/world.js";

const HOURLY = { pipeline: { cron: "0 0 1 1 *" } };
const MINUTE_MS = 60_000;

/** Maestro's access tokens live for half an hour; Snowflake's session tokens for one, and can be renewed for four. */
describe("a run that outlives", function () {
  this.timeout(PATIENCE_MS);

  for (const [what, minutes] of [
    ["an access token of Maestro (30 minutes)", 30],
    ["a session's token of Snowflake (2 hours)", 120],
    ["the session itself (5 hours)", 300],
  ] as const) {
    it(`${what} ends the change as any other`, async () => {
      await using world = await startChangeWorld(HOURLY);
      world.emulator.runs.hold();
      const ended = world.emulator.clock.now() + minutes * MINUTE_MS;
      const over = world.emulator.clock.alarm(ended, () => world.emulator.runs.release());
      const asked = world.emulator.requests.length;

      const outputs = await world.update("Job", world.job, withTelefone());

      over();
      assert.ok(world.emulator.clock.now() >= ended);
      assert.equal(lastChange(outputs)["outcome"], "done");
      const sent = world.emulator.requests
        .slice(asked)
        .map(({ method, path }) => `${method} ${path.split("/").at(-1)}`);
      assert.ok(sent.includes("POST refresh-access-token"));
      assert.equal(await liveCron(world), "0 0 1 1 *");
      assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
    });
  }
});
