import assert from "node:assert/strict";
import { openWorld } from "./driver.js";
import { WireClient } from "./wire.js";

describe("what three official drivers need of the warehouse", () => {
  it("JSON rows, also where a session parameter asks for Arrow (8b.1)", async () => {
    await using world = await openWorld();
    const wire = new WireClient(world.url);
    await wire.logIn("", {
      SESSION_PARAMETERS: { PYTHON_CONNECTOR_QUERY_RESULT_FORMAT: "ARROW" },
    });

    const { data } = await wire.query("SELECT 1", {
      parameters: { PYTHON_CONNECTOR_QUERY_RESULT_FORMAT: "ARROW_FORCE" },
    });

    assert.equal(data["queryResultFormat"], "json");
    assert.deepEqual(data["rowset"], [["1"]]);
  });

  it("a login's token, master token and session id (8b.2)", async () => {
    await using world = await openWorld();

    const { data } = await new WireClient(world.url).logIn();

    assert.equal(typeof data["token"], "string");
    assert.equal(typeof data["masterToken"], "string");
    assert.equal(typeof data["sessionId"], "number");
  });

  it("every key of a result, also where it is null, and as many rows as total says (8b.3)", async () => {
    await using world = await openWorld();
    const wire = new WireClient(world.url);
    await wire.logIn();

    const { data } = await wire.query("SELECT COLUMN1 AS N FROM VALUES (TRUE), (FALSE)");

    const [column] = data["rowtype"] as readonly Record<string, unknown>[];
    const { precision, scale, length, byteLength } = column ?? {};
    assert.deepEqual(
      { precision, scale, length, byteLength },
      { precision: null, scale: null, length: null, byteLength: null },
    );
    assert.equal(column?.["nullable"], true);
    assert.deepEqual([data["total"], data["returned"], data["statementTypeId"]], [2, 2, 0x1000]);
  });

  it("statement types by which rows changed are counted (8b.3)", async () => {
    await using world = await openWorld();
    const wire = new WireClient(world.url);
    await wire.logIn();
    const typeOf = async (sql: string) => (await wire.query(sql)).data["statementTypeId"];

    assert.ok(Number(await typeOf("CREATE TABLE T (ID NUMBER)")) >= 0x6000);
    assert.equal(await typeOf("INSERT INTO T VALUES (1)"), 0x3100);
    assert.equal(await typeOf("UPDATE T SET ID = 2"), 0x3200);
    assert.equal(await typeOf("DELETE FROM T"), 0x3300);
    assert.equal(
      await typeOf("MERGE INTO T USING T S ON T.ID = S.ID WHEN MATCHED THEN DELETE"),
      0x3400,
    );
    assert.equal(await typeOf("SHOW TABLES"), 0x4400);
  });

  it("a result once more, by its query id (8b.3)", async () => {
    await using world = await openWorld();
    const wire = new WireClient(world.url);
    await wire.logIn();
    const first = await wire.query("SELECT 'a' AS A");

    const again = await wire.get(`/queries/${String(first.data["queryId"])}/result`);

    assert.deepEqual(again, first);
  });

  it("an error's number at the top and its state in the data (8b.4)", async () => {
    await using world = await openWorld();
    const wire = new WireClient(world.url);
    await wire.logIn();

    const refused = await wire.query("SELECT * FROM NOBODY");
    const stranger = await wire.logIn("", { PASSWORD: "wrong" });

    assert.deepEqual(
      [refused.success, refused.code, refused.data["sqlState"]],
      [false, "002003", "42S02"],
    );
    assert.match(String(refused.data["queryId"]), /^[0-9a-f-]{36}$/);
    assert.deepEqual([stranger.success, stranger.code], [false, "390100"]);
  });

  for (const query of ["", "?request_id=1", "?requestId=1"]) {
    it(`a login whose request id is spelt "${query}" (8b.5)`, async () => {
      await using world = await openWorld();

      assert.equal((await new WireClient(world.url).logIn(query)).success, true);
    });
  }

  it("gzipped bodies, telemetry, and a password that comes with a push (8b.5)", async () => {
    await using world = await openWorld();
    const wire = new WireClient(world.url);

    const login = await wire.logIn("", { EXT_AUTHN_DUO_METHOD: "push" });
    const zipped = await wire.post("/queries/v1/query-request", { sqlText: "SELECT 1" }, true);
    const telemetry = await wire.post("/telemetry/send", { logs: [] }, true);

    assert.deepEqual([login.success, zipped.success, telemetry.success], [true, true, true]);
  });

  it("binds of a datetime in nanoseconds, of true as text, and of bytes and times (8b.5)", async () => {
    await using world = await openWorld();
    const wire = new WireClient(world.url);
    await wire.logIn();

    const { data } = await wire.query("SELECT ?, ?, ?, ?", {
      bindings: {
        1: { type: "TIMESTAMP_NTZ", value: "1767323045678901000" },
        2: { type: "BOOLEAN", value: "true" },
        3: { type: "BINARY", value: "00ff" },
        4: { type: "TIME", value: "3723000004000" },
      },
    });

    assert.deepEqual(data["rowset"], [["1767323045.678901000", "1", "00FF", "3723.000004000"]]);
  });

  it("binds of a list for each column, one row for each place in it (8b.5)", async () => {
    await using world = await openWorld();
    await using client = await world.connect();
    const wire = new WireClient(world.url);
    await wire.logIn();
    await wire.query("CREATE TABLE T (ID NUMBER, DAY DATE, V VARIANT)");
    const bindings = {
      1: { type: "FIXED", value: ["1", "2"] },
      2: { type: "TEXT", value: [null, "1767225600000"] },
    };

    const values = await wire.query("INSERT INTO T (ID, DAY) VALUES (?, ?)", { bindings });
    const selected = await wire.query("INSERT INTO T SELECT ? + 10, NULL, PARSE_JSON(:1)", {
      bindings,
    });
    const elsewhere = await wire.query("SELECT ?", { bindings });

    assert.deepEqual([values.data["rowset"], selected.data["rowset"]], [[["2"]], [["2"]]]);
    assert.deepEqual(await client.query("SELECT ID, TO_VARCHAR(DAY) AS DAY FROM T ORDER BY ID"), [
      { ID: 1, DAY: null },
      { ID: 2, DAY: "2026-01-01" },
      { ID: 11, DAY: null },
      { ID: 12, DAY: null },
    ]);
    assert.equal(elsewhere.code, "001003");
  });

  it("a description before there are values, which says where lists may be bound", async () => {
    await using world = await openWorld();
    const wire = new WireClient(world.url);
    await wire.logIn();
    await wire.query("CREATE TABLE T (ID NUMBER NOT NULL, SEEN TIMESTAMP_NTZ(3))");

    const insert = await wire.query("INSERT INTO T (ID) VALUES (?)", { describeOnly: true });
    const select = await wire.query("SELECT * FROM T WHERE ID = ?", { describeOnly: true });

    assert.equal(insert.data["arrayBindSupported"], true);
    assert.equal(select.data["arrayBindSupported"], false);
    assert.deepEqual(
      (select.data["rowtype"] as readonly Record<string, unknown>[]).map(
        ({ name, precision, scale, nullable }) => [name, precision, scale, nullable],
      ),
      [
        ["ID", 38, 0, false],
        ["SEEN", 0, 3, true],
      ],
    );
  });
});

describe("the driver for Node", () => {
  it("has no count of a DELETE that it only described: asked for it, it throws 400001 (8b.6)", async () => {
    await using world = await openWorld();
    await using client = await world.connect();
    await client.query("CREATE TABLE T (ID NUMBER)");

    const statement = await client.describe("DELETE FROM T");

    assert.throws(() => statement.getNumUpdatedRows(), { code: 400001 });
  });

  it("rounds whole numbers above 2^53, unless it brings them as text (8b.6)", async () => {
    await using world = await openWorld();
    await using client = await world.connect();

    const [row] = await client.query(
      "SELECT 9007199254740993 AS N, 9007199254740993::VARCHAR AS S",
    );

    assert.deepEqual(row, { N: 9_007_199_254_740_992, S: "9007199254740993" });
  });
});
