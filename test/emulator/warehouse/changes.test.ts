import assert from "node:assert/strict";
import { type Client, openWorld } from "./driver.js";

async function people(client: Client): Promise<void> {
  await client.query(
    "CREATE TABLE P (ID NUMBER NOT NULL, NAME VARCHAR(10), SEEN TIMESTAMP_NTZ DEFAULT CURRENT_TIMESTAMP())",
  );
  await client.change("INSERT INTO P (ID, NAME) VALUES (1, 'ana'), (2, 'bia'), (3, NULL)");
}

const names = (client: Client) => client.query("SELECT ID, NAME FROM P ORDER BY ID");

describe("INSERT", () => {
  it("takes bound texts, casts them, and fills in defaults", async () => {
    const clock = () => new Date("2026-02-03T04:05:06.789Z");
    await using world = await openWorld({ clock });
    await using client = await world.connect();
    await client.query("ALTER SESSION SET TIMEZONE = 'UTC'");
    await people(client);

    const changed = await client.change(
      'INSERT INTO "DADOSFERA"."PUBLIC"."P" ("ID", "NAME") VALUES (?, ?), (:3, :4)',
      ["8", "it's", 9, null],
    );

    assert.equal(changed, 2);
    const [row] = await client.query(
      "SELECT NAME, TO_VARCHAR(SEEN, 'YYYY-MM-DD HH24:MI:SS.FF9') AS S FROM P WHERE ID = 8",
    );
    assert.deepEqual(row, { NAME: "it's", S: "2026-02-03 04:05:06.789000000" });
  });

  it("OVERWRITE from its own table keeps the rows (8b.7)", async () => {
    await using world = await openWorld();
    await using client = await world.connect();
    await people(client);

    await client.change("INSERT OVERWRITE INTO P SELECT * FROM P WHERE ID > 1");

    assert.deepEqual(await names(client), [
      { ID: 2, NAME: "bia" },
      { ID: 3, NAME: null },
    ]);
  });

  it("refuses what the columns cannot hold, by Snowflake's numbers", async () => {
    await using world = await openWorld();
    await using client = await world.connect();
    await people(client);

    await assert.rejects(client.change("INSERT INTO P (ID) VALUES ('x')"), { code: "100038" });
    await assert.rejects(client.change("INSERT INTO P (ID) VALUES (NULL)"), { code: "100072" });
    await assert.rejects(client.change("INSERT INTO P (ID, NAME) VALUES (4, '12345678901')"), {
      code: "100078",
    });
    await assert.rejects(client.change("INSERT INTO P (ID, SEEN) VALUES (4, 'soon')"), {
      code: "100035",
    });
    await assert.rejects(client.change("INSERT INTO P (ID, NAME) VALUES (4)"), { code: "002020" });
    await assert.rejects(client.change("INSERT INTO P (ID, WHO) VALUES (4, 'x')"), {
      code: "000904",
    });
    assert.equal((await names(client)).length, 3);
  });

  it("takes a VARIANT through SELECT PARSE_JSON, and in no other way", async () => {
    await using world = await openWorld();
    await using client = await world.connect();
    await client.query("CREATE TABLE J (V VARIANT)");

    await client.change("INSERT INTO J SELECT PARSE_JSON(?)", ['{"a":1}']);

    await assert.rejects(client.change("INSERT INTO J VALUES (?)", ["{}"]), { code: "002023" });
    await assert.rejects(client.change("INSERT INTO J VALUES (PARSE_JSON('{}'))"), {
      code: "002014",
    });
    assert.deepEqual(await client.query("SELECT V FROM J"), [{ V: { a: 1 } }]);
  });
});

describe("DELETE and UPDATE", () => {
  it("count the rows that they changed", async () => {
    await using world = await openWorld();
    await using client = await world.connect();
    await people(client);

    assert.equal(
      await client.change("UPDATE P SET NAME = UPPER(NAME), SEEN = DEFAULT WHERE NAME IS NOT NULL"),
      2,
    );
    assert.equal(
      await client.change("DELETE FROM P WHERE ID IN (SELECT ID FROM P WHERE NAME IS NULL)"),
      1,
    );
    assert.deepEqual(await names(client), [
      { ID: 1, NAME: "ANA" },
      { ID: 2, NAME: "BIA" },
    ]);
  });

  it("read the whole table as it was before the statement", async () => {
    await using world = await openWorld();
    await using client = await world.connect();
    await people(client);

    await client.change("UPDATE P SET ID = ID + (SELECT MAX(ID) FROM P)");
    await client.change(
      "DELETE FROM P WHERE ID = (SELECT MAX(ID) FROM P) OR ID = (SELECT MIN(ID) FROM P)",
    );

    assert.deepEqual(await names(client), [{ ID: 5, NAME: "bia" }]);
  });

  it("DELETE … USING takes the rows that another table names", async () => {
    await using world = await openWorld();
    await using client = await world.connect();
    await people(client);

    const deleted = await client.change(
      "DELETE FROM P USING (SELECT 2 AS K UNION ALL SELECT 2) S WHERE P.ID = S.K",
    );

    assert.equal(deleted, 1);
  });
});

describe("MERGE", () => {
  it("lets the first clause act whose condition holds", async () => {
    await using world = await openWorld();
    await using client = await world.connect();
    await people(client);

    const [result] = await client.query(
      `MERGE INTO P USING (SELECT column1 AS K, column2 AS N FROM VALUES (1, 'new'), (2, 'gone'), (7, 'more')) S ON P.ID = S.K
       WHEN MATCHED AND S.N = 'gone' THEN DELETE
       WHEN MATCHED THEN UPDATE SET NAME = S.N
       WHEN NOT MATCHED THEN INSERT (ID, NAME) VALUES (S.K, S.N)`,
    );

    assert.deepEqual(result, {
      "number of rows inserted": 1,
      "number of rows updated": 1,
      "number of rows deleted": 1,
    });
    assert.deepEqual(await names(client), [
      { ID: 1, NAME: "new" },
      { ID: 3, NAME: null },
      { ID: 7, NAME: "more" },
    ]);
  });

  it("refuses two source rows for one target row: 100090", async () => {
    await using world = await openWorld();
    await using client = await world.connect();
    await people(client);

    const merge = client.change(
      "MERGE INTO P USING (SELECT 1 AS K UNION ALL SELECT 1) S ON P.ID = S.K WHEN MATCHED THEN UPDATE SET NAME = 'x'",
    );

    await assert.rejects(merge, { code: "100090" });
    assert.deepEqual((await names(client))[0], { ID: 1, NAME: "ana" });
  });
});

describe("a statement sent with describeOnly", () => {
  it("is checked and never executed (1.4)", async () => {
    await using world = await openWorld();
    await using client = await world.connect();
    await people(client);

    await client.query("SELECT 1");
    await client.describe("SELECT ID FROM P WHERE ID = ?", [1]);
    await client.describe("CREATE TABLE Q AS SELECT * FROM P");

    assert.equal((await names(client)).length, 3);
    await assert.rejects(client.query("SELECT * FROM Q"), { code: "002003" });
  });

  it("fails for a DELETE on a missing table or column (8b.7)", async () => {
    await using world = await openWorld();
    await using client = await world.connect();
    await people(client);

    await assert.rejects(client.describe("DELETE FROM MISSING WHERE ID = 1"), { code: "002003" });
    await assert.rejects(client.describe("DELETE FROM P WHERE MISSING = 1"), { code: "000904" });
    assert.equal((await names(client)).length, 3);
  });
});
