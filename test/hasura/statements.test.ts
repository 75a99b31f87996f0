import assert from "node:assert/strict";
import fc from "fast-check";
import { parseStatements, type Statement, syntaxTrouble } from "#src/hasura/sql/statements.js";

describe("the statements of a file", () => {
  it("are cut by characters, not by bytes", async () => {
    const sql = "-- situação 👍\nSELECT 'é' ;\n\n/* x */ UPDATE s SET a = '👍é';\n-- end\n";

    const statements = await parsed(sql);

    assert.deepEqual(
      statements.map(({ text, line, kind }) => [text, line, kind]),
      [
        ["SELECT 'é'", 2, "SelectStmt"],
        ["UPDATE s SET a = '👍é'", 4, "UpdateStmt"],
      ],
    );
    for (const { text, start, end } of statements) assert.equal(sql.slice(start, end), text);
  });

  it("say which one no semicolon ends", async () => {
    const closed = async (sql: string) => (await parsed(sql)).map(({ isClosed }) => isClosed);

    assert.deepEqual(await closed("SELECT 1; SELECT 2"), [true, false]);
    assert.deepEqual(await closed("SELECT 1; SELECT 2; -- end"), [true, true]);
    assert.deepEqual(await closed("SELECT ';' -- end;"), [false]);
  });

  it("name the tables they touch, each once, and not what they make by WITH", async () => {
    const touched = async (sql: string) => (await parsed(sql)).flatMap(({ touches }) => touches);

    assert.deepEqual(
      await touched(
        "WITH q AS (SELECT * FROM s.a JOIN public.b USING (id)) INSERT INTO b SELECT * FROM q",
      ),
      ["b", "s.a"],
    );
    assert.deepEqual(await touched("DROP TABLE a, s.b CASCADE"), ["a", "s.b"]);
    assert.deepEqual(await touched("DROP TRIGGER t ON s.a"), ["s.a"]);
    assert.deepEqual(await touched("COMMENT ON COLUMN s.a.c IS 'x'"), ["s.a"]);
    assert.deepEqual(await touched("ALTER TABLE students RENAME COLUMN a TO b"), ["students"]);
    assert.deepEqual(await touched("DROP FUNCTION f()"), []);
  });

  it("are none in comments and blanks", async () => {
    for (const sql of ["", " \r\n", "-- only\n/* this */", ";;"]) {
      assert.deepEqual(await parsed(sql), []);
    }
  });

  it("come out as they went in, in any number", async () => {
    const texts = ["SELECT 'ção'", "DELETE FROM a", "CREATE TABLE t (a int)", "SELECT $$;👍$$"];
    const gaps = [";", ";\n", " ;\r\n-- é; x\n", ";/* 👍 ; */"];
    const piece = fc.tuple(fc.constantFrom(...texts), fc.constantFrom(...gaps));
    const property = fc.asyncProperty(fc.array(piece), async (pieces) => {
      const statements = await parsed(pieces.flat().join(""));
      assert.deepEqual(
        statements.map(({ text }) => text),
        pieces.map(([text]) => text),
      );
    });
    await fc.assert(property);
  });
});

describe("a text that is no SQL", () => {
  it("is placed by line and by column in characters", async () => {
    const { error } = await parseStatements("SELECT 1;\nSELECT '👍é' frm x;");

    assert.deepEqual(error, { message: 'syntax error at or near "x"', line: 2, column: 17 });
    assert.equal(
      syntaxTrouble("1_a/up.sql", error).happened,
      '1_a/up.sql:2:17: syntax error at or near "x".',
    );
  });

  it("is a command of psql, a byte order mark, a NUL, an open quote", async () => {
    const place = async (sql: string) => {
      const { error } = await parseStatements(sql);
      return error && [error.line, error.column];
    };

    assert.deepEqual(await place("SELECT 1;\n\\connect x\n"), [2, 1]);
    assert.deepEqual(await place("\uFEFFSELECT 1;"), [1, 1]);
    assert.deepEqual(await place("SELECT 1;\0 DROP TABLE a;"), [1, 10]);
    assert.deepEqual(await place("SELECT 1;\n SELECT 'a"), [2, 9]);
  });
});

async function parsed(sql: string): Promise<readonly Statement[]> {
  const { statements, error } = await parseStatements(sql);
  assert.equal(error, undefined);
  return statements ?? [];
}
