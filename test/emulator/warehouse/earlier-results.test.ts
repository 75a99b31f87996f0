import assert from "node:assert/strict";
import { openWorld } from "./driver.js";
import { WireClient } from "./wire.js";

describe("a query that runs by itself", () => {
  it("is answered with its query id at once, and its result comes when it has ended", async () => {
    await using world = await openWorld();
    const wire = new WireClient(world.url);
    await wire.logIn();
    await wire.query("CREATE TABLE T AS SELECT 1 AS ID");
    const holder = new WireClient(world.url);
    await holder.logIn();
    await holder.query("BEGIN");
    await holder.query("DELETE FROM T WHERE ID = 9");

    const sent = await wire.query("DELETE FROM T", { asyncExec: true });
    const queryId = String(sent.data["queryId"]);
    const waiting = await wire.get(`/monitoring/queries/${queryId}`);
    await holder.query("COMMIT");
    const result = await wire.get(`/queries/${queryId}/result`);
    const done = await wire.get(`/monitoring/queries//${queryId}`);

    assert.deepEqual([sent.code, sent.success], ["333334", true]);
    assert.equal(sent.data["getResultUrl"], `/queries/${queryId}/result`);
    assert.deepEqual(waiting.data["queries"], [{ id: queryId, status: "RUNNING" }]);
    assert.deepEqual(result.data["rowset"], [["1"]]);
    assert.deepEqual(done.data["queries"], [{ id: queryId, status: "SUCCESS" }]);
  });

  it("tells its refusal to whoever asks for its status or its result", async () => {
    await using world = await openWorld();
    const wire = new WireClient(world.url);
    await wire.logIn();

    const { data } = await wire.query("SELECT 1 / 0", { asyncExec: true });
    const result = await wire.get(`/queries/${String(data["queryId"])}/result`);
    const { data: status } = await wire.get(`/monitoring/queries/${String(data["queryId"])}`);

    assert.equal(result.code, "100051");
    assert.deepEqual(status["queries"], [
      {
        id: data["queryId"],
        status: "FAILED_WITH_ERROR",
        errorCode: "100051",
        errorMessage: "Division by zero",
      },
    ]);
  });

  it("is nobody else's to ask about: 000709", async () => {
    const credential = { kind: "password", password: "dadosfera" } as const;
    await using world = await openWorld({
      logins: ["DADOSFERA", "OTHER"].map((user) => ({ user, roles: ["LOADER"], credential })),
    });
    const [mine, other] = [new WireClient(world.url), new WireClient(world.url)];
    await mine.logIn();
    await other.logIn("", { LOGIN_NAME: "OTHER" });

    const { data } = await mine.query("SELECT 'secret'");
    const queryId = String(data["queryId"]);

    assert.equal((await other.get(`/queries/${queryId}/result`)).code, "000709");
    assert.equal(
      (await other.query(`SELECT * FROM TABLE(RESULT_SCAN('${queryId}'))`)).code,
      "000709",
    );
  });
});

describe("RESULT_SCAN", () => {
  it("brings an earlier result with its names, types and nulls, in another session too", async () => {
    await using world = await openWorld();
    await using client = await world.connect();
    await using other = await world.connect();
    const types = `1.50::NUMBER(5,2) AS N, 1.5::FLOAT AS F, TRUE AS B, '2026-01-02'::DATE AS D, '10:11:12.5'::TIME AS T,
      '2026-01-02 03:04:05.678901'::TIMESTAMP_NTZ AS Z, '2026-01-02 03:04:05 +00:00'::TIMESTAMP_LTZ AS L,
      PARSE_JSON('{"a": "it''s"}') AS V, 'it''s' AS "s", X'00FF' AS X, NULL AS "null"`;
    const rows = await client.query(`SELECT ${types} UNION ALL SELECT ${"NULL, ".repeat(10)}NULL`);

    const [last] = await client.query("SELECT LAST_QUERY_ID() AS ID");
    const again = await other.query("SELECT * FROM TABLE(RESULT_SCAN(?)) AS R", [
      String(last?.["ID"]),
    ]);

    assert.deepEqual(JSON.stringify(again), JSON.stringify(rows));
    assert.equal(again.length, 2);
  });

  it("reads what SHOW brought, and a result without rows", async () => {
    await using world = await openWorld();
    await using client = await world.connect();
    await client.query("CREATE TABLE T (ID NUMBER)");

    await client.query("SHOW TABLES");
    const shown = await client.query(
      'SELECT "name", "rows" + 1 AS MORE FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))',
    );
    await client.query("SELECT ID FROM T");
    const none = await client.query("SELECT * FROM TABLE(RESULT_SCAN(LAST_QUERY_ID(-1)))");

    assert.deepEqual([shown, none], [[{ name: "T", MORE: 1 }], []]);
  });

  it("refuses a query that there was not: 000709", async () => {
    await using world = await openWorld();
    await using client = await world.connect();

    await assert.rejects(client.query("SELECT * FROM TABLE(RESULT_SCAN('nothing'))"), {
      code: "000709",
    });
  });
});
