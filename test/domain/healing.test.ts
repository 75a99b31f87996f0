import assert from "node:assert/strict";
import type { Finding } from "#src/domain/finding.js";
import { planHealing } from "#src/domain/healing.js";

const TABLE = "DW.PUBLIC.PEDIDOS";

describe("healing", () => {
  it("finishes a change, and leaves its schedule and its lease to it", () => {
    const findings = [aChange("one"), aHold("one", "change-one"), aLease("one")];

    const remedies = planHealing({ findings }, "finish");

    assert.deepEqual(remedies, [
      {
        kind: "finish-change",
        pipelineId: "one",
        jobId: "one-0",
        changeId: "change-one",
        table: TABLE,
      },
    ]);
  });

  it("undoes a change where that is preferred, or under way already", () => {
    const going = planHealing({ findings: [aChange("one")] }, "undo");
    const returning = planHealing({ findings: [aChange("one", true)] }, "finish");

    assert.deepEqual([going[0]?.kind, returning[0]?.kind], ["undo-change", "undo-change"]);
  });

  it("puts a schedule back that no change of its pipeline holds, which gives the lease back too", () => {
    const findings = [aChange("one"), aHold("two", undefined), aLease("two"), aLease("three")];

    const remedies = planHealing({ findings }, "finish");

    assert.deepEqual(
      remedies.map(({ kind, pipelineId }) => [kind, pipelineId]),
      [
        ["finish-change", "one"],
        ["restore-schedule", "two"],
        ["give-back-lease", "three"],
      ],
    );
  });

  it("has nothing for rows and columns, which only a person can judge", () => {
    const place = { pipelineId: "one", jobId: "one-0", table: TABLE };
    const findings: Finding[] = [
      { kind: "missing-table", ...place },
      { kind: "missing-columns", ...place, columns: ["cor"], why: "gone-since-last-change" },
      { kind: "doubled-rows", ...place, by: ["ID"], window: "all", pairs: 3 },
    ];

    assert.deepEqual(planHealing({ findings }, "finish"), []);
  });
});

function aChange(pipelineId: string, isUndoing = false): Finding {
  return {
    kind: "unfinished-change",
    pipelineId,
    jobId: `${pipelineId}-0`,
    changeId: `change-${pipelineId}`,
    table: TABLE,
    purpose: "columns telefone, rows all",
    columns: ["telefone"],
    since: "2026-03-01 00:00:00",
    owner: "ana@notebook process 7",
    step: "idle",
    stepAt: "2026-03-01 00:00:01",
    isUndoing,
    now: "",
  };
}

function aHold(pipelineId: string, changeId: string | undefined): Finding {
  return { kind: "held-schedule", pipelineId, cron: "0 3 * * *", since: undefined, changeId };
}

function aLease(pipelineId: string): Finding {
  const owner = "ana@notebook process 7";
  return { kind: "expired-lease", pipelineId, owner, since: undefined, expiredAt: undefined };
}
