import assert from "node:assert/strict";
import { columnNamed, countWindow, cursorNamed, findTable } from "#src/warehouse/destination.js";
import { aComparison, after, aTable, folded } from "../support/compared-samples.js";
import { Scribe } from "../support/scribe.js";

const columns = [
  { name: "id", type: "NUMBER" },
  { name: "Id", type: "NUMBER" },
  { name: "UPDATED_AT", type: "TIMESTAMP_NTZ" },
  { name: "NOME", type: "TEXT" },
];

describe("a column of the destination", () => {
  it("is found by its exact name, or by the only one that differs in case", () => {
    const found = ["id", "updated_at", "ID", "fax"].map((name) =>
      columnNamed(aTable({ columns }), name),
    );

    assert.deepEqual(found, ["id", "UPDATED_AT", undefined, undefined]);
  });

  it("is a cursor where its type orders as the source's does", () => {
    const found = ["updated_at", "nome", "fax"].map((name) =>
      cursorNamed(aTable({ columns }), name),
    );

    assert.deepEqual(found, [
      { column: "UPDATED_AT", type: "TIMESTAMP_NTZ" },
      undefined,
      undefined,
    ]);
  });
});

describe("a destination table", () => {
  it("is described as the catalogue spells it", async () => {
    const scribe = new Scribe(
      { TABLE_SCHEMA: "PUBLIC", TABLE_NAME: "T", IS_TRANSIENT: "YES" },
      { COLUMN_NAME: "ID", DATA_TYPE: "NUMBER" },
    );

    assert.deepEqual(await findTable(scribe, "DW", "public", "t"), {
      table: { database: "DW", schema: "PUBLIC", name: "T" },
      isTransient: true,
      columns: [{ name: "ID", type: "NUMBER" }],
    });
    assert.deepEqual(scribe.written, [
      folded(`
        SELECT TABLE_SCHEMA, TABLE_NAME, IS_TRANSIENT, TO_VARCHAR(CREATED, 'YYYY-MM-DD HH24:MI:SS.FF9') AS CREATED FROM "DW".INFORMATION_SCHEMA.TABLES
        WHERE UPPER(TABLE_SCHEMA) = UPPER('public') AND UPPER(TABLE_NAME) = UPPER('t')`),
      folded(`
        SELECT COLUMN_NAME, DATA_TYPE FROM "DW".INFORMATION_SCHEMA.COLUMNS
        WHERE TABLE_SCHEMA = 'PUBLIC' AND TABLE_NAME = 'T' ORDER BY ORDINAL_POSITION`),
    ]);
  });

  const at = (schema: string, name: string) => ({ TABLE_SCHEMA: schema, TABLE_NAME: name });

  it("is the exactly named one, table and schema, where others differ in case", async () => {
    const scribe = new Scribe([at("public", "T"), at("PUBLIC", "t"), at("PUBLIC", "T")]);

    const found = await findTable(scribe, "DW", "PUBLIC", "T");

    assert.deepEqual(found?.table, { database: "DW", schema: "PUBLIC", name: "T" });
  });

  it("is refused where several fit, even if they differ in the schema alone", async () => {
    const scribe = new Scribe([at("public", "T"), at("Public", "T")]);

    await assert.rejects(findTable(scribe, "DW", "PUBLIC", "T"), {
      code: "DESTINATION_UNKNOWN",
      message: [
        'Cannot tell which table "PUBLIC.T" means: "public.T", "Public.T" differ only in case.',
        "Nothing was changed.",
        "Rename or drop the ones that are not the job's destination.",
      ].join("\n"),
    });
  });

  it("that is not there is undefined", async () => {
    assert.equal(await findTable(new Scribe(), "DW", "PUBLIC", "T"), undefined);
  });
});

describe("a window's counts", () => {
  it("come from one statement, and one more for versions", async () => {
    const scribe = new Scribe(
      {
        TOTAL: "3",
        IN_WINDOW: "2",
        NULL_CURSOR: null,
        AT_BOOKMARK: "0",
        OLDEST: "2025-12-17 17:00:00.000000000",
        NEWEST: "2025-12-19 08:00:00.120000000",
      },
      { ROWS_BEYOND: "1" },
    );

    const counts = await countWindow(scribe, aTable().table, after, aComparison().identity);

    assert.deepEqual(counts, {
      total: 3,
      inWindow: 2,
      nullCursor: 0,
      atBookmark: 0,
      superseded: 1,
      oldestInWindow: "2025-12-17 17:00:00",
      newest: "2025-12-19 08:00:00.12",
    });
    assert.deepEqual(scribe.written, [
      folded(`
        SELECT COUNT(*) AS TOTAL, COUNT_IF("UPDATED_AT" > '2025-12-17 16:49:00'::TIMESTAMP_NTZ) AS IN_WINDOW,
        COUNT_IF("UPDATED_AT" IS NULL) AS NULL_CURSOR,
        COUNT_IF("UPDATED_AT" = '2025-12-17 16:49:00'::TIMESTAMP_NTZ) AS AT_BOOKMARK,
        TO_VARCHAR(MIN(IFF("UPDATED_AT" > '2025-12-17 16:49:00'::TIMESTAMP_NTZ, "UPDATED_AT", NULL)), 'YYYY-MM-DD HH24:MI:SS.FF9') AS OLDEST,
        TO_VARCHAR(MAX("UPDATED_AT"), 'YYYY-MM-DD HH24:MI:SS.FF9') AS NEWEST FROM "DW"."PUBLIC"."T"`),
      folded(`
        SELECT COUNT(*) AS ROWS_BEYOND FROM (SELECT ROW_NUMBER() OVER (PARTITION BY "ID" ORDER BY "UPDATED_AT") AS POSITION
        FROM "DW"."PUBLIC"."T" WHERE "UPDATED_AT" > '2025-12-17 16:49:00'::TIMESTAMP_NTZ) WHERE POSITION > 1`),
    ]);
  });
});
