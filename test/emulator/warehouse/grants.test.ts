import assert from "node:assert/strict";
import { openWorld } from "./driver.js";

const LOGINS = [
  { user: "DADOSFERA", roles: ["LOADER"], credential: { kind: "password", password: "dadosfera" } },
  { user: "READER", roles: ["READER"], credential: { kind: "password", password: "reader" } },
] as const;
const ADMINISTRATOR = {
  user: "ADMIN",
  roles: ["ACCOUNTADMIN"],
  credential: { kind: "password", password: "admin" },
} as const;
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

  it("are granted and revoked in SQL by whoever owns the table", async () => {
    await using world = await openWorld({ logins: LOGINS });
    await using owner = await world.connect();
    await using reader = await world.connect(READER);
    await owner.query("CREATE TABLE T AS SELECT 1 AS ID");

    await owner.query("GRANT SELECT, DELETE ON TABLE T TO ROLE reader");
    await owner.query("REVOKE DELETE ON TABLE T FROM ROLE READER");

    assert.deepEqual(await reader.query("SELECT * FROM T"), [{ ID: 1 }]);
    await assert.rejects(reader.change("DELETE FROM T"), { code: "003001" });
    await assert.rejects(reader.query("GRANT DELETE ON TABLE T TO ROLE READER"), {
      code: "003001",
    });
  });

  it("on a whole schema, now or later, are the administrator's to grant", async () => {
    await using world = await openWorld({ logins: [ADMINISTRATOR, ...LOGINS] });
    await using admin = await world.connect({ username: "ADMIN", password: "admin" });
    await using owner = await world.connect();
    await using reader = await world.connect(READER);
    await admin.query("CREATE TABLE NOW AS SELECT 1 AS ID");

    await admin.query("GRANT SELECT ON ALL TABLES IN SCHEMA PUBLIC TO ROLE READER");
    await admin.query("GRANT SELECT ON FUTURE TABLES IN SCHEMA PUBLIC TO ROLE READER");
    await admin.query("CREATE TABLE LATER AS SELECT 2 AS ID");

    assert.deepEqual(await reader.query("SELECT * FROM NOW"), [{ ID: 1 }]);
    assert.deepEqual(await reader.query("SELECT * FROM LATER"), [{ ID: 2 }]);
    await assert.rejects(
      owner.query("GRANT SELECT ON ALL TABLES IN SCHEMA PUBLIC TO ROLE LOADER"),
      { code: "003001" },
    );
  });

  it("to create in a schema are granted in SQL, and reaching it is granted for free", async () => {
    await using world = await openWorld({ logins: [ADMINISTRATOR, ...LOGINS] });
    await using admin = await world.connect({ username: "ADMIN", password: "admin" });
    await using reader = await world.connect(READER);
    await assert.rejects(reader.query("CREATE TABLE T (ID NUMBER)"), { code: "003001" });

    await admin.query('GRANT USAGE ON DATABASE "DADOSFERA" TO ROLE READER');
    await admin.query("GRANT USAGE ON WAREHOUSE ANY_ONE TO ROLE READER");
    await admin.query("GRANT CREATE TABLE, USAGE ON SCHEMA PUBLIC TO ROLE READER");
    await reader.query("CREATE TABLE T (ID NUMBER)");

    assert.equal(await reader.change("INSERT INTO T VALUES (1)"), 1);
  });
});
