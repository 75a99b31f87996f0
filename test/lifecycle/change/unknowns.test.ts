import assert from "node:assert/strict";
import type { EmulatorOptions } from "pulumi-dadosfera/testing";
import {
  NEW_ORDER,
  PATIENCE_MS,
  pairs,
  runLater,
  startChangeWorld,
} from "../../support/change-world.js";
import { withTelefone } from "../../support/world.js";

type Switches = NonNullable<EmulatorOptions["switches"]>;

/** Worlds in which the change goes well whatever the answer is. */
const HARMLESS: readonly Switches[] = [
  { failedRunKeepsRows: true },
  { failedRunMovesBookmark: true },
  { runsListedLateMs: 45_000 },
  { cronNullObeyedLateMs: 90_000 },
  { onceRestoredRuns: true },
  { resetTruncatesFractions: true },
  { fullExtractionSkipsNullCursors: true },
  { staged: "table" },
  { patchInputClearsState: true },
  { patchedNullList: "stays" },
  { syncModeMethod: "put" },
  { syncModeMethod: "post", unroutedMethodStatus: 405 },
  { runListPath: "runs" },
  { totpCodesOnce: true },
  { runObjectStyle: "reference" },
  { jobObjectStyle: "reference" },
  { cursorTypeOnRead: "coarse" },
  { sourceClockOffsetMs: 10_800_000, bookmarkClock: "destination" },
  { sourceClockOffsetMs: -10_800_000, bookmarkClock: "destination" },
];

describe("a column change, whatever Maestro does where nobody knows", function () {
  this.timeout(PATIENCE_MS);

  for (const switches of HARMLESS) {
    it(`goes well with ${JSON.stringify(switches)}`, async () => {
      await using world = await startChangeWorld({ switches });
      const before = pairs(await world.rows());

      await world.update("Job", world.job, inWindow(switches));

      const after = await world.rows();
      assert.deepEqual(pairs(after), before);
      assert.equal(after.filter((row) => row["TELEFONE"] !== null).length, 5);
      assert.equal((await runLater(world)).length, 11);
    });
  }

  it("brings the newest row twice only as every run does, where runs resume at the bookmark", async () => {
    await using world = await startChangeWorld({ switches: { resumeAt: ">=" } });
    const before = pairs(await world.rows());

    await world.update("Job", world.job, withTelefone());

    assert.deepEqual(pairs(await world.rows()), before);
  });

  it("notices rows that come again because the source's clock is behind, and takes them away", async () => {
    await using world = await startChangeWorld({ switches: { sourceClockOffsetMs: -3_600_000 } });
    await world.emulator.source.run(NEW_ORDER);
    await world.run();
    const before = pairs(await world.rows());

    await assert.rejects(
      world.update("Job", world.job, withTelefone({ after: "2025-12-17 15:55:00" })),
      { message: /5 rows that are not beyond the bookmark came again/ },
    );

    assert.deepEqual(pairs(await world.rows()), before);
    assert.equal((await runLater(world)).length, 12);
  });

  it("loses nothing where the source's clock is ahead", async () => {
    await using world = await startChangeWorld({ switches: { sourceClockOffsetMs: 10_800_000 } });
    const before = pairs(await world.rows());

    await world
      .update("Job", world.job, withTelefone({ after: "2025-12-17 19:49:00" }))
      .catch(() => undefined);

    assert.deepEqual(pairs(await world.rows()), before);
  });
});

/** The walkthrough's bookmark, by the clock of the destination. */
function inWindow({ sourceClockOffsetMs = 0 }: Switches) {
  const bookmark = new Date(Date.UTC(2025, 11, 17, 16, 49) + sourceClockOffsetMs);
  return withTelefone({ after: bookmark.toISOString().slice(0, 19).replace("T", " ") });
}
