import assert from "node:assert/strict";
import type { TransactionTraits } from "#src/domain/transaction-traits.js";
import { parseStatements } from "#src/hasura/sql/statements.js";
import { transactionTraits } from "#src/hasura/sql/transaction-traits.js";

describe("a file that must have its transaction to itself", () => {
  const alone = [
    "-- hasura:no-transaction\nSELECT 1;",
    "  -- hasura:no-transaction  \r\nSELECT 1;",
    "BEGIN; SELECT 1; COMMIT;",
    "ROLLBACK;",
    "CREATE INDEX CONCURRENTLY i ON a (b);",
    "DROP INDEX CONCURRENTLY i;",
    "REINDEX TABLE CONCURRENTLY a;",
    "REINDEX SCHEMA s;",
    "ALTER TABLE a DETACH PARTITION p CONCURRENTLY;",
    "VACUUM a;",
    "CREATE DATABASE d;",
    "ALTER SYSTEM SET work_mem = '1MB';",
    "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;",
    "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY;",
    "SET client_encoding = 'LATIN1';",
    "SELECT set_config(name, 'x', false) FROM s;",
    "DO $$ BEGIN PERFORM set_config('search_path', 's', false); END $$;",
    "DO $$ BEGIN SET search_path TO s; END $$;",
    "SET LOCAL myapp.actor = 'x';",
    "SET CONSTRAINTS ALL DEFERRED;",
    "CREATE TEMP TABLE t (a int) ON COMMIT DROP;",
    "CREATE TABLE pg_temp.t (a int);",
    "SELECT 1 INTO TEMP t;",
    "CREATE TEMP VIEW v AS SELECT 1;",
    "PREPARE p AS SELECT 1;",
    "LISTEN c;",
    "DISCARD ALL;",
  ];
  for (const sql of alone) {
    it(`says why: ${sql.trim().split("\n", 1)[0]}`, async () => {
      const { alone: reasons } = await traitsOf(sql);

      assert.notDeepEqual(reasons, []);
    });
  }

  const together = [
    "SELECT 1;\n-- hasura:no-transaction",
    "CREATE INDEX i ON a (b);",
    "REINDEX TABLE a;",
    "ANALYZE a;",
    "SAVEPOINT s; RELEASE s;",
    "DO $$ BEGIN UPDATE a SET b = 1; END $$;",
    "CREATE FUNCTION f() RETURNS void LANGUAGE sql SET search_path = s AS 'SELECT 1';",
    "CREATE VIEW v AS SELECT set_config('a.b', 'c', false);",
    "LOCK TABLE a;",
    "ALTER TABLE a DETACH PARTITION p;",
    "REFRESH MATERIALIZED VIEW CONCURRENTLY v;",
  ];
  for (const sql of together) {
    it(`is not: ${sql.split("\n", 1)[0]}`, async () => {
      const { alone: reasons } = await traitsOf(sql);

      assert.deepEqual(reasons, []);
    });
  }

  it("says the line and the reason", async () => {
    const { alone: reasons } = await traitsOf("SELECT 1;\n\nCREATE INDEX CONCURRENTLY i ON a (b);");

    assert.deepEqual(reasons, [
      {
        line: 3,
        words: "CREATE INDEX CONCURRENTLY cannot run in a transaction with anything else",
      },
    ]);
  });
});

describe("settings that a file changes", () => {
  it("are named, whether for the session, for the transaction or by set_config", async () => {
    const sql = `SET search_path TO s; SET LOCAL check_function_bodies = off; SET ROLE r; SET TIME ZONE 'UTC';
      SET SESSION AUTHORIZATION r; SELECT pg_catalog.set_config('Work_Mem', '9', true); SET search_path TO t;`;

    const { settings } = await traitsOf(sql);

    assert.deepEqual(settings, [
      "search_path",
      "check_function_bodies",
      "role",
      "timezone",
      "session_authorization",
      "work_mem",
    ]);
  });

  it("are not those it resets", async () => {
    const { settings } = await traitsOf("RESET ALL; RESET role; SET search_path TO DEFAULT;");

    assert.deepEqual(settings, []);
  });
});

describe("what a file does to types, rows and checks", () => {
  it("tells added values of an enum from renamed ones", async () => {
    const sql = "ALTER TYPE public.mood ADD VALUE 'x'; ALTER TYPE s.m RENAME VALUE 'a' TO 'b';";

    const { addedValues } = await traitsOf(sql);

    assert.deepEqual(addedValues, [{ line: 1, type: "mood", value: "x" }]);
  });

  it("finds tables with checks that wait, on both ends of a foreign key", async () => {
    const deferred = async (sql: string) => (await traitsOf(sql)).deferredTables;

    assert.deepEqual(
      await deferred("CREATE TABLE a (b int REFERENCES s.b DEFERRABLE INITIALLY DEFERRED)"),
      ["a", "s.b"],
    );
    assert.deepEqual(
      await deferred("ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b INITIALLY DEFERRED"),
      ["a", "b"],
    );
    assert.deepEqual(
      await deferred(
        "CREATE CONSTRAINT TRIGGER t AFTER INSERT ON a DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION f()",
      ),
      ["a"],
    );
    assert.deepEqual(await deferred("CREATE TABLE a (b int REFERENCES b DEFERRABLE)"), []);
  });

  it("knows what may change rows, and whose definition changes", async () => {
    const rows = async (sql: string) => (await traitsOf(sql)).changesRows;

    assert.deepEqual(
      await Promise.all(
        [
          "UPDATE a SET b = 1",
          "SELECT f()",
          "WITH q AS (DELETE FROM a RETURNING 1) SELECT 1",
          "DO ''",
          "EXPLAIN ANALYZE DELETE FROM a",
        ].map(rows),
      ),
      [true, true, true, true, true],
    );
    assert.equal(await rows("SELECT 1; ALTER TABLE a ADD b int"), false);
    assert.deepEqual((await traitsOf("UPDATE a SET b = 1; DROP TABLE c")).alteredTables, ["c"]);
  });

  it("knows a file without statements, and one whose end is open", async () => {
    const empty = await traitsOf("-- nothing\n");
    const open = await traitsOf("SELECT 1 -- end");

    assert.deepEqual([empty.isEmpty, empty.isOpen], [true, false]);
    assert.deepEqual([open.isEmpty, open.isOpen], [false, true]);
  });
});

async function traitsOf(sql: string): Promise<TransactionTraits> {
  const { statements, error } = await parseStatements(sql);
  assert.equal(error, undefined);
  return transactionTraits(sql, statements ?? []);
}
