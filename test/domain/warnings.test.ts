import assert from "node:assert/strict";
import { warningsOf } from "#src/domain/warnings.js";
import { aRequest, counted, seen } from "../support/samples.js";

describe("a reviewer", () => {
  it("is told that a column stays, and nothing else of a change that is plain", () => {
    assert.deepEqual(warningsOf(aRequest(), seen()), [
      "An added column cannot be taken out of a job again: Maestro has no operation for it.",
    ]);
  });

  it("is told of a window without rows, and that nothing is deleted", () => {
    const counts = counted({ inWindow: 0, newest: "2025-12-17 13:49:00" });

    assert.deepEqual(warningsOf(aRequest({ isEmpty: true }), seen({ counts })).slice(1), [
      "No row lies beyond 2025-12-17 16:49:00: the newest cursor in the table is 2025-12-17 13:49:00 (UTC). A time-zone slip is the usual cause. Nothing is deleted and the state stays where it is; rows already loaded keep null, and the next ones come with the column.",
    ]);
  });

  it("is told what readers see meanwhile, where old copies go last", () => {
    const [, warning] = warningsOf(aRequest({ strategy: "delete-after" }), seen());

    assert.equal(
      warning,
      'While the run lasts, readers may see rows of the window twice, and never miss one; with `strategy: "delete-first"` they miss them instead.',
    );
  });

  it("is told of rows that carry the bookmark itself", () => {
    const cursor = { column: "day", type: "DATE" } as const;
    const window = { kind: "after", cursor, bookmark: "2025-12-17" } as const;
    const counts = counted({ atBookmark: 3 });

    assert.deepEqual(warningsOf(aRequest({ window }), seen({ counts })).slice(1), [
      "3 rows carry the bookmark itself: old copies go only for those that the run brings again.",
    ]);
  });

  it("is told of rows without a cursor", () => {
    const warnings = warningsOf(aRequest(), seen({ counts: counted({ nullCursor: 7 }) }));

    assert.deepEqual(warnings.slice(1), [
      "7 rows have no cursor value: they stay as they are, without the new column.",
    ]);
  });

  it("is told of versions that will not return, unless they are kept", () => {
    const world = seen({ counts: counted({ superseded: 4 }) });

    assert.deepEqual(warningsOf(aRequest(), world).slice(1), [
      "4 superseded versions will not return, since the source holds only the newest of each key; `keepVersions: true` puts them back.",
    ]);
    assert.deepEqual(warningsOf(aRequest({ keepVersions: true }), world).slice(1), []);
  });

  it("is told what a check without keys cannot tell", () => {
    const warnings = warningsOf(aRequest({ identity: { keys: [] } }), seen());

    assert.deepEqual(warnings.slice(1), [
      "No `primaryKeys`: the check afterwards compares counts and whole rows, and cannot tell an updated row from a lost one.",
    ]);
  });

  it("is not told twice about a column that is there already", () => {
    const change = { kind: "columns", added: [], filled: ["telefone"] } as const;

    assert.deepEqual(warningsOf(aRequest({ change }), seen()), []);
  });
});
