import assert from "node:assert/strict";
import { openWorld } from "./driver.js";

describe("a table of the emulated warehouse", () => {
  it("is described with the types that were declared", async () => {
    await using world = await openWorld();
    await using client = await world.connect();

    await client.query(
      `CREATE TABLE T (A NUMBER(10,2) NOT NULL, B STRING, C VARCHAR(20), D TIMESTAMP_NTZ(9), E TIMESTAMP_TZ, F TIMESTAMP_LTZ,
         G DATE, H FLOAT, I BOOLEAN, J TIME, K BINARY, L VARIANT, M INT, PRIMARY KEY (M))`,
    );
    const described = await client.query("DESCRIBE TABLE T");
    const listed = await client.query(
      "SELECT COLUMN_NAME, DATA_TYPE, NUMERIC_SCALE, IS_NULLABLE FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'T' AND ORDINAL_POSITION IN (1, 2, 5)",
    );

    assert.equal(
      described.map(({ type }) => type).join(" "),
      "NUMBER(10,2) VARCHAR(16777216) VARCHAR(20) TIMESTAMP_NTZ(9) TIMESTAMP_TZ(9) TIMESTAMP_LTZ(9) " +
        "DATE FLOAT BOOLEAN TIME(9) BINARY(8388608) VARIANT NUMBER(38,0)",
    );
    assert.deepEqual(listed, [
      { COLUMN_NAME: "A", DATA_TYPE: "NUMBER", NUMERIC_SCALE: 2, IS_NULLABLE: "NO" },
      { COLUMN_NAME: "B", DATA_TYPE: "TEXT", NUMERIC_SCALE: null, IS_NULLABLE: "YES" },
      { COLUMN_NAME: "E", DATA_TYPE: "TIMESTAMP_TZ", NUMERIC_SCALE: null, IS_NULLABLE: "YES" },
    ]);
  });

  it("is listed with kind, rows and comment", async () => {
    await using world = await openWorld();
    await using client = await world.connect();
    await client.query("CREATE TRANSIENT TABLE T AS SELECT 1 AS X UNION ALL SELECT 2");
    await client.query("COMMENT ON TABLE T IS 'two rows'");
    await client.query("CREATE VIEW V AS SELECT X FROM T");

    const listed = await client.query(
      `SELECT TABLE_NAME, TABLE_TYPE, IS_TRANSIENT, ROW_COUNT, RETENTION_TIME, COMMENT
       FROM "DADOSFERA".INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = ? AND UPPER(TABLE_NAME) IN (UPPER(?), 'V') ORDER BY 1`,
      ["PUBLIC", "t"],
    );
    const [shown] = await client.query("SHOW TABLES LIKE 't%' IN SCHEMA PUBLIC");

    assert.deepEqual(listed, [
      {
        TABLE_NAME: "T",
        TABLE_TYPE: "BASE TABLE",
        IS_TRANSIENT: "YES",
        ROW_COUNT: 2,
        RETENTION_TIME: 1,
        COMMENT: "two rows",
      },
      {
        TABLE_NAME: "V",
        TABLE_TYPE: "VIEW",
        IS_TRANSIENT: "NO",
        ROW_COUNT: null,
        RETENTION_TIME: null,
        COMMENT: null,
      },
    ]);
    assert.partialDeepStrictEqual(shown, {
      name: "T",
      kind: "TRANSIENT",
      rows: 2,
      comment: "two rows",
    });
  });

  it("made AS SELECT keeps the types of plain columns, and not those of computed ones", async () => {
    await using world = await openWorld();
    await using client = await world.connect();
    await client.query("CREATE TABLE T (A VARCHAR(5), B VARCHAR(5), C TIMESTAMP_TZ)");

    await client.query("CREATE TABLE U AS SELECT A, B || '-' || B AS B, C FROM T");

    const described = await client.query("DESC TABLE U");
    assert.deepEqual(
      described.map(({ type }) => type),
      ["VARCHAR(5)", "VARCHAR(16777216)", "TIMESTAMP_TZ(9)"],
    );
  });

  it("is cloned with its columns and rows, and lives apart from then on", async () => {
    await using world = await openWorld();
    await using client = await world.connect();
    await client.query("CREATE TABLE T (ID NUMBER, N VARCHAR(5) DEFAULT 'x')");
    await client.change("INSERT INTO T (ID) VALUES (1), (2)");

    await client.query(`CREATE TABLE "PUBLIC"."BK" CLONE "T" COMMENT = 'change 7'`);
    await client.change("DELETE FROM T");
    await client.change("INSERT INTO BK (ID) VALUES (3)");

    assert.deepEqual(await client.query("SELECT * FROM BK ORDER BY ID"), [
      { ID: 1, N: "x" },
      { ID: 2, N: "x" },
      { ID: 3, N: "x" },
    ]);
    await client.query("CREATE TRANSIENT TABLE TR AS SELECT 1 AS X");
    await assert.rejects(
      client.query("CREATE TABLE P CLONE TR"),
      /cannot be cloned to a permanent/,
    );
  });

  it("gets columns added, which old rows hold as null or default", async () => {
    await using world = await openWorld();
    await using client = await world.connect();
    await client.query("CREATE TABLE T AS SELECT 1 AS ID");

    await client.query(
      "ALTER TABLE T ADD COLUMN PHONE VARCHAR(20), COUNTRY VARCHAR(2) DEFAULT 'BR'",
    );
    await client.query("ALTER TABLE T ADD COLUMN IF NOT EXISTS PHONE VARCHAR(20)");

    assert.deepEqual(await client.query("SELECT * FROM T"), [
      { ID: 1, PHONE: null, COUNTRY: "BR" },
    ]);
    await assert.rejects(client.query("ALTER TABLE T ADD COLUMN PHONE VARCHAR"), {
      code: "001430",
    });
  });

  it("loses a column, with its values", async () => {
    await using world = await openWorld();
    await using client = await world.connect();
    await client.query("CREATE TABLE T (ID NUMBER, NAME VARCHAR(10), PRICE NUMBER)");
    await client.change("INSERT INTO T VALUES (1, 'a', 7)");

    await client.query("ALTER TABLE T DROP COLUMN NAME");

    assert.deepEqual(await client.query("SELECT * FROM T"), [{ ID: 1, PRICE: 7 }]);
    await assert.rejects(client.query("ALTER TABLE T DROP COLUMN NAME"), { code: "000904" });
  });

  it("keeps its rows and its age when it is renamed", async () => {
    await using world = await openWorld();
    await using client = await world.connect();
    const created = (name: string) =>
      client.query(
        `SELECT CREATED::VARCHAR AS C FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME = '${name}'`,
      );
    await client.query("CREATE TABLE T AS SELECT 1 AS ID");
    const before = await created("T");

    await client.query("ALTER TABLE T RENAME TO OLD_T");
    await client.query("CREATE TABLE T (ID NUMBER)");

    assert.deepEqual(await client.query("SELECT ID FROM OLD_T"), [{ ID: 1 }]);
    assert.deepEqual(await client.query("SELECT ID FROM T"), []);
    assert.deepEqual(await created("OLD_T"), before);
    await assert.rejects(client.query("ALTER TABLE T RENAME TO OLD_T"), { code: "002002" });
  });

  it("refuses a name that is taken: 002002 (8b.7)", async () => {
    await using world = await openWorld();
    await using client = await world.connect();
    await client.query("CREATE TABLE T (ID NUMBER)");

    await assert.rejects(client.query("CREATE TABLE T (ID NUMBER)"), { code: "002002" });
    await assert.rejects(client.query("CREATE VIEW T AS SELECT 1 AS X"), { code: "002002" });
    assert.deepEqual(await client.query("CREATE TABLE IF NOT EXISTS T (X NUMBER)"), [
      { status: "T already exists, statement succeeded." },
    ]);
  });

  it("is emptied by TRUNCATE and gone after DROP, once more with IF EXISTS", async () => {
    await using world = await openWorld();
    await using client = await world.connect();
    await client.query("CREATE TABLE T AS SELECT 1 AS ID");

    await client.query("TRUNCATE TABLE T");
    assert.deepEqual(await client.query("SELECT * FROM T"), []);
    await client.query("DROP TABLE T");
    await client.query("DROP TABLE IF EXISTS T");

    await assert.rejects(client.query("DROP TABLE T"), { code: "002003" });
  });

  it("is its session's own when temporary, and hides a permanent one", async () => {
    await using world = await openWorld();
    await using one = await world.connect();
    await using other = await world.connect();
    await other.query("CREATE TABLE T AS SELECT 'shared' AS X");

    await one.query("CREATE TEMPORARY TABLE T AS SELECT 'mine' AS X");

    assert.deepEqual(await one.query("SELECT X FROM T"), [{ X: "mine" }]);
    assert.deepEqual(await other.query("SELECT X FROM T"), [{ X: "shared" }]);
  });
});

describe("a view", () => {
  it("shows what its tables hold when it is read, under the names it was given", async () => {
    await using world = await openWorld();
    await using client = await world.connect();
    await client.query("CREATE TABLE T (ID NUMBER, U NUMBER)");
    await client.query(
      "CREATE OR REPLACE VIEW STAGED.V (K) COMMENT = 'newest' AS SELECT ID FROM PUBLIC.T QUALIFY ROW_NUMBER() OVER (PARTITION BY ID ORDER BY U DESC) = 1",
    );

    await client.change("INSERT INTO T VALUES (1, 1), (1, 2), (2, 1)");

    assert.deepEqual(await client.query("SELECT * FROM STAGED.V ORDER BY K"), [{ K: 1 }, { K: 2 }]);
    await assert.rejects(client.change("DELETE FROM STAGED.V"), { code: "001003" });
  });
});

describe("a view of SELECT *", () => {
  it("breaks when its table gets a column, until it is made anew: 002057", async () => {
    await using world = await openWorld();
    await using client = await world.connect();
    await client.query("CREATE TABLE T AS SELECT 1 AS ID");
    await client.query("CREATE VIEW V AS SELECT * FROM T");

    await client.query("ALTER TABLE T ADD COLUMN X NUMBER");

    await assert.rejects(client.query("SELECT ID FROM V"), { code: "002057" });
    await client.query("CREATE OR REPLACE VIEW V AS SELECT * FROM T");
    assert.deepEqual(await client.query("SELECT * FROM V"), [{ ID: 1, X: null }]);
  });
});

describe("a session's surroundings", () => {
  it("change with USE and ALTER SESSION", async () => {
    await using world = await openWorld();
    await using client = await world.connect();

    await client.query("USE SCHEMA STAGED");
    await client.query("USE WAREHOUSE BIG");
    await client.query(
      "ALTER SESSION SET TIMEZONE = 'UTC' QUERY_TAG = 'x' LOCK_TIMEOUT = 60 STATEMENT_TIMEOUT_IN_SECONDS = 3600 ABORT_DETACHED_QUERY = TRUE QUOTED_IDENTIFIERS_IGNORE_CASE = FALSE",
    );

    assert.deepEqual(await client.query("SELECT CURRENT_SCHEMA() AS S, CURRENT_WAREHOUSE() AS W"), [
      { S: "STAGED", W: "BIG" },
    ]);
    assert.deepEqual(
      await client.query("SELECT '2026-01-01 00:00:00'::TIMESTAMP_LTZ::VARCHAR AS X"),
      [{ X: "2026-01-01 00:00:00.000 +0000" }],
    );
    await assert.rejects(client.query("USE SCHEMA NOWHERE"), { code: "002003" });
    await assert.rejects(client.query("USE ROLE SYSADMIN"), { code: "003013" });
    await assert.rejects(client.query("ALTER SESSION SET QUOTED_IDENTIFIERS_IGNORE_CASE = TRUE"), {
      code: "001003",
    });
  });
});
