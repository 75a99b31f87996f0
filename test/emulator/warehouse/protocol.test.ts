import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { gzipSync } from "node:zlib";
import { openWorld, untilHeard } from "./driver.js";

describe("signing in", () => {
  it("refuses a wrong password with 390100, at once (1.3)", async () => {
    await using world = await openWorld();

    await assert.rejects(world.connect({ password: "wrong" }), { code: "390100" });
  });

  it("takes a key pair, an OAuth token and an access token", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    await using world = await openWorld({
      logins: [
        { user: "ROBOT", roles: ["LOADER"], credential: { kind: "key-pair", publicKey } },
        { user: "APP", roles: ["LOADER"], credential: { kind: "oauth", token: "o-token" } },
        { user: "PAT", roles: ["READER"], credential: { kind: "access-token", token: "p-token" } },
      ],
    });

    await using robot = await world.connect({
      username: "robot",
      authenticator: "SNOWFLAKE_JWT",
      privateKey,
    });
    await using app = await world.connect({
      username: "app",
      authenticator: "OAUTH",
      token: "o-token",
    });
    await using pat = await world.connect({
      username: "pat",
      authenticator: "PROGRAMMATIC_ACCESS_TOKEN",
      token: "p-token",
    });

    const who = "SELECT CURRENT_USER() AS U, CURRENT_ROLE() AS R";
    assert.deepEqual(await robot.query(who), [{ U: "ROBOT", R: "LOADER" }]);
    assert.deepEqual(await app.query(who), [{ U: "APP", R: "LOADER" }]);
    assert.deepEqual(await pat.query(who), [{ U: "PAT", R: "READER" }]);
    await assert.rejects(
      world.connect({
        username: "pat",
        authenticator: "PROGRAMMATIC_ACCESS_TOKEN",
        token: "stolen",
      }),
      { code: "394400" },
    );
  });

  it("starts with the role, names and parameters that were asked for", async () => {
    await using world = await openWorld();
    await using client = await world.connect({
      role: "loader",
      schema: "staged",
      warehouse: "big",
      queryTag: "run-1",
    });

    assert.deepEqual(
      await client.query(
        "SELECT CURRENT_SCHEMA() AS S, CURRENT_WAREHOUSE() AS W, CURRENT_ROLE() AS R",
      ),
      [{ S: "STAGED", W: "BIG", R: "LOADER" }],
    );
    assert.deepEqual(await client.query("SHOW PARAMETERS LIKE 'query_tag'"), [
      { key: "QUERY_TAG", value: "run-1" },
    ]);
    await assert.rejects(world.connect({ role: "SYSADMIN" }), { code: "390189" });
  });

  it("is over when the session is destroyed", async () => {
    await using world = await openWorld();
    const client = await world.connect();

    assert.equal(await client.connection.isValidAsync(), true);
    await client[Symbol.asyncDispose]();

    await assert.rejects(client.query("SELECT 1"));
  });
});

describe("the protocol", () => {
  it("takes gzipped bodies and answers unknown routes with 404 (8b.5)", async () => {
    await using world = await openWorld();
    const body = {
      data: { LOGIN_NAME: "dadosfera", PASSWORD: "dadosfera", AUTHENTICATOR: "SNOWFLAKE" },
    };

    const answer = await fetch(`${world.url}/session/v1/login-request?request_id=1`, {
      method: "POST",
      headers: { "content-encoding": "gzip" },
      body: gzipSync(JSON.stringify(body)),
    });
    const unknown = await fetch(`${world.url}/nothing`);

    const { data, success } = (await answer.json()) as {
      data: { token: unknown; masterToken: unknown; sessionId: unknown };
      success: boolean;
    };
    assert.equal(success, true);
    assert.deepEqual(
      [typeof data.token, typeof data.masterToken, typeof data.sessionId],
      ["string", "string", "number"],
    );
    assert.equal(unknown.status, 404);
  });

  it("gives a result once more by its query id, and its status", async () => {
    await using world = await openWorld();
    await using client = await world.connect();
    const statement = await client.describe("SELECT 1");
    const queryId = statement.getQueryId();

    assert.match(queryId, /^[0-9a-f-]{36}$/);
    assert.equal(await client.connection.getQueryStatus(queryId), "SUCCESS");
  });

  it("cancels a running statement: 000604", async () => {
    await using world = await openWorld();
    await using client = await world.connect();
    world.warehouse.faults.on(({ sql }) =>
      sql === "SELECT 1" ? { kind: "delay", ms: 60_000 } : { kind: "none" },
    );

    const cancelled = new Promise((_, reject) => {
      const statement = client.connection.execute({
        sqlText: "SELECT 1",
        complete: (error) => reject(error),
      });
      void untilHeard(world.warehouse, 1).then(() => statement.cancel(() => undefined));
    });

    await assert.rejects(cancelled, { code: "000604" });
  });

  it("ends a statement that runs over STATEMENT_TIMEOUT_IN_SECONDS: 000630", async () => {
    await using world = await openWorld();
    await using client = await world.connect();
    await client.query("ALTER SESSION SET STATEMENT_TIMEOUT_IN_SECONDS = 1");
    world.warehouse.faults.on(() => ({ kind: "delay", ms: 60_000 }));

    await assert.rejects(client.query("SELECT 1"), { code: "000630" });
  });

  it("knows sessions apart, and hears each statement once", async () => {
    await using world = await openWorld();
    await using one = await world.connect();
    await using other = await world.connect();

    await one.query("SELECT 1");
    await other.query("SELECT 2");

    const { statements } = world.warehouse;
    assert.deepEqual(
      statements.map(({ sql, user }) => [sql, user]),
      [
        ["SELECT 1", "DADOSFERA"],
        ["SELECT 2", "DADOSFERA"],
      ],
    );
    assert.notEqual(statements[0]?.session, statements[1]?.session);
  });
});
