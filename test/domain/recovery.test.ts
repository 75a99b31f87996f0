import assert from "node:assert/strict";
import fc from "fast-check";
import type { JobChange } from "#src/domain/changes.js";
import type { JournalEntry } from "#src/domain/journal.js";
import { decideRecovery, resumeAt, wantsTheSame } from "#src/domain/recovery.js";
import { entries, entry, runs } from "../support/journal-entries.js";
import { aRecord, aRequest } from "../support/samples.js";

const { started, idle, backedUp, deleted, deletedIdle, reset, requested, verified } = entry;

describe("an unfinished change", () => {
  const begun = [started, idle, backedUp];
  const cut: readonly (readonly [string, readonly JournalEntry[], string])[] = [
    ["waits for runs when it had only begun", [started], "wait-idle"],
    ["waits again when its back-up was taken", begun, "wait-idle"],
    ["waits again when rows were deleted", [...begun, deleted], "wait-idle"],
    ["waits again when the state was not set", [...begun, deleted, deletedIdle], "wait-idle"],
    [
      "runs when rows were deleted and the state set",
      [...begun, deleted, deletedIdle, reset],
      "run",
    ],
    [
      "follows the run that it had asked for",
      [...begun, deleted, deletedIdle, reset, requested],
      "run",
    ],
    [
      "waits again after a run that ended",
      [...begun, deleted, deletedIdle, reset, requested, runs("failed")],
      "wait-idle",
    ],
    [
      "waits again when it had begun to wait",
      [...begun, deleted, deletedIdle, reset, runs("failed"), idle],
      "wait-idle",
    ],
    [
      "waits again when rows were deleted a second time, whatever was set after the first",
      [...begun, deleted, deletedIdle, reset, requested, idle, deleted],
      "wait-idle",
    ],
    [
      "only puts the schedule back when it was verified",
      [...begun, deleted, deletedIdle, reset, runs("succeeded"), verified],
      "restore-schedule",
    ],
  ];

  for (const [behaviour, list, at] of cut) {
    it(behaviour, () => {
      assert.deepEqual(decideRecovery(aRecord(...list), [wanted()]), { kind: "resume", at });
    });
  }

  it("never goes on at a step that deletes or resets, wherever it was cut", () => {
    fc.assert(
      fc.property(entries, (list) => {
        const at = resumeAt(aRecord(...list));
        assert.ok(["wait-idle", "run", "restore-schedule"].includes(at));
        assert.equal(resumeAt(aRecord(...list, idle)), "wait-idle");
      }),
    );
  });

  it("is undone when an undo had begun, although the program wants it", () => {
    const record = aRecord(...begun, deleted, entry.undoing);

    assert.deepEqual(decideRecovery(record, [wanted()]), {
      kind: "undo",
      reason: "rows were lost",
    });
  });

  it("is undone when the program wants something else, or nothing", () => {
    const undo = { kind: "undo", reason: "the program no longer wants this change" };
    const others = [[], [wanted({ rows: "all" })], [{ kind: "memory", megabytes: 1 }] as const];

    for (const changes of others) {
      assert.deepEqual(decideRecovery(aRecord(...begun), changes), undo);
    }
  });

  it("is undone when its journal does not say what it was", () => {
    assert.equal(decideRecovery(aRecord(idle), [wanted()]).kind, "undo");
  });
});

describe("the program", () => {
  const record = aRecord(started);

  it("wants the same in another order, beside other changes, and in another spelling", () => {
    const request = aRequest({
      change: { kind: "columns", added: ["b", "a"], filled: ["b", "a"] },
    });
    const two = aRecord({ ...started, request });

    assert.equal(wantsTheSame(two, wanted({ columns: ["a", "b"] })), true);
    assert.equal(
      wantsTheSame(record, wanted({ rows: { after: "2025-12-17T16:49:00.000Z" } })),
      true,
    );
    assert.equal(
      decideRecovery(record, [{ kind: "memory", megabytes: 1 }, wanted()]).kind,
      "resume",
    );
  });

  it("wants something else with other columns, another bookmark or all rows", () => {
    const others = [
      wanted({ columns: ["telefone", "email"] }),
      wanted({ rows: { after: "2025-12-17 16:49:01" } }),
      wanted({ rows: "all" }),
      wanted({ rows: "none" }),
    ];

    assert.deepEqual(
      others.map((change) => wantsTheSame(record, change)),
      [false, false, false, false],
    );
  });

  it("wants the same load type, or another", () => {
    const change = { kind: "load-type", from: "full_load", to: "incremental" } as const;
    const moved = aRecord({ ...started, request: aRequest({ change }) });

    assert.equal(wantsTheSame(moved, change), true);
    assert.equal(wantsTheSame(moved, { ...change, to: "incremental_with_qualify" }), false);
    assert.equal(wantsTheSame(moved, wanted()), false);
    assert.equal(wantsTheSame(record, change), false);
  });
});

type Columns = Extract<JobChange, { kind: "columns" }>;

function wanted(backfill: Partial<Columns["backfill"]> = {}): Columns {
  const columns = backfill.columns ?? ["telefone"];
  const rows = backfill.rows ?? { after: "2025-12-17 16:49:00" };
  return { kind: "columns", added: columns, backfill: { columns, rows }, repeated: false };
}
