import assert from "node:assert/strict";
import fc from "fast-check";
import {
  adding,
  type ChangeWorld,
  LATER_PAIR,
  pairs,
  runLater,
  startChangeWorld,
} from "../../support/change-world.js";
import { type Cut, cutOff } from "../../support/cut-off.js";
import { doctorOf, endingOf } from "../../support/doctor.js";
import { deletingAfter } from "../../support/strategies.js";
import { type Props, withTelefone } from "../../support/world.js";

const CRON = "0 3 1 1 *";
const YEARLY = { pipeline: { cron: CRON } };
/** Places tried for each kind of change; `CUT_OFF_RUNS=1000` tries nearly every one. */
const RUNS = Number(process.env["CUT_OFF_RUNS"] ?? 1);
const NEVER: Cut = { at: -1, isCarriedOut: false };

const KINDS: Readonly<Record<string, Props>> = {
  "that deletes first": withTelefone(),
  "that deletes after its run": deletingAfter({ after: "2025-12-17 16:49:00" }),
  "of every row": adding(["telefone"], "all"),
};

for (const [name, news] of Object.entries(KINDS)) {
  describe(`a change ${name}, cut off at any request or statement`, function () {
    this.timeout(20_000 + RUNS * 10_000);

    it("is healed without its program, once and for all", async () => {
      const undisturbed = await outcomeOf(news, NEVER, "finish");
      const at = fc.nat({ max: undisturbed.places - 1 });
      const places = fc.record({ at, isCarriedOut: fc.boolean() });

      await fc.assert(
        fc.asyncProperty(places, fc.constantFrom("finish", "undo"), async (cut, prefers) => {
          const outcome = await outcomeOf(news, cut, prefers);
          const { healed, healedTwice, before, isDone, wasDone, later } = outcome;
          assert.ok(prefers === "finish" || isDone === wasDone);
          assert.deepEqual(healed.rows, isDone ? undisturbed.healed.rows : before);
          assert.deepEqual(healedTwice, healed);
          assert.equal(healed.cron, CRON);
          assert.equal(healed.bookmark, undisturbed.healed.bookmark);
          assert.deepEqual(healed.lease, isDone ? undisturbed.healed.lease : healed.lease);
          assert.deepEqual(later.slice(-1), [LATER_PAIR]);
          assert.equal(later.length, healed.rows.length + 1);
        }),
        { numRuns: RUNS },
      );
    });
  });
}

/** Makes the change, cut off where told, and has it healed twice when its lease has run out; then runs as usual. */
async function outcomeOf(news: Props, cut: Cut, prefers: "finish" | "undo") {
  await using world = await startChangeWorld(YEARLY);
  const rows = await world.rows();
  const services = cutOff(world, cut);
  await world.update("Job", world.job, news).catch(() => undefined);
  services.restore();
  world.emulator.clock.advance(120_000);
  const wasDone = await isDone(world);
  await doctorOf(world).heal(prefers);
  const healed = await endingOf(world);
  const remedies = await doctorOf(world).heal(prefers);
  assert.deepEqual(remedies, []);
  return {
    places: services.count(),
    healed,
    healedTwice: await endingOf(world),
    before: await asNow(world, rows),
    isDone: await isDone(world),
    wasDone,
    later: await laterOf(world),
  };
}

/** What stood there before, with the column that the table may have got since. */
async function asNow(world: ChangeWorld, before: readonly Props[]): Promise<readonly string[]> {
  const hasColumn = (await world.rows()).some((row) => "TELEFONE" in row);
  const added = hasColumn ? { TELEFONE: null } : {};
  return before.map((row) => JSON.stringify({ ...row, ...added })).sort();
}

async function isDone({ emulator }: ChangeWorld): Promise<boolean> {
  const ends = await emulator.warehouse
    .rows("SELECT DETAIL FROM PUBLIC.PULUMI_DADOSFERA_CHANGES WHERE STEP = 'finished'")
    .catch(() => []);
  return ends.some((row) => String(row["DETAIL"]).includes('"done"'));
}

/** Key and cursor of every row after one more run, which brings one row more. */
async function laterOf(world: ChangeWorld): Promise<readonly string[]> {
  const before = pairs(await world.rows());
  const later = await runLater(world);
  assert.deepEqual(later.slice(0, -1), before);
  return later;
}
