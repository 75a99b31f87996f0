import assert from "node:assert/strict";
import fc from "fast-check";
import { type BackfillRequest, type BackfillStep, planSteps } from "#src/domain/backfill-plan.js";
import type { LoadType } from "#src/domain/job.js";
import { deletesRows } from "#src/domain/preflight.js";
import { requests } from "../support/arbitraries.js";
import { aRequest } from "../support/samples.js";

const all = { kind: "all" } as const;

describe("the steps of a change", () => {
  it("keep their order: lease, back-up, delete, reset, run, verification, schedule", () => {
    fc.assert(
      fc.property(requests, (request) => {
        const kinds = kindsOf(request);
        assert.deepEqual(
          kinds,
          ORDER.filter((kind) => kinds.includes(kind)),
        );
        assert.equal(kinds[0], "take-lease");
        assert.equal(kinds.at(-1), "restore-schedule");
        assert.ok(kinds.includes("run") && kinds.includes("verify"));
      }),
    );
  });

  it("delete no row that was not backed up", () => {
    fc.assert(
      fc.property(requests, (request) => {
        const kinds = kindsOf(request);
        assert.ok(!kinds.includes("delete-rows") || kinds.includes("back-up"));
      }),
    );
  });

  it("set the state back, by reset or by load type, wherever they delete, and nowhere else", () => {
    fc.assert(
      fc.property(requests, (request) => {
        const kinds = kindsOf(request);
        const setsBack = kinds.includes("reset-state") || request.change.kind === "load-type";
        assert.ok(!kinds.includes("delete-rows") || setsBack);
        assert.ok(!kinds.includes("reset-state") || kinds.includes("delete-rows"));
      }),
    );
  });

  it("delete rows exactly where the preflight counts them as deleted", () => {
    fc.assert(
      fc.property(requests, (request) => {
        assert.equal(kindsOf(request).includes("delete-rows"), deletesRows(request));
      }),
    );
  });

  it("of an incremental job load the rows beyond the bookmark again", () => {
    assert.deepEqual(planSteps(aRequest()), [
      { kind: "take-lease" },
      { kind: "hold-schedule" },
      { kind: "wait-idle" },
      { kind: "back-up" },
      { kind: "add-columns", columns: ["telefone"] },
      { kind: "delete-rows" },
      { kind: "reset-state", to: "2025-12-17 16:49:00" },
      { kind: "run" },
      { kind: "verify" },
      { kind: "restore-schedule" },
    ] satisfies BackfillStep[]);
  });

  it("for all rows reset the state without a value", () => {
    const steps = planSteps(aRequest({ window: all }));

    assert.deepEqual(steps[6], { kind: "reset-state", to: undefined });
  });

  it("of a job with one row per key are those of an incremental one", () => {
    const request = aRequest({ loadType: "incremental_with_qualify" });

    assert.deepEqual(planSteps(request), planSteps(aRequest()));
  });

  it("of a job that loads everything leave deleting and state to its run", () => {
    const request = aRequest({ loadType: "full_load", window: all });

    assert.deepEqual(kindsOf(request).slice(3), [
      "back-up",
      "add-columns",
      "run",
      "verify",
      "restore-schedule",
    ]);
  });

  it("that are repeated add no column", () => {
    const change = { kind: "columns", added: [], filled: ["telefone"] } as const;

    assert.ok(!kindsOf(aRequest({ change })).includes("add-columns"));
  });

  const moves = [
    ["full_load", "incremental", ["back-up", "delete-rows", "sync-mode"]],
    ["full_load", "incremental_with_qualify", ["back-up", "delete-rows", "sync-mode"]],
    ["incremental", "incremental_with_qualify", ["sync-mode"]],
    ["incremental_with_qualify", "incremental", ["sync-mode"]],
    ["incremental", "full_load", ["back-up", "sync-mode"]],
  ] as const;

  for (const [from, to, between] of moves) {
    it(`from ${from} to ${to} are ${between.join(", ")}, then a run`, () => {
      const steps = planSteps(aMove(from, to));

      assert.deepEqual(
        steps.slice(3, -3).map((step) => step.kind),
        between,
      );
      assert.deepEqual(steps.at(-4), { kind: "sync-mode", to });
    });
  }
});

const ORDER: readonly BackfillStep["kind"][] = [
  "take-lease",
  "hold-schedule",
  "wait-idle",
  "back-up",
  "add-columns",
  "delete-rows",
  "reset-state",
  "sync-mode",
  "run",
  "verify",
  "restore-schedule",
];

function kindsOf(request: BackfillRequest): readonly BackfillStep["kind"][] {
  return planSteps(request).map((step) => step.kind);
}

function aMove(from: LoadType, to: LoadType): BackfillRequest {
  return aRequest({
    loadType: to,
    window: [from, to].includes("full_load") ? all : undefined,
    change: { kind: "load-type", from, to },
  });
}
