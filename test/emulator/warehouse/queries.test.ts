import assert from "node:assert/strict";
import { openWorld } from "./driver.js";

/** One SELECT, straight: the protocol uses the same translator. */
async function answers(sql: string, expected: readonly Record<string, unknown>[]): Promise<void> {
  await using world = await openWorld({ clock: () => new Date("2026-01-02T03:04:05.678Z") });
  assert.deepEqual(await world.warehouse.rows(sql), expected);
}

describe("a query of the emulated warehouse", () => {
  it("sorts nulls as the highest values (3.2)", async () => {
    await answers("SELECT column1 AS X FROM VALUES (1), (NULL), (2) ORDER BY X DESC", [
      { X: null },
      { X: 2 },
      { X: 1 },
    ]);
    await answers("SELECT column1 AS X FROM VALUES (1), (NULL), (2) ORDER BY 1", [
      { X: 1 },
      { X: 2 },
      { X: null },
    ]);
  });

  it("lets a deduplication pick the row with a null cursor first, unless NULLS LAST says otherwise (3.2)", async () => {
    const rows = "(SELECT column1 AS K, column2 AS U FROM VALUES (1, 10), (1, NULL))";
    const newest = (order: string) =>
      `SELECT U FROM ${rows} QUALIFY ROW_NUMBER() OVER (PARTITION BY K ORDER BY U ${order}) = 1`;
    await answers(newest("DESC"), [{ U: null }]);
    await answers(newest("DESC NULLS LAST"), [{ U: 10 }]);
  });

  it("names a column without alias after its text: COUNT(*) (8b.7)", async () => {
    await answers("select count(*), max( column1 ), 'a'||'b', sum(column1) as s from values (1)", [
      { "COUNT(*)": 1, "MAX( COLUMN1 )": 1, "'a'||'b'": "ab", S: 1 },
    ]);
  });

  it("prints nine digits for FF9, and three by default (8b.7)", async () => {
    const at = "'2026-01-01 10:11:12.123456'::TIMESTAMP_NTZ";
    await answers(
      `SELECT TO_VARCHAR(${at}, 'YYYY-MM-DD HH24:MI:SS.FF9') AS A, TO_VARCHAR(${at}, 'YYYY-MM-DD"T"HH24:MI:SS.FF3') AS B, ${at}::VARCHAR AS C`,
      [
        {
          A: "2026-01-01 10:11:12.123456000",
          B: "2026-01-01T10:11:12.123",
          C: "2026-01-01 10:11:12.123",
        },
      ],
    );
  });

  it("drops the offset of a text that becomes TIMESTAMP_NTZ, and keeps the instant for TZ (6)", async () => {
    await answers(
      "SELECT '2026-01-01 10:00:00 +03:00'::TIMESTAMP_NTZ AS A, '2026-01-01 10:00:00 +03:00'::TIMESTAMP_TZ AS B, TO_TIMESTAMP_NTZ(0) AS C",
      [
        {
          A: "2026-01-01 10:00:00.000",
          B: "2026-01-01 07:00:00.000 +0000",
          C: "1970-01-01 00:00:00.000",
        },
      ],
    );
  });

  it("answers the clock's time", async () => {
    await answers("SELECT CURRENT_TIMESTAMP() AS A, SYSDATE() AS B, CURRENT_DATE AS C", [
      { A: "2026-01-02 03:04:05.678 +0000", B: "2026-01-02 03:04:05.678", C: "2026-01-02" },
    ]);
  });

  it("reckons with dates", async () => {
    await answers(
      `SELECT DATEADD(minute, -90, '2026-01-01'::TIMESTAMP_NTZ) AS A, DATEDIFF('day', '2026-01-01', '2026-03-01') AS B,
              DATE_TRUNC('MONTH', '2026-02-03 04:05:06'::TIMESTAMP_NTZ) AS C, DATE_PART(EPOCH_SECOND, '2026-01-01'::TIMESTAMP_NTZ) AS D,
              EXTRACT(YEAR FROM '2026-01-01'::DATE) AS E, DATEADD(millisecond, 5, '2026-01-01'::TIMESTAMP_NTZ) AS F`,
      [
        {
          A: "2025-12-31 22:30:00.000",
          B: 59,
          C: "2026-02-01 00:00:00.000",
          D: 1_767_225_600,
          E: 2026,
          F: "2026-01-01 00:00:00.005",
        },
      ],
    );
  });

  it("reckons with times that know their zone", async () => {
    await answers(
      `SELECT DATEADD(second, '90', CURRENT_TIMESTAMP()) AS A, DATEDIFF(second, '2026-01-02 03:04:00'::TIMESTAMP_NTZ, CURRENT_TIMESTAMP()) AS B,
              DATE_PART(EPOCH_SECOND, CURRENT_TIMESTAMP()) AS C, DATE_TRUNC(DAY, CURRENT_TIMESTAMP()) AS D,
              TO_VARCHAR(CURRENT_TIMESTAMP(), 'YYYY-MM-DD HH24:MI:SS.FF9 TZH:TZM') AS E, CURRENT_TIMESTAMP()::TIMESTAMP_NTZ > SYSDATE() AS F,
              DATE_PART(EPOCH_NANOSECOND, SYSDATE()) AS G`,
      [
        {
          A: "2026-01-02 03:05:35.678 +0000",
          B: 5,
          C: 1_767_323_045,
          D: "2026-01-02 00:00:00.000 +0000",
          E: "2026-01-02 03:04:05.678000000 +00:00",
          F: false,
          G: "1767323045678000000",
        },
      ],
    );
  });

  it("lets null win in CONCAT, GREATEST and LEAST", async () => {
    await answers(
      "SELECT CONCAT('a', NULL) AS A, GREATEST(1, NULL) AS B, LEAST(2, 1) AS C, NVL(NULL, 3) AS D, IFF(NULL, 1, 2) AS E",
      [{ A: null, B: null, C: 1, D: 3, E: 2 }],
    );
  });

  it("compares nulls with EQUAL_NULL and IS DISTINCT FROM", async () => {
    await answers(
      "SELECT EQUAL_NULL(NULL, NULL) AS A, 1 IS DISTINCT FROM NULL AS B, NULL IS NOT DISTINCT FROM NULL AS C",
      [{ A: true, B: true, C: true }],
    );
  });

  it("refuses to divide by zero, and text that is no number (3.3, 8b.7)", async () => {
    await using world = await openWorld();

    await assert.rejects(world.warehouse.rows("SELECT 1 / 0"), { code: "100051" });
    await assert.rejects(world.warehouse.rows("SELECT 'abc'::NUMBER"), { code: "100038" });
    assert.deepEqual(await world.warehouse.rows("SELECT TRY_CAST('abc' AS NUMBER) AS N"), [
      { N: null },
    ]);
  });

  it("aggregates, joins, and combines sets", async () => {
    await answers(
      `WITH a AS (SELECT column1 AS k, column2 AS v FROM VALUES (1, 'x'), (2, 'y'), (2, NULL)),
            b AS (SELECT 2 AS k UNION ALL SELECT 3)
       SELECT b.k, COUNT(a.v) AS n, COUNT_IF(a.v IS NULL) AS e, LISTAGG(a.v, '|') WITHIN GROUP (ORDER BY a.v) AS l,
              COUNT(DISTINCT a.k, a.v) AS d
       FROM b LEFT JOIN a ON a.k = b.k
       WHERE NOT EXISTS (SELECT 1 FROM a WHERE a.k = b.k AND a.v = 'never') AND (b.k, 1) IN (SELECT k, 1 FROM b)
       GROUP BY b.k HAVING COUNT(*) > 0 ORDER BY b.k LIMIT 5 OFFSET 0`,
      [
        { K: 2, N: 1, E: 1, L: "y", D: 1 },
        { K: 3, N: 0, E: 1, L: "", D: 0 },
      ],
    );
    await answers("SELECT 1 AS X UNION ALL SELECT 2 EXCEPT SELECT 2 ORDER BY X", [{ X: 1 }]);
  });

  it("computes windows", async () => {
    await answers(
      `SELECT column1 AS X, LAG(column1) OVER (ORDER BY column1) AS P, SUM(column1) OVER () AS S,
              LAST_VALUE(column1) OVER (ORDER BY column1) AS L, RANK() OVER (ORDER BY column1 DESC) AS R
       FROM VALUES (1), (2) ORDER BY X`,
      [
        { X: 1, P: null, S: 3, L: 2, R: 2 },
        { X: 2, P: 1, S: 3, L: 2, R: 1 },
      ],
    );
  });

  it("reads backslashes and dollars in texts as Snowflake does", async () => {
    await answers(
      "SELECT 'it\\'s' AS A, 'a''b' AS B, $$x'y\\n$$ AS C, LENGTH('\\n\\\\') AS D -- a comment",
      [{ A: "it's", B: "a'b", C: "x'y\\n", D: 2 }],
    );
  });
});

describe("a result over the protocol", () => {
  it("brings each type as the driver expects it (1.4)", async () => {
    await using world = await openWorld();
    await using client = await world.connect();
    await client.query("ALTER SESSION SET TIMEZONE = 'UTC'");

    const [row] = await client.query(
      `SELECT 12.50::NUMBER(10,2) AS N, 1.5::FLOAT AS F, TRUE AS B, '2026-01-02'::DATE AS D, '10:11:12'::TIME AS T,
              '2026-01-02 03:04:05.678'::TIMESTAMP_NTZ AS Z, '2026-01-02 03:04:05+00:00'::TIMESTAMP_LTZ AS L,
              PARSE_JSON('{"a": [1]}') AS V, 'text' AS S, NULL AS X`,
    );

    assert.deepEqual(JSON.parse(JSON.stringify(row)), {
      N: 12.5,
      F: 1.5,
      B: true,
      D: "2026-01-02",
      T: "10:11:12",
      Z: "2026-01-02 03:04:05.678",
      L: "2026-01-02 03:04:05.000 +0000",
      V: { a: [1] },
      S: "text",
      X: null,
    });
  });

  it("casts bound texts, numbers, booleans and nulls where they stand", async () => {
    await using world = await openWorld();
    await using client = await world.connect();

    const rows = await client.query(
      "SELECT ?::TIMESTAMP_NTZ > '2026-01-01' AS A, ? + 1 AS B, ? AS C, ? IS NULL AS D, UPPER(?) AS E, :2 * 2 AS F",
      ["2026-01-02", 41, true, null, "it's"],
    );

    assert.deepEqual(rows, [{ A: true, B: 42, C: true, D: true, E: "IT'S", F: 82 }]);
  });
});
