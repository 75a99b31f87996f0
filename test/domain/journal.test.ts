import assert from "node:assert/strict";
import fc from "fast-check";
import {
  backUpsOf,
  hasDeleted,
  hasRunWell,
  isAfter,
  isFinished,
  type JournalEntry,
  journalEntry,
  lastEntry,
} from "#src/domain/journal.js";
import { entries, entry, runs } from "../support/journal-entries.js";
import { aRecord } from "../support/samples.js";

describe("a journal entry", () => {
  it("is itself again after it was written as JSON", () => {
    fc.assert(
      fc.property(entries, (list) => {
        const returned = list.map((each) => journalEntry.parse(JSON.parse(JSON.stringify(each))));
        assert.deepEqual(returned, list);
      }),
    );
  });
});

describe("rows of a change", () => {
  const cases: readonly (readonly [string, readonly JournalEntry[], boolean])[] = [
    ["are all there before the delete", [entry.started, entry.backedUp], false],
    ["are missing after it", [entry.deleted], true],
    ["are there again after the restore", [entry.deleted, entry.restored], false],
    ["are missing once more after another delete", [entry.restored, entry.deleted], true],
  ];

  for (const [behaviour, list, isMissing] of cases) {
    it(behaviour, () => assert.equal(hasDeleted(aRecord(...list)), isMissing));
  }
});

describe("a run of a change", () => {
  const [good, bad] = [runs("succeeded"), runs("failed")];
  const cases: readonly (readonly [string, readonly JournalEntry[], boolean])[] = [
    ["has not ended well before it ended", [entry.idle, entry.reset], false],
    ["ended well if it succeeded", [entry.idle, entry.reset, good], true],
    ["did not if it failed", [entry.idle, entry.reset, bad], false],
    ["did not if one of two failed", [entry.idle, runs("succeeded", "failed")], false],
    ["no longer counts once the change waits again", [entry.idle, good, entry.idle], false],
    ["is judged by its last attempt", [entry.idle, bad, entry.idle, entry.reset, good], true],
  ];

  for (const [behaviour, list, isWell] of cases) {
    it(behaviour, () => assert.equal(hasRunWell(aRecord(...list)), isWell));
  }
});

describe("the order of two steps", () => {
  it("is that of their last entries, one way at most", () => {
    fc.assert(
      fc.property(entries, (list) => {
        const record = aRecord(...list);
        const steps = [...new Set(list.map((each) => each.step))];
        const [one, other] = steps;
        fc.pre(one !== undefined && other !== undefined);
        assert.notEqual(isAfter(record, one, other), isAfter(record, other, one));
        assert.equal(
          isAfter(record, list.at(-1)?.step ?? one, "finished"),
          list.at(-1)?.step !== "finished",
        );
      }),
    );
  });

  it("counts a step that never was as the earlier one", () => {
    assert.equal(isAfter(aRecord(entry.idle), "idle", "deleted"), true);
    assert.equal(isAfter(aRecord(entry.idle), "deleted", "idle"), false);
  });
});

describe("a change", () => {
  it("keeps the first of its back-ups first", () => {
    const later = { ...entry.backedUp, columns: ["id"] };

    assert.deepEqual(backUpsOf(aRecord(entry.backedUp, entry.idle, later)), [
      entry.backedUp,
      later,
    ]);
  });

  it("knows the last entry of a step, or that there is none", () => {
    const record = aRecord(entry.idle, { step: "idle", runIds: ["r1"] });

    assert.deepEqual(lastEntry(record, "idle"), { step: "idle", runIds: ["r1"] });
    assert.equal(lastEntry(record, "deleted"), undefined);
  });

  it("is finished when it says so", () => {
    assert.deepEqual([aRecord(entry.verified), aRecord(entry.finished)].map(isFinished), [
      false,
      true,
    ]);
  });
});
