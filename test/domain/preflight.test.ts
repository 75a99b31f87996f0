import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Budget,
  bookmarkRefusal,
  budgetRefusal,
  percentOf,
  refusalOf,
} from "#src/domain/preflight.js";
import { aRequest, counted, linesOf, seen } from "../support/samples.js";

const all = { kind: "all" } as const;
const budget: Budget = { deletedRows: 1_000_000, deletedPercent: 50 };

describe("a change that nothing stands in the way of", () => {
  it("is not refused", () => {
    assert.equal(refusalOf(aRequest(), seen(), budget), undefined);
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

  it("beyond every row is refused where rows were beyond it before: the state is not set forward", () => {
    const counts = counted({ inWindow: 0, newest: "2025-12-17 13:49:00" });
    const refusal = bookmarkRefusal(aRequest(), { counts });

    assert.deepEqual(linesOf(refusal ? [refusal] : []), [
      [
        "Will not use 2025-12-17 16:49:00 as the bookmark of PUBLIC.PEDIDOS: no row lies beyond it any more; the newest cursor in the table is 2025-12-17 13:49:00 (UTC).",
        "No row was deleted. Setting the state there would skip every row that arrives up to that time.",
        "Run `pulumi up` again: it plans anew from what stands in the table.",
      ],
    ]);
    assert.equal(refusal?.code, "BOOKMARK_BEYOND_ROWS");
  });

  it("beyond every row is no reason to refuse a change that leaves rows and state alone", () => {
    const counts = counted({ inWindow: 0 });

    assert.equal(refusalOf(aRequest({ isEmpty: true }), seen({ counts }), budget), undefined);
  });

  it("may be carried by rows where a cursor has no gaps", () => {
    const cursor = { column: "day", type: "DATE" } as const;
    const window = { kind: "after", cursor, bookmark: "2025-12-17" } as const;
    const counts = counted({ atBookmark: 3 });

    assert.equal(refusalOf(aRequest({ window }), seen({ counts }), budget), undefined);
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

describe("a percentage", () => {
  it("has one decimal, and is 0 of an empty table", () => {
    assert.deepEqual([percentOf(1, 3), percentOf(0, 0), percentOf(5, 5)], [33.3, 0, 100]);
  });
});
