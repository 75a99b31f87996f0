import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Budget,
  budgetRefusal,
  percentOf,
  refusalOf,
  type Seen,
  type WindowCounts,
  warningsOf,
} from "#src/domain/preflight.js";
import { aRequest, linesOf } from "../support/samples.js";

const all = { kind: "all" } as const;
const budget: Budget = { deletedRows: 1_000_000, deletedPercent: 50 };

describe("a change that nothing stands in the way of", () => {
  it("is not refused", () => {
    assert.equal(refusalOf(aRequest(), seen(), budget), undefined);
  });

  it("says that its column stays, and nothing else", () => {
    assert.deepEqual(warningsOf(aRequest(), seen()), [
      "An added column cannot be taken out of a job again: Maestro has no operation for it.",
    ]);
  });
});

describe("the budget", () => {
  it("refuses more rows than it allows", () => {
    const refusal = refusalOf(aRequest(), seen(), { ...budget, deletedRows: 199 });

    assert.deepEqual(linesOf(refusal ? [refusal] : []), [
      [
        "Will not delete 200 of 1000 rows (20 %) from PUBLIC.PEDIDOS: `limits.deletedRows` allows 199.",
        "Nothing was deleted.",
        "Choose a later bookmark, or raise the limit in the program if so many rows are meant to be loaded again.",
      ],
    ]);
    assert.equal(refusal?.code, "BUDGET_EXCEEDED");
  });

  it("refuses a larger part of the table than it allows", () => {
    const refusal = refusalOf(aRequest(), seen(), { ...budget, deletedPercent: 19.9 });

    assert.equal(
      refusal?.happened,
      "Will not delete 200 of 1000 rows (20 %) from PUBLIC.PEDIDOS: `limits.deletedPercent` allows 19.9 %.",
    );
  });

  it("is exact: neither a row more nor a row less than the percentage says", () => {
    const tables = fc.tuple(
      fc.integer({ min: 1, max: 10_000_000 }),
      fc.integer({ min: 0, max: 100 }),
    );
    fc.assert(
      fc.property(tables, ([total, deletedPercent]) => {
        const allowed = Math.floor((total * deletedPercent) / 100);
        const limits = { deletedRows: total, deletedPercent };
        assert.equal(budgetRefusal(aRequest(), { total, inWindow: allowed }, limits), undefined);
        fc.pre(allowed < total);
        assert.ok(budgetRefusal(aRequest(), { total, inWindow: allowed + 1 }, limits));
      }),
    );
  });

  it("is not rounded in the change's favour", () => {
    const refusal = budgetRefusal(aRequest(), { total: 10_000, inWindow: 5_004 }, budget);

    assert.equal(refusal?.code, "BUDGET_EXCEEDED");
  });

  it("knows no percentage for all rows, but a number", () => {
    const counts = { total: 1000, inWindow: 1000 };

    assert.equal(budgetRefusal(aRequest({ window: all }), counts, budget), undefined);
    assert.ok(budgetRefusal(aRequest({ window: all }), counts, { ...budget, deletedRows: 999 }));
  });

  it("does not concern a run that replaces the table by itself", () => {
    const request = aRequest({ loadType: "full_load", window: all });

    assert.equal(
      budgetRefusal(request, { total: 9, inWindow: 9 }, { ...budget, deletedRows: 0 }),
      undefined,
    );
  });
});

describe("a bookmark", () => {
  it("that a row carries is refused, with the nearest lower one that is free", () => {
    const refusal = refusalOf(
      aRequest(),
      seen({ counts: counted({ atBookmark: 3 }), freeBookmark: "2025-12-17 16:48:57" }),
      budget,
    );

    assert.deepEqual(linesOf(refusal ? [refusal] : []), [
      [
        "Will not use 2025-12-17 16:49:00 as the bookmark of PUBLIC.PEDIDOS: 3 rows carry it, and nobody can say on which side of it Maestro would begin.",
        "Nothing was changed.",
        'Use the nearest lower value that is free: `after: "2025-12-17 16:48:57"`.',
      ],
    ]);
    assert.equal(refusal?.code, "BOOKMARK_TAKEN");
  });

  it("that a row carries is refused without an offer where there is none", () => {
    const refusal = refusalOf(aRequest(), seen({ counts: counted({ atBookmark: 1 }) }), budget);

    assert.match(refusal?.happened ?? "", /PUBLIC\.PEDIDOS: a row carries it, and/);
    assert.equal(
      refusal?.next,
      'Choose a value of `backfill.rows.after` that no row carries, or `rows: "all"`.',
    );
  });

  it("beyond every row is refused, with the newest cursor", () => {
    const counts = counted({ inWindow: 0, newest: "2025-12-17 13:49:00" });
    const refusal = refusalOf(aRequest(), seen({ counts }), budget);

    assert.deepEqual(linesOf(refusal ? [refusal] : []), [
      [
        "Will not use 2025-12-17 16:49:00 as the bookmark of PUBLIC.PEDIDOS: no row lies beyond it; the newest cursor in the table is 2025-12-17 13:49:00 (UTC). A time-zone slip is the usual cause.",
        "Nothing was changed. Setting the state there would skip every row that arrives up to that time.",
        'Choose an earlier value of `backfill.rows.after`, or `rows: "none"` if no row has to be loaded again.',
      ],
    ]);
    assert.equal(refusal?.code, "BOOKMARK_BEYOND_ROWS");
  });

  it("is of no concern where all rows are loaded again", () => {
    const counts = counted({ inWindow: 0, atBookmark: 2 });

    assert.equal(refusalOf(aRequest({ window: all }), seen({ counts }), budget), undefined);
  });
});

describe("a paused pipeline", () => {
  it("is refused, since it cannot be run", () => {
    const refusal = refusalOf(aRequest(), seen({ isPaused: true }), budget);

    assert.deepEqual(linesOf(refusal ? [refusal] : []), [
      [
        'Will not change job 7b8b3399-b8c0-4fc5-9116-142cd9f4e7ae-0: its pipeline "Orders" is paused, and a paused pipeline cannot be run.',
        "Nothing was changed.",
        "Unpause the pipeline (`paused: false`), then run `pulumi up` again.",
      ],
    ]);
    assert.equal(refusal?.code, "PIPELINE_PAUSED");
  });
});

describe("a role without privileges", () => {
  it("is refused, each of them named, before anything else", () => {
    const missingPrivileges = ["DELETE on PUBLIC.PEDIDOS", "CREATE TABLE on schema PUBLIC"];
    const refusal = refusalOf(aRequest(), seen({ missingPrivileges, isPaused: true }), budget);

    assert.deepEqual(linesOf(refusal ? [refusal] : []), [
      [
        "Cannot change the rows of PUBLIC.PEDIDOS: the role lacks DELETE on PUBLIC.PEDIDOS, CREATE TABLE on schema PUBLIC.",
        "Nothing was changed, on Maestro or in the warehouse.",
        "Grant them to the role in SNOWFLAKE_ROLE and run `pulumi up` again.",
      ],
    ]);
    assert.equal(refusal?.code, "WAREHOUSE_PRIVILEGE_MISSING");
  });
});

describe("a reviewer", () => {
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

describe("a percentage", () => {
  it("has one decimal, and is 0 of an empty table", () => {
    assert.deepEqual([percentOf(1, 3), percentOf(0, 0), percentOf(5, 5)], [33.3, 0, 100]);
  });
});

function counted(counts: Partial<WindowCounts> = {}): WindowCounts {
  return { total: 1000, inWindow: 200, nullCursor: 0, atBookmark: 0, superseded: 0, ...counts };
}

function seen(fields: Partial<Seen> = {}): Seen {
  return {
    pipelineName: "Orders",
    isPaused: false,
    missingPrivileges: [],
    counts: counted(),
    ...fields,
  };
}
