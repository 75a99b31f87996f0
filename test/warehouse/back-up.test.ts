import assert from "node:assert/strict";
import { baseline, cloneStatement, countUnsaved, dropBackUp } from "#src/warehouse/back-up.js";
import { shown } from "#src/warehouse/sql.js";
import { aComparison, after, aTable, backUp, folded } from "../support/compared-samples.js";
import { Scribe } from "../support/scribe.js";

const { identity } = aComparison();

describe("a back-up", () => {
  it("is a clone, so that no data is copied", () => {
    assert.equal(
      shown(cloneStatement(aTable(), backUp("B1").table)),
      'CREATE TABLE "DW"."PUBLIC"."B1" CLONE "DW"."PUBLIC"."T"',
    );
  });

  it("of a transient table is transient, since Snowflake clones it no other way", () => {
    assert.equal(
      shown(cloneStatement(aTable({ isTransient: true }), backUp("B1").table)),
      'CREATE TRANSIENT TABLE "DW"."PUBLIC"."B1" CLONE "DW"."PUBLIC"."T"',
    );
  });

  it("may be dropped twice", async () => {
    const scribe = new Scribe();

    await dropBackUp(scribe, backUp("B1").table);

    assert.deepEqual(scribe.written, ['DROP TABLE IF EXISTS "DW"."PUBLIC"."B1"']);
  });
});

describe("what stood in the window", () => {
  it("is the first back-up's rows, and those that only a later one holds", () => {
    const backUps = [backUp("B1"), backUp("B2", ["ID", "UPDATED_AT", "TELEFONE"])];

    assert.equal(
      shown(baseline(backUps, ["ID", "UPDATED_AT", "TELEFONE"], after, identity)),
      folded(`
        SELECT b."ID", b."UPDATED_AT", NULL AS "TELEFONE" FROM "DW"."PUBLIC"."B1" b
        WHERE "UPDATED_AT" > '2025-12-17 16:49:00'::TIMESTAMP_NTZ AND TRUE
        UNION ALL
        SELECT b."ID", b."UPDATED_AT", b."TELEFONE" FROM "DW"."PUBLIC"."B2" b
        WHERE "UPDATED_AT" > '2025-12-17 16:49:00'::TIMESTAMP_NTZ
        AND NOT EXISTS (SELECT 1 FROM "DW"."PUBLIC"."B1" e
        WHERE e."ID" IS NOT DISTINCT FROM b."ID" AND e."UPDATED_AT" IS NOT DISTINCT FROM b."UPDATED_AT")`),
    );
  });
});

describe("rows that no back-up holds", () => {
  it("are told by key and cursor", async () => {
    const scribe = new Scribe({ UNSAVED: "3" });

    const rows = await countUnsaved(scribe, {
      table: aTable().table,
      backUps: [backUp("B1")],
      window: after,
      identity,
    });

    assert.equal(rows, 3);
    assert.deepEqual(scribe.written, [
      folded(`
        SELECT COUNT(*) AS UNSAVED FROM "DW"."PUBLIC"."T" t WHERE "UPDATED_AT" > '2025-12-17 16:49:00'::TIMESTAMP_NTZ
        AND NOT EXISTS (SELECT 1 FROM "DW"."PUBLIC"."B1" e
        WHERE e."ID" IS NOT DISTINCT FROM t."ID" AND e."UPDATED_AT" IS NOT DISTINCT FROM t."UPDATED_AT")`),
    ]);
  });

  it("are told by every column of the back-up where no keys are known", async () => {
    const scribe = new Scribe();
    const saved = backUp("B1", ["A", "B"]);

    await countUnsaved(scribe, {
      table: aTable().table,
      backUps: [saved],
      window: { kind: "all" },
      identity: { keys: [] },
    });

    assert.match(
      scribe.written[0] ?? "",
      /e\."A" IS NOT DISTINCT FROM t\."A" AND e\."B" IS NOT DISTINCT FROM t\."B"/,
    );
  });
});
