import assert from "node:assert/strict";
import fc from "fast-check";
import type { JobChange } from "#src/domain/changes.js";
import type { JournalEntry } from "#src/domain/journal.js";
import {
  decideRecovery,
  type Live,
  type Recovery,
  resumeAt,
  wantsTheSame,
} from "#src/domain/recovery.js";
import { entries, entry, runs } from "../support/journal-entries.js";
import { aRecord, aRequest } from "../support/samples.js";

const { started, idle, backedUp, deleted, deletedIdle, reset, requested, replaced, verified } =
  entry;
const UNTOUCHED: Live = { runIds: [], isTableThere: true, lostBackUps: [] };

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
      "verifies what a run brought that ended well",
      [...begun, deleted, deletedIdle, reset, requested, runs("succeeded")],
      "verify",
    ],
    [
      "waits again after a run that failed",
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
      assert.deepEqual(decideRecovery(aRecord(...list), UNTOUCHED, [wanted()]), {
        kind: "resume",
        at,
      });
    });
  }

  it("never goes on at a step that deletes or resets, wherever it was cut", () => {
    fc.assert(
      fc.property(entries, (list) => {
        const at = resumeAt(aRecord(...list), UNTOUCHED);
        assert.ok(["wait-idle", "run", "replace-rows", "verify", "restore-schedule"].includes(at));
        assert.equal(resumeAt(aRecord(...list, idle), UNTOUCHED), "wait-idle");
      }),
    );
  });

  it("is undone when an undo had begun, although the program wants it", () => {
    const record = aRecord(...begun, deleted, entry.undoing);

    assert.deepEqual(decideRecovery(record, UNTOUCHED, [wanted()]), {
      kind: "undo",
      reason: "rows were lost",
    });
  });

  it("is undone when the program wants something else, or nothing", () => {
    const undo = { kind: "undo", reason: "the program no longer wants this change" };
    const others = [[], [wanted({ rows: "all" })], [{ kind: "memory", megabytes: 1 }] as const];

    for (const changes of others) {
      assert.deepEqual(decideRecovery(aRecord(...begun), UNTOUCHED, changes), undo);
    }
  });

  it("is undone when its journal does not say what it was", () => {
    assert.equal(decideRecovery(aRecord(idle), UNTOUCHED, [wanted()]).kind, "undo");
  });
});

describe("what is seen of an unfinished change", () => {
  const ready = [started, idle, backedUp, deleted, deletedIdle, reset];
  const seen = (list: readonly JournalEntry[], live: Partial<Live>) =>
    decideRecovery(aRecord(...list), { ...UNTOUCHED, ...live }, [wanted()]);

  it("goes before the journal: after a run that nobody asked for, it waits again", () => {
    assert.deepEqual(seen(ready, { runIds: ["foreign"] }), { kind: "resume", at: "wait-idle" });
  });

  it("leaves the run to be followed that was asked for", () => {
    assert.deepEqual(seen([...ready, requested], { runIds: ["ours"] }), {
      kind: "resume",
      at: "run",
    });
  });

  it("is not taken for loaded after a run beside those that ended", () => {
    const ran = [...ready, requested, runs("succeeded")];

    assert.deepEqual(seen(ran, { runIds: ["run-0"] }), { kind: "resume", at: "verify" });
    assert.deepEqual(seen(ran, { runIds: ["run-0", "later"] }), {
      kind: "resume",
      at: "wait-idle",
    });
  });

  it("needs a person where rows were touched and the back-up or the table is gone", () => {
    const table = { database: "DW", schema: "PUBLIC", name: "PEDIDOS__BK_7F3A" };
    const undoing = [...ready, entry.undoing];

    assert.deepEqual(codeOf(seen(ready, { lostBackUps: [table] })), "BACK_UP_GONE");
    assert.deepEqual(codeOf(seen(undoing, { lostBackUps: [table] })), "BACK_UP_GONE");
    assert.deepEqual(codeOf(seen(ready, { isTableThere: false })), "DESTINATION_UNKNOWN");
  });

  it("is undone, which touches nothing, where the back-up went before any row was touched", () => {
    const table = { database: "DW", schema: "PUBLIC", name: "PEDIDOS__BK_7F3A" };

    assert.equal(seen([started, idle, backedUp], { lostBackUps: [table] }).kind, "undo");
  });
});

describe("an unfinished change that deletes after its run", () => {
  const request = aRequest({ strategy: "delete-after" });
  const begun = [{ ...started, request }, idle, backedUp, reset];
  const ran = [...begun, requested, runs("succeeded")];
  const at = (list: readonly JournalEntry[]) => resumeAt(aRecord(...list), UNTOUCHED);

  it("runs once its state was set, and replaces rows once a run ended well", () => {
    assert.deepEqual([at(begun), at(ran)], ["run", "replace-rows"]);
  });

  it("verifies once rows were replaced, and replaces again after another run", () => {
    assert.equal(at([...ran, replaced]), "verify");
    assert.equal(at([...ran, replaced, idle, reset, requested, runs("succeeded")]), "replace-rows");
  });

  it("is not what a program wants that deletes first", () => {
    const record = aRecord(...begun);

    assert.equal(wantsTheSame(record, wanted({ strategy: "delete-after" })), true);
    assert.equal(wantsTheSame(record, wanted({ strategy: "delete-first" })), false);
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
      decideRecovery(record, UNTOUCHED, [{ kind: "memory", megabytes: 1 }, wanted()]).kind,
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
  const asked = { strategy: "delete-first" as const, ...backfill, columns, rows };
  return { kind: "columns", added: columns, backfill: asked, repeated: false };
}

function codeOf(recovery: Recovery): string | undefined {
  return recovery.kind === "person" ? recovery.trouble.code : recovery.kind;
}
