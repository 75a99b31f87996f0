import assert from "node:assert/strict";
import {
  defaultSwitches,
  describeSwitches,
  parseSwitches,
  type Switches,
} from "#src/emulator/maestro/switches.js";
import { totpCode } from "#src/emulator/maestro/totp.js";
import { ordersPipeline, rowsOf, runOnce } from "./destination.js";
import { emulatedMaestro } from "./maestro-under-test.js";

const TOTP_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

describe("a switch of the emulator", () => {
  it("is read from a line of text, and refused with its choices when there is no such value", () => {
    const read = parseSwitches([
      "resumeAt=>=",
      "runsListedLateMs=2000",
      "unroutedMethodStatus=405",
    ]);

    assert.deepEqual(read, { resumeAt: ">=", runsListedLateMs: 2000, unroutedMethodStatus: 405 });
    assert.throws(
      () => parseSwitches(["staged=both"]),
      /^Error: Switch "staged" takes view\|table/,
    );
    assert.throws(() => parseSwitches(["stage=view"]), /^Error: There is no switch "stage"/);
  });

  it("has a default, and a line in the help", () => {
    assert.equal(describeSwitches().length, Object.keys(defaultSwitches).length);
    assert.equal(Object.values(defaultSwitches).includes(undefined), false);
  });

  it("[I] lets PATCH input clear the bookmark", async function () {
    const bookmarkAfterPatch = async (patchInputClearsState: boolean) => {
      await using maestro = await emulatedMaestro(this, { switches: { patchInputClearsState } });
      const pipeline = ordersPipeline();
      await maestro.create(pipeline);
      await runOnce(maestro, pipeline);
      await maestro.send("PATCH", `/platform/jobs/${pipeline.id}-0/input`, {
        column_include_list: ["telefone"],
      });
      return maestro.emulator.bookmark(`${pipeline.id}-0`);
    };

    assert.equal(await bookmarkAfterPatch(false), "2025-12-17 14:05:00");
    assert.equal(await bookmarkAfterPatch(true), undefined);
  });

  it("[I] lets a restored `@once` start a run", async function () {
    const runsAfterRestoring = async (onceRestoredRuns: boolean) => {
      await using maestro = await emulatedMaestro(this, { switches: { onceRestoredRuns } });
      const pipeline = ordersPipeline();
      await maestro.create(pipeline);
      await maestro.send("PATCH", `/platform/pipeline/${pipeline.id}`, { cron: "@once" });
      return maestro.emulator.runs.all.length;
    };

    assert.deepEqual([await runsAfterRestoring(false), await runsAfterRestoring(true)], [0, 1]);
  });

  it("[D] lets GET job show a coarse word for the cursor's type", async function () {
    const shownType = async (cursorTypeOnRead: Switches["cursorTypeOnRead"]) => {
      await using maestro = await emulatedMaestro(this, { switches: { cursorTypeOnRead } });
      const pipeline = ordersPipeline({ input: { incremental_column_type: "datetime" } });
      await maestro.create(pipeline);
      const { body } = await maestro.send("GET", `/platform/jobs/jdbc/${pipeline.id}-0`);
      return body.source_config.incremental_column_type;
    };

    assert.deepEqual(
      [await shownType("native"), await shownType("coarse")],
      ["datetime", "timestamp"],
    );
  });

  it("[D] lets a one-time code serve once", async function () {
    await using maestro = await emulatedMaestro(this, {
      totpSecret: TOTP_SECRET,
      switches: { totpCodesOnce: true },
    });
    const body = { ...maestro.credentials, totp: totpCode(TOTP_SECRET, Date.now()) };

    const first = await maestro.send("POST", "/auth/sign-in", body, {});
    const second = await maestro.send("POST", "/auth/sign-in", body, {});

    assert.deepEqual([first.status, second.status], [200, 401]);
  });

  it("[I] keeps the bookmark by the source's clock, so that a bound read at the destination misses rows", async function () {
    const rowsBeyondDestinationBound = async (bookmarkClock: Switches["bookmarkClock"]) => {
      await using maestro = await emulatedMaestro(this, {
        switches: { sourceClockOffsetMs: 3_600_000, bookmarkClock },
      });
      const pipeline = ordersPipeline();
      await maestro.create(pipeline);
      await runOnce(maestro, pipeline);
      await maestro.send("POST", `/platform/jobs/${pipeline.id}-0/reset-state`, {
        incremental_column_value: "2025-12-17 15:02:30",
      });
      await runOnce(maestro, pipeline);
      return await rowsOf(maestro, "SELECT COUNT(*) - 5 AS N FROM PUBLIC.PEDIDOS");
    };

    assert.deepEqual(await rowsBeyondDestinationBound("destination"), ["3"]);
    assert.deepEqual(await rowsBeyondDestinationBound("source"), ["0"]);
  });
});
