import assert from "node:assert/strict";
import type { DadosferaError } from "#src/domain/errors.js";
import { HasuraClient } from "#src/hasura/api/client.js";
import { asked, emulatorWithHasura, troubleOf } from "../support/hasura.js";
import { type Reaction, startHostileServer } from "../support/hostile-server.js";

const SECRET = "emulated-hasura";
const quick = { attempts: 3, firstBackOffMs: 1 };
const about = { source: "default", intent: "run migration 7_score" };

describe("the door to Hasura", function () {
  this.timeout(30_000);
  const world = emulatorWithHasura();
  const open = (adminSecret = SECRET) =>
    new HasuraClient({ endpoint: `${world.emulator.hasura.url}/`, adminSecret, ...quick });

  it("runs a migration as Hasura's CLI does: whole, and without a look at metadata", async () => {
    const sql = "CREATE TABLE t (a int); INSERT INTO t VALUES (1)";

    await open().runSql(sql, about);

    const request = world.emulator.hasura.requests.at(-1);
    assert.deepEqual(request?.body, {
      type: "run_sql",
      args: { sql, source: "default", check_metadata_consistency: false },
    });
    assert.deepEqual(await world.emulator.hasura.query("SELECT a FROM t"), [{ a: "1" }]);
  });

  it("tells null from the text NULL in rows", async () => {
    const rows = await open().queryRows("SELECT 'NULL' AS a, NULL::text AS b, 'ç' AS c", about);

    assert.deepEqual(rows, [{ a: "NULL", b: null, c: "ç" }]);
  });

  it("answers no rows for a query that finds none", async () => {
    assert.deepEqual(await open().queryRows("SELECT 'a' AS a WHERE false", about), []);
  });

  it("says in three lines what PostgreSQL refused", async () => {
    const { message, code } = await troubleOf(open().runSql("SELECT 1;\nSELEC", about));

    assert.equal(code, "HASURA_REFUSED");
    assert.equal(
      message,
      `Could not run migration 7_score: Hasura at ${world.emulator.hasura.url} answered 400 (syntax error at or near "SELEC" [42601]).\n` +
        "Nothing was changed.\n" +
        "Correct what the answer names, then run the same command again.",
    );
  });

  it("says that a text of comments holds no statement", async () => {
    const { happened } = await troubleOf(open().runSql("-- nothing", about));

    assert.match(happened, /the text holds no statement/);
  });

  it("names the variable to check for a wrong secret, and never the secret", async () => {
    const { message, code } = await troubleOf(open("gu3ss-of-mine").readCliState());

    assert.equal(code, "HASURA_UNAUTHORIZED");
    assert.match(message, /HASURA_GRAPHQL_ADMIN_SECRET/);
    assert.doesNotMatch(message, /gu3ss/);
  });

  it("lists the tracked tables of a source, and knows a source that is not there", async () => {
    await world.emulator.hasura.query("CREATE TABLE students (id int)");
    await asked(world.emulator.hasura.url, "/v1/metadata", "pg_track_table", { table: "students" });

    const tracked = await open().trackedTables("default");
    const unknown = await open().trackedTables("sales");

    assert.deepEqual(tracked, [{ schema: "public", name: "students" }]);
    assert.equal(unknown, undefined);
  });

  it("hears of inconsistent metadata once it was reloaded", async () => {
    await world.emulator.hasura.query("CREATE TABLE students (id int)");
    await asked(world.emulator.hasura.url, "/v1/metadata", "pg_track_table", { table: "students" });
    await open().runSql("DROP TABLE students", about);

    const before = await open().inconsistencies();
    await open().reloadMetadata();
    const after = await open().inconsistencies();

    assert.deepEqual(before, []);
    assert.deepEqual(after, [
      'table students in source default: Inconsistent object: no such table/view exists in source: "students"',
    ]);
  });

  it("does not repeat a migration whose answer was lost, and says that nobody knows", async () => {
    world.emulator.hasura.faults.once("POST", "/v2/query", { kind: "drop-after" });
    const seen = world.emulator.hasura.requests.length;

    const { code, now } = await troubleOf(open().runSql("CREATE TABLE t (a int)", about));

    assert.equal(code, "HASURA_OUTCOME_UNKNOWN");
    assert.equal(now, "It is not known whether Hasura did it.");
    assert.equal(world.emulator.hasura.requests.length, seen + 1);
  });

  it("repeats a read whose answer was lost", async () => {
    world.emulator.hasura.faults.once("POST", "/v1/metadata", { kind: "drop-after" });

    assert.deepEqual(await open().readCliState(), {});
  });
});

describe("the door to a server that is no Hasura, or a poor one", () => {
  const reactions: readonly (readonly [
    string,
    Reaction,
    DadosferaError["code"],
    DadosferaError["code"],
  ])[] = [
    [
      "a page of HTML",
      { kind: "html", status: 200, html: "<p>console</p>" },
      "HASURA_ANSWER_UNREADABLE",
      "HASURA_OUTCOME_UNKNOWN",
    ],
    [
      "a page that is not found",
      { kind: "html", status: 404, html: "<p>no</p>" },
      "HASURA_ANSWER_UNREADABLE",
      "HASURA_ANSWER_UNREADABLE",
    ],
    [
      "a gateway's 502",
      { kind: "html", status: 502, html: "<p>bad</p>" },
      "HASURA_UNAVAILABLE",
      "HASURA_OUTCOME_UNKNOWN",
    ],
    ["too many requests", { kind: "too-many" }, "HASURA_UNAVAILABLE", "HASURA_UNAVAILABLE"],
    [
      "half a body",
      { kind: "half-body", body: { cli_state: {} } },
      "HASURA_ANSWER_UNREADABLE",
      "HASURA_OUTCOME_UNKNOWN",
    ],
    [
      "a closed connection",
      { kind: "close-during" },
      "HASURA_UNAVAILABLE",
      "HASURA_OUTCOME_UNKNOWN",
    ],
    ["nothing at all", { kind: "close-before" }, "HASURA_UNAVAILABLE", "HASURA_OUTCOME_UNKNOWN"],
  ];
  for (const [name, reaction, ofRead, ofEffect] of reactions) {
    it(`tells ${name} of a read from that of an effect`, async () => {
      await using server = await startHostileServer(() => reaction);
      const client = new HasuraClient({ endpoint: server.url, adminSecret: SECRET, ...quick });

      const read = await troubleOf(client.readCliState());
      const effect = await troubleOf(client.runSql("SELECT 1", about));

      assert.deepEqual([read.code, effect.code], [ofRead, ofEffect]);
    });
  }

  it("says that nothing was changed where no connection was made", async () => {
    const client = new HasuraClient({
      endpoint: "http://127.0.0.1:9",
      adminSecret: SECRET,
      ...quick,
    });

    const { code, now } = await troubleOf(client.runSql("SELECT 1", about));

    assert.equal(code, "HASURA_UNAVAILABLE");
    assert.equal(now, "Nothing was changed.");
  });

  it("takes the secret out of what the server echoes", async () => {
    const body = { path: "$", error: `no rights for ${SECRET}`, code: "unexpected" };
    await using server = await startHostileServer(() => ({ kind: "answer", status: 400, body }));
    const client = new HasuraClient({ endpoint: server.url, adminSecret: SECRET, ...quick });

    const { message } = await troubleOf(client.readCliState());

    assert.match(message, /no rights for \[withheld\]/);
  });
});
