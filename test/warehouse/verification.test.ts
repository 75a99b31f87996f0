import assert from "node:assert/strict";
import { shown } from "#src/warehouse/sql.js";
import {
  compareByKey,
  compareByRow,
  countBehind,
  countDeduplicated,
  lostKeys,
  measureFill,
} from "#src/warehouse/verification.js";
import { aComparison, aTable, folded } from "../support/compared-samples.js";
import { Scribe } from "../support/scribe.js";

describe("lost keys", () => {
  it("are those of which no row with an equal or newer cursor stands in the table", () => {
    assert.equal(
      shown(lostKeys(aComparison())),
      folded(`
        SELECT o."ID" FROM (SELECT "ID", MAX("UPDATED_AT") AS NEWEST_BEFORE
        FROM (SELECT b."ID", b."UPDATED_AT" FROM "DW"."PUBLIC"."B1" b
        WHERE "UPDATED_AT" > '2025-12-17 16:49:00'::TIMESTAMP_NTZ AND TRUE) GROUP BY "ID") o
        WHERE NOT EXISTS (SELECT 1 FROM "DW"."PUBLIC"."T" t WHERE t."ID" IS NOT DISTINCT FROM o."ID"
        AND (o.NEWEST_BEFORE IS NULL OR t."UPDATED_AT" >= o.NEWEST_BEFORE))`),
    );
  });
});

describe("a comparison by key", () => {
  it("finds pairs of key and cursor that stand in the table more often than before", async () => {
    const scribe = new Scribe(
      { LOST: "1", KEYS_BEFORE: "9", GONE: "4" },
      { DOUBLED: "2" },
      { ID: "7" },
    );

    const found = await compareByKey(scribe, aComparison());

    assert.deepEqual(found, {
      kind: "by-key",
      keysBefore: 9,
      lostKeys: 1,
      lostExamples: ["7"],
      doubled: 2,
      gone: 4,
    });
    assert.equal(
      scribe.written[1],
      folded(`
        SELECT COUNT(*) AS DOUBLED FROM (SELECT n.TIMES FROM (SELECT "ID", "UPDATED_AT", COUNT(*) AS TIMES
        FROM "DW"."PUBLIC"."T" WHERE "UPDATED_AT" > '2025-12-17 16:49:00'::TIMESTAMP_NTZ GROUP BY "ID", "UPDATED_AT") n
        LEFT JOIN (SELECT "ID", "UPDATED_AT", COUNT(*) AS TIMES FROM (SELECT b."ID", b."UPDATED_AT"
        FROM "DW"."PUBLIC"."B1" b WHERE "UPDATED_AT" > '2025-12-17 16:49:00'::TIMESTAMP_NTZ AND TRUE)
        GROUP BY "ID", "UPDATED_AT") o
        ON n."ID" IS NOT DISTINCT FROM o."ID" AND n."UPDATED_AT" IS NOT DISTINCT FROM o."UPDATED_AT"
        WHERE n.TIMES > GREATEST(1, COALESCE(o.TIMES, 0)))`),
    );
  });
});

describe("a comparison without keys", () => {
  it("counts rows before and now, and those that do not stand unchanged", async () => {
    const scribe = new Scribe({ ROWS_BEFORE: "9", ROWS_NOW: "8", NOT_UNCHANGED: "3" });

    const found = await compareByRow(scribe, aComparison({ identity: { keys: [] } }));

    assert.deepEqual(found, { kind: "by-row", rowsBefore: 9, rowsNow: 8, notUnchanged: 3 });
    assert.equal(
      scribe.written[0],
      folded(`
        SELECT (SELECT COUNT(*) FROM (SELECT b."ID", b."UPDATED_AT" FROM "DW"."PUBLIC"."B1" b
        WHERE "UPDATED_AT" > '2025-12-17 16:49:00'::TIMESTAMP_NTZ AND TRUE)) AS ROWS_BEFORE,
        (SELECT COUNT(*) FROM "DW"."PUBLIC"."T" WHERE "UPDATED_AT" > '2025-12-17 16:49:00'::TIMESTAMP_NTZ) AS ROWS_NOW,
        (SELECT COUNT(*) FROM (SELECT b."ID", b."UPDATED_AT" FROM "DW"."PUBLIC"."B1" b
        WHERE "UPDATED_AT" > '2025-12-17 16:49:00'::TIMESTAMP_NTZ AND TRUE) o
        WHERE NOT EXISTS (SELECT 1 FROM "DW"."PUBLIC"."T" t
        WHERE t."ID" IS NOT DISTINCT FROM o."ID" AND t."UPDATED_AT" IS NOT DISTINCT FROM o."UPDATED_AT")) AS NOT_UNCHANGED`),
    );
  });
});

describe("the fill of the added columns", () => {
  it("is counted in the window, whatever the columns are called", async () => {
    const scribe = new Scribe({ ROWS_NOW: "4", FILLED_0: "3", NEWEST: "2025-12-19 08:00:00.000" });

    const fill = await measureFill(scribe, aComparison(), ["ativo?"]);

    assert.deepEqual(fill, { rows: 4, filled: { "ativo?": 3 }, newest: "2025-12-19 08:00:00" });
    assert.deepEqual(scribe.written, [
      folded(`
        SELECT COUNT(*) AS ROWS_NOW, TO_VARCHAR(MAX("UPDATED_AT"), 'YYYY-MM-DD HH24:MI:SS.FF9') AS NEWEST,
        COUNT("ativo?") AS "FILLED_0" FROM "DW"."PUBLIC"."T" WHERE "UPDATED_AT" > '2025-12-17 16:49:00'::TIMESTAMP_NTZ`),
    ]);
  });
});

describe("the deduplicated object", () => {
  it("is counted by rows and by keys", async () => {
    const scribe = new Scribe({ OBJECT_ROWS: "5", OBJECT_KEYS: "4" });

    const counts = await countDeduplicated(scribe, aTable().table, ["ID"]);

    assert.deepEqual(counts, { rows: 5, keys: 4 });
    assert.deepEqual(scribe.written, [
      folded(`
        SELECT COUNT(*) AS OBJECT_ROWS, (SELECT COUNT(*) FROM (SELECT DISTINCT "ID" FROM "DW"."PUBLIC"."T")) AS OBJECT_KEYS
        FROM "DW"."PUBLIC"."T"`),
    ]);
  });
});

describe("a key of the deduplicated object", () => {
  it("is behind where the newest raw row has a value that its own row lacks", async () => {
    const scribe = new Scribe({ BEHIND: "2" });
    const object = { ...aTable().table, schema: "STAGED" };

    const behind = await countBehind(scribe, object, aComparison(), ["TELEFONE", "telefone"]);

    assert.equal(behind, 2);
    assert.deepEqual(scribe.written, [
      folded(`
        SELECT COUNT(*) AS BEHIND FROM (SELECT "ID", "TELEFONE" AS FILLED,
        ROW_NUMBER() OVER (PARTITION BY "ID" ORDER BY "UPDATED_AT" DESC NULLS LAST) AS POSITION FROM "DW"."PUBLIC"."T") n
        JOIN "DW"."STAGED"."T" o ON n."ID" IS NOT DISTINCT FROM o."ID"
        WHERE n.POSITION = 1 AND n.FILLED IS NOT NULL AND o."telefone" IS NULL`),
    ]);
  });
});
