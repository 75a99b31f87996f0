import assert from "node:assert/strict";
import { openWorld } from "./driver.js";

const LOGINS = [
  { user: "DADOSFERA", roles: ["LOADER"], credential: { kind: "password", password: "dadosfera" } },
  { user: "READER", roles: ["READER"], credential: { kind: "password", password: "reader" } },
] as const;
const READER = { username: "READER", password: "reader" };

describe("privileges in the emulated warehouse", () => {
  it("hide a table from a role that holds none: 002003 (5.9)", async () => {
    await using world = await openWorld({ logins: LOGINS });
    await using owner = await world.connect();
    await using reader = await world.connect(READER);
    await owner.query("CREATE TABLE T AS SELECT 1 AS ID");

    await assert.rejects(reader.query("SELECT * FROM T"), { code: "002003", sqlState: "42S02" });
    assert.deepEqual(await reader.query("SHOW TABLES"), []);
    assert.deepEqual(await reader.query("SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES"), []);
  });

  it("go along with a table that is renamed", async () => {
    await using world = await openWorld({ logins: LOGINS });
    await using owner = await world.connect();
    await using reader = await world.connect(READER);
    await owner.query("CREATE TABLE T AS SELECT 1 AS ID");
    const on = { schema: "PUBLIC", name: "T" };
    world.warehouse.grants.grant({ role: "READER", privileges: ["SELECT"], on });

    await owner.query("ALTER TABLE T RENAME TO OLD_T");
    await owner.query("CREATE TABLE T (ID NUMBER)");

    assert.deepEqual(await reader.query("SELECT ID FROM OLD_T"), [{ ID: 1 }]);
    await assert.rejects(reader.query("SELECT ID FROM T"), { code: "002003" });
  });

  it("refuse by name what a role may not do with what it sees: 003001 (5.9)", async () => {
    await using world = await openWorld({ logins: LOGINS });
    await using owner = await world.connect();
    await using reader = await world.connect(READER);
    await owner.query("CREATE TABLE T AS SELECT 1 AS ID");
    world.warehouse.grants.grant({
      role: "READER",
      privileges: ["SELECT"],
      on: { schema: "PUBLIC", name: "T" },
    });

    assert.deepEqual(await reader.query("SELECT * FROM T"), [{ ID: 1 }]);
    await assert.rejects(reader.change("DELETE FROM T"), { code: "003001", sqlState: "42501" });
    await assert.rejects(reader.describe("DELETE FROM T WHERE ID = 1"), { code: "003001" });
    await assert.rejects(reader.query("CREATE TABLE B CLONE T"), { code: "003001" });
    await assert.rejects(reader.query("ALTER TABLE T ADD COLUMN X NUMBER"), { code: "003001" });
    await assert.rejects(
      reader.change(
        "MERGE INTO T USING (SELECT 2 AS K) S ON T.ID = S.K WHEN NOT MATCHED THEN INSERT VALUES (S.K)",
      ),
      { code: "003001" },
    );
  });

  it("let the loader's role change loaded tables, but not alter them", async () => {
    await using world = await openWorld();
    await using client = await world.connect();
    await world.warehouse.loader.createTable("public", "t", [{ name: "id", type: "NUMBER(38,0)" }]);

    assert.equal(await client.change("INSERT INTO T VALUES (1)"), 1);
    assert.equal(await client.change("DELETE FROM T"), 1);
    await assert.rejects(client.query("DROP TABLE T"), { code: "003001" });
    world.warehouse.grants.revoke({
      role: "LOADER",
      privileges: ["DELETE"],
      on: { schema: "PUBLIC", name: "T" },
    });
    await assert.rejects(client.change("DELETE FROM T"), { code: "003001" });
  });

  it("of a view's owner let others read through it", async () => {
    await using world = await openWorld({ logins: LOGINS });
    await using owner = await world.connect();
    await using reader = await world.connect(READER);
    await owner.query("CREATE TABLE T AS SELECT 1 AS ID");
    await owner.query("CREATE VIEW V AS SELECT ID FROM T");
    world.warehouse.grants.grant({
      role: "READER",
      privileges: ["SELECT"],
      on: { schema: "PUBLIC", name: "V" },
    });

    assert.deepEqual(await reader.query("SELECT * FROM V"), [{ ID: 1 }]);
    await assert.rejects(reader.query("SELECT * FROM T"), { code: "002003" });
  });
});
