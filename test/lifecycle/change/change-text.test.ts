import assert from "node:assert/strict";
import type { JournalEntry } from "#src/domain/journal.js";
import { nowText, summaryOf } from "#src/lifecycle/change/change-text.js";
import { entry, runs } from "../../support/journal-entries.js";
import { aRecord, aRequest } from "../../support/samples.js";

const { started, held, idle, backedUp, added, deleted, deletedIdle, reset, restored } = entry;
const undone: JournalEntry = { step: "finished", outcome: "undone" };
const begun = [started, held, idle, backedUp, added, deleted, deletedIdle, reset];

describe("what is true now", () => {
  it("of a change that had only begun is that nothing was deleted", () => {
    assert.equal(
      nowText(aRecord(started, idle), aRequest()),
      "No row of PUBLIC.PEDIDOS was deleted. The change is unfinished.",
    );
  });

  it("of a change cut off before its run names rows, state, schedule and column", () => {
    assert.equal(
      nowText(aRecord(...begun), aRequest()),
      [
        "The rows beyond 2025-12-17 16:49:00 of PUBLIC.PEDIDOS were deleted to be loaded again (back-up: PUBLIC.PEDIDOS__BK_7F3A).",
        "The state of the job is set to 2025-12-17 16:49:00.",
        'The change is unfinished and the schedule "15 3 * * *" stays held.',
        '"telefone" was added to the job, and Maestro cannot take a column out again.',
      ].join(" "),
    );
  });

  it("of a change undone after a failed run is that the state went forward again", () => {
    const record = aRecord(...begun, runs("failed"), entry.undoing, restored, undone);

    assert.equal(
      nowText(record, aRequest()),
      [
        "The rows of PUBLIC.PEDIDOS are back as they were.",
        "The state of the job is set to 2025-12-19 08:00:00, the newest cursor there was.",
        'The schedule "15 3 * * *" is back.',
        '"telefone" was added to the job, and Maestro cannot take a column out again.',
      ].join(" "),
    );
  });

  it("of a change undone after a good run is that the state stayed where that run left it", () => {
    const undoing = { ...entry.undoing, keepsNewRows: true };
    const record = aRecord(...begun, runs("succeeded"), undoing, restored, undone);

    assert.match(
      nowText(record, aRequest()),
      /are back as they were\. The state of the job is where the run left it\. The schedule/,
    );
  });
});

describe("what a job keeps of a change", () => {
  it("is counts and names, no row and no time", () => {
    const record = aRecord(...begun, runs("succeeded"), entry.verified, entry.finished);

    assert.deepEqual(summaryOf(record, "done"), {
      changeId: "7f3a",
      columns: ["telefone"],
      window: "after 2025-12-17 16:49:00",
      outcome: "done",
      rowsBefore: 1000,
      deleted: 200,
      putBack: 0,
      versionsPutBack: 0,
      runIds: ["run-0"],
      backUps: ["PUBLIC.PEDIDOS__BK_7F3A"],
    });
  });

  it("counts every row that it deleted, also when it began again", () => {
    const record = aRecord(...begun, runs("failed"), idle, { step: "deleted", rows: 0 });

    assert.equal(summaryOf(record, "done")["deleted"], 200);
  });
});
