import assert from "node:assert/strict";
import { asked, emulatorWithHasura } from "../../support/hasura.js";

const STUDENTS =
  "CREATE TABLE students (id serial PRIMARY KEY, name text NOT NULL, score text NOT NULL);" +
  "INSERT INTO students (name, score) VALUES ('Ana', '007'), ('Bia', '1e1')";

describe("Hasura in the emulator", function () {
  this.timeout(30_000);
  const world = emulatorWithHasura();
  const sql = (text: string, args = {}) =>
    asked(world.emulator.hasura.url, "/v2/query", "run_sql", { sql: text, ...args });

  it("answers the rows of the last statement as text, the column names first", async () => {
    await sql(STUDENTS);

    const { status, body } = await sql("SELECT 1; SELECT id, score, NULL AS void FROM students");

    assert.equal(status, 200);
    assert.deepEqual(body, {
      result_type: "TuplesOk",
      result: [
        ["id", "score", "void"],
        ["1", "007", "NULL"],
        ["2", "1e1", "NULL"],
      ],
    });
  });

  it("answers CommandOk where the last statement has no rows", async () => {
    const { body } = await sql("SELECT 1; CREATE TABLE t (a int)");

    assert.deepEqual(body, { result_type: "CommandOk", result: null });
  });

  it("refuses a text of comments only, as EmptyQuery", async () => {
    const { status, body } = await sql("-- Could not auto-generate a down migration.\n");

    assert.equal(status, 400);
    assert.deepEqual(body, {
      path: "$.args",
      error: "query execution failed",
      code: "postgres-error",
      internal: {
        statement: "-- Could not auto-generate a down migration.\n",
        prepared: false,
        arguments: [],
        error: {
          exec_status: "EmptyQuery",
          message: null,
          status_code: null,
          description: null,
          hint: null,
        },
      },
    });
  });

  it("runs a request in one transaction: a later error undoes what came before", async () => {
    const failed = await sql("CREATE TABLE t (a int); SELECT nothing");

    const { body } = await sql("SELECT to_regclass('t') IS NULL AS gone");

    assert.equal(failed.status, 400);
    assert.deepEqual(body, { result_type: "TuplesOk", result: [["gone"], ["t"]] });
  });

  it("says with SQLSTATE, message and detail what PostgreSQL refused", async () => {
    await sql(STUDENTS);

    const { body } = await sql("INSERT INTO students (id, name, score) VALUES (1, 'Caio', '5')");

    assert.partialDeepStrictEqual(body, {
      internal: {
        error: {
          exec_status: "FatalError",
          message: 'duplicate key value violates unique constraint "students_pkey"',
          status_code: "23505",
          description: "Key (id)=(1) already exists.",
          hint: null,
        },
      },
    });
  });

  it("builds no index concurrently, unless no transaction is asked for", async () => {
    await sql(STUDENTS);
    const build = "CREATE INDEX CONCURRENTLY by_name ON students (name)";

    const inside = await sql(build);
    const outside = await sql(build, { no_transaction: true });

    assert.partialDeepStrictEqual(inside.body, { internal: { error: { status_code: "25001" } } });
    assert.equal(outside.status, 200);
  });

  it("keeps no setting and no transaction of one request for the next", async () => {
    const before = await sql("SHOW search_path");
    await sql("SET search_path = pg_catalog; BEGIN", { no_transaction: true });

    const after = await sql("SHOW search_path");

    assert.deepEqual(after, before);
  });

  it("refuses a wrong secret, and none", async () => {
    const { url } = world.emulator.hasura;

    const wrong = await asked(
      url,
      "/v2/query",
      "run_sql",
      { sql: "SELECT 1" },
      { "x-hasura-admin-secret": "guess" },
    );
    const none = await asked(url, "/v1/metadata", "export_metadata", {}, {});

    assert.deepEqual([wrong.status, none.status], [401, 401]);
    assert.partialDeepStrictEqual(wrong.body, { path: "$", code: "access-denied" });
  });

  it("refuses a source that it does not have", async () => {
    const { status, body } = await sql("SELECT 1", { source: "sales" });

    assert.equal(status, 400);
    assert.deepEqual(body, {
      path: "$.args",
      error: 'source with name "sales" does not exist',
      code: "not-exists",
    });
  });

  it("does what a bulk holds in order, up to the first refusal", async () => {
    const { status } = await asked(world.emulator.hasura.url, "/v2/query", "bulk", [
      { type: "run_sql", args: { sql: "CREATE TABLE one (a int)" } },
      { type: "run_sql", args: { sql: "" } },
      { type: "run_sql", args: { sql: "CREATE TABLE two (a int)" } },
    ]);

    const [found] = await world.emulator.hasura.query(
      "SELECT to_regclass('one') AS one, to_regclass('two') AS two",
    );
    assert.equal(status, 400);
    assert.deepEqual(found, { one: "one", two: null });
  });

  it("answers many requests at a time", async () => {
    await sql("CREATE TABLE t (a int)");

    await Promise.all(Array.from({ length: 20 }, (_, a) => sql(`INSERT INTO t VALUES (${a})`)));

    const [counted] = await world.emulator.hasura.query("SELECT count(*) AS rows FROM t");
    assert.deepEqual(counted, { rows: "20" });
  });

  it("tells its version and its health to anybody", async () => {
    const { url } = world.emulator.hasura;

    const version = await fetch(`${url}/v1/version`);
    const health = await fetch(`${url}/healthz`);

    assert.match(((await version.json()) as { version: string }).version, /^v2\.\d+\.\d+$/);
    assert.equal(await health.text(), "OK");
  });

  it("does not do a request that is lost on the way, and has done one whose answer is lost", async () => {
    const { faults, query } = world.emulator.hasura;
    faults.once("POST", "/v2/query", { kind: "drop-before" });
    await assert.rejects(sql("CREATE TABLE before (a int)"));
    faults.once("POST", "/v2/query", { kind: "drop-after" });
    await assert.rejects(sql("CREATE TABLE after (a int)"));

    const found = await query(
      "SELECT to_regclass('before') AS before, to_regclass('after') AS after",
    );

    assert.deepEqual(found, [{ before: null, after: "after" }]);
  });
});
