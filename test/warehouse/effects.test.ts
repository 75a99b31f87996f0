import assert from "node:assert/strict";
import {
  deleteWindow,
  expectCount,
  putBackLost,
  putBackVersions,
  restoreWindow,
} from "#src/warehouse/effects.js";
import { shown } from "#src/warehouse/sql.js";
import { aComparison, after, aTable, backUp, folded } from "../support/compared-samples.js";
import { Scribe } from "../support/scribe.js";

const { table } = aTable();

describe("the DELETE of a window", () => {
  it("takes the rows beyond the bookmark", () => {
    assert.equal(
      shown(deleteWindow(table, after)),
      `DELETE FROM "DW"."PUBLIC"."T" WHERE "UPDATED_AT" > '2025-12-17 16:49:00'::TIMESTAMP_NTZ`,
    );
  });

  it("takes every row where all are loaded again", () => {
    assert.equal(
      shown(deleteWindow(table, { kind: "all" })),
      'DELETE FROM "DW"."PUBLIC"."T" WHERE TRUE',
    );
  });
});

describe("a restore", () => {
  it("replaces the window up to where Maestro stood by the back-up's rows, and counts", async () => {
    const scribe = new Scribe({ TOTAL: "5" }, { TOTAL: "2" }, { TOTAL: "7" });
    const reach = { deletedUpTo: "2025-12-19 08:00:00", restoredUpTo: undefined };

    const restored = await restoreWindow(scribe, aComparison(), reach);

    assert.equal(restored, 5);
    assert.deepEqual(scribe.written, [
      folded(`
        SELECT COUNT(*) AS TOTAL FROM (SELECT "ID", "UPDATED_AT" FROM (SELECT b."ID", b."UPDATED_AT"
        FROM "DW"."PUBLIC"."B1" b WHERE "UPDATED_AT" > '2025-12-17 16:49:00'::TIMESTAMP_NTZ AND TRUE) WHERE TRUE)`),
      folded(`
        DELETE FROM "DW"."PUBLIC"."T" WHERE "UPDATED_AT" > '2025-12-17 16:49:00'::TIMESTAMP_NTZ
        AND ("UPDATED_AT" <= '2025-12-19 08:00:00'::TIMESTAMP_NTZ OR "UPDATED_AT" IS NULL)`),
      folded(`
        SELECT COUNT(*) AS TOTAL FROM (SELECT 1 AS ONE FROM "DW"."PUBLIC"."T"
        WHERE "UPDATED_AT" > '2025-12-17 16:49:00'::TIMESTAMP_NTZ)`),
      folded(`
        INSERT INTO "DW"."PUBLIC"."T" ("ID", "UPDATED_AT") SELECT "ID", "UPDATED_AT" FROM (SELECT b."ID", b."UPDATED_AT"
        FROM "DW"."PUBLIC"."B1" b WHERE "UPDATED_AT" > '2025-12-17 16:49:00'::TIMESTAMP_NTZ AND TRUE) WHERE TRUE`),
      folded(`
        SELECT COUNT(*) AS TOTAL FROM (SELECT 1 AS ONE FROM "DW"."PUBLIC"."T"
        WHERE "UPDATED_AT" > '2025-12-17 16:49:00'::TIMESTAMP_NTZ)`),
    ]);
  });

  it("of everything empties the table first", async () => {
    const scribe = new Scribe({ TOTAL: "5" }, { TOTAL: "0" }, { TOTAL: "5" });
    const compared = aComparison({ window: { kind: "all" } });

    await restoreWindow(scribe, compared, { deletedUpTo: undefined, restoredUpTo: undefined });

    assert.equal(scribe.written[1], 'DELETE FROM "DW"."PUBLIC"."T" WHERE TRUE AND TRUE');
  });

  it("that the driver sent twice is rolled back", async () => {
    const scribe = new Scribe({ TOTAL: "5" }, { TOTAL: "2" }, { TOTAL: "12" });
    const reach = { deletedUpTo: undefined, restoredUpTo: undefined };

    await assert.rejects(restoreWindow(scribe, aComparison(), reach), {
      code: "TABLE_MOVED",
    });
  });
});

describe("putting back lost keys", () => {
  it("inserts every saved row of a key that did not return", async () => {
    const scribe = new Scribe({ ROWS_BACK: "1" }, { TOTAL: "9" }, { TOTAL: "10" });

    const rows = await putBackLost(scribe, aComparison());

    assert.equal(rows, 1);
    assert.equal(
      scribe.written[2],
      folded(`
        INSERT INTO "DW"."PUBLIC"."T" ("ID", "UPDATED_AT") SELECT r."ID", r."UPDATED_AT" FROM (SELECT b."ID", b."UPDATED_AT"
        FROM "DW"."PUBLIC"."B1" b WHERE "UPDATED_AT" > '2025-12-17 16:49:00'::TIMESTAMP_NTZ AND TRUE) r
        WHERE EXISTS (SELECT 1 FROM (SELECT o."ID" FROM (SELECT "ID", MAX("UPDATED_AT") AS NEWEST_BEFORE
        FROM (SELECT b."ID", b."UPDATED_AT" FROM "DW"."PUBLIC"."B1" b
        WHERE "UPDATED_AT" > '2025-12-17 16:49:00'::TIMESTAMP_NTZ AND TRUE) GROUP BY "ID") o
        WHERE NOT EXISTS (SELECT 1 FROM "DW"."PUBLIC"."T" t WHERE t."ID" IS NOT DISTINCT FROM o."ID"
        AND (o.NEWEST_BEFORE IS NULL OR t."UPDATED_AT" >= o.NEWEST_BEFORE))) l
        WHERE l."ID" IS NOT DISTINCT FROM r."ID") AND NOT EXISTS (SELECT 1 FROM "DW"."PUBLIC"."T" t
        WHERE t."ID" IS NOT DISTINCT FROM r."ID" AND t."UPDATED_AT" IS NOT DISTINCT FROM r."UPDATED_AT")`),
    );
  });

  it("touches nothing where none is lost", async () => {
    const scribe = new Scribe({ ROWS_BACK: "0" });

    assert.equal(await putBackLost(scribe, aComparison()), 0);
    assert.equal(scribe.written.length, 1);
  });

  it("gives a column that the back-up lacks back as null", async () => {
    const scribe = new Scribe({ ROWS_BACK: "0" });
    const backUps = [backUp("B1"), backUp("B2", ["ID", "UPDATED_AT", "TELEFONE"])];

    await putBackLost(scribe, aComparison({ backUps }));

    assert.match(
      scribe.written[0] ?? "",
      /\(SELECT b\."ID", b\."UPDATED_AT", NULL AS "TELEFONE" FROM "DW"\."PUBLIC"\."B1"/,
    );
  });
});

describe("putting back superseded versions", () => {
  it("inserts every saved row whose key and cursor do not stand in the table", async () => {
    const scribe = new Scribe({ ROWS_BACK: "1" }, { TOTAL: "9" }, { TOTAL: "10" });

    await putBackVersions(scribe, aComparison());

    assert.equal(
      scribe.written[2],
      folded(`
        INSERT INTO "DW"."PUBLIC"."T" ("ID", "UPDATED_AT") SELECT r."ID", r."UPDATED_AT" FROM (SELECT b."ID", b."UPDATED_AT"
        FROM "DW"."PUBLIC"."B1" b WHERE "UPDATED_AT" > '2025-12-17 16:49:00'::TIMESTAMP_NTZ AND TRUE) r
        WHERE NOT EXISTS (SELECT 1 FROM "DW"."PUBLIC"."T" t WHERE t."ID" IS NOT DISTINCT FROM r."ID"
        AND t."UPDATED_AT" IS NOT DISTINCT FROM r."UPDATED_AT")`),
    );
  });
});

describe("a count inside a transaction", () => {
  it("that differs throws, which rolls it back", () => {
    expectCount("deleted", 3, 3);

    assert.throws(() => expectCount("deleted", 3, 4), {
      code: "TABLE_MOVED",
      message: [
        "Expected 3 rows deleted, and Snowflake counted 4: the table moved meanwhile.",
        "The transaction was rolled back.",
        "Run `pulumi up` again.",
      ].join("\n"),
    });
  });
});
