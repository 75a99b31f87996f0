import assert from "node:assert/strict";
import fc from "fast-check";
import { type JoinPart, joinDowns, joinUps } from "#src/domain/squash-join.js";
import { parseStatements, type Statement } from "#src/hasura/sql/statements.js";
import { transactionTraits } from "#src/hasura/sql/transaction-traits.js";

describe("a joined file", () => {
  it("gets the semicolon that a part lacks, also behind a comment at its end", async () => {
    const parts = await partsOf(["SELECT 1 -- end", "SELECT 2;", "SELECT 3"]);

    assert.equal(
      joinUps(parts),
      "-- 1_part\nSELECT 1 -- end\n;\n\n-- 2_part\nSELECT 2;\n\n-- 3_part\nSELECT 3\n;\n",
    );
  });

  it("gives each part the settings of a new session", async () => {
    const parts = await partsOf([
      "SET search_path TO s; SET LOCAL work_mem = 9; SET ROLE r;",
      "SET SESSION AUTHORIZATION r;",
    ]);

    assert.equal(
      joinDowns(parts).replace(/^SET.*\n/gm, ""),
      "-- 2_part\nRESET SESSION AUTHORIZATION;\n\n-- 1_part\nRESET role;\nRESET search_path;\nRESET work_mem;\n",
    );
    assert.equal((await parseStatements(joinUps(parts))).error, undefined);
  });

  it("keeps carriage returns, and leaves out a byte order mark", async () => {
    const [plain] = await partsOf(["SELECT 1;\r\n"]);
    assert.ok(plain);

    const joined = joinUps([plain, { ...plain, sql: `\uFEFF${plain.sql}` }]);

    assert.equal(joined, "-- 1_part\nSELECT 1;\r\n\n-- 1_part\nSELECT 1;\r\n");
  });

  it("does not run what a part's name holds", async () => {
    const [plain] = await partsOf(["SELECT 1;"]);
    assert.ok(plain);

    const joined = joinUps([{ ...plain, migration: { version: "1", name: "a\rDROP TABLE a;" } }]);

    assert.equal((await statementsOf(joined)).length, 1);
  });

  it("holds the statements of its parts and no others: ups in order, downs in reverse", async () => {
    const statement = fc.constantFrom(
      "SELECT 'ção; 👍'",
      "UPDATE a SET b = $$;--$$",
      "SET search_path TO s",
      "ALTER TABLE a ADD b int /* ; */",
    );
    const end = fc.constantFrom("", ";", "\n-- end", ";\r\n", "; -- end;", ";\n\n");
    const text = fc
      .tuple(fc.array(statement, { minLength: 1, maxLength: 3 }), end)
      .map(([list, last]) => list.join(";\n") + last);
    const property = fc.asyncProperty(fc.array(text, { minLength: 1 }), async (texts) => {
      const parts = await partsOf(texts);
      const own = await Promise.all(texts.map(statementTexts));
      assert.deepEqual(await statementTexts(joinUps(parts)), own.flat());
      assert.deepEqual(await statementTexts(joinDowns(parts)), own.toReversed().flat());
    });

    await fc.assert(property);
  });
});

async function partsOf(texts: readonly string[]): Promise<readonly JoinPart[]> {
  return Promise.all(
    texts.map(async (sql, at) => ({
      migration: { version: String(at + 1), name: "part" },
      sql,
      traits: transactionTraits(sql, await statementsOf(sql)),
    })),
  );
}

async function statementsOf(sql: string): Promise<readonly Statement[]> {
  const { statements, error } = await parseStatements(sql);
  assert.equal(error, undefined);
  return statements ?? [];
}

/** Without the `RESET` that joining adds, and without comments at the end of an open statement. */
async function statementTexts(sql: string): Promise<readonly string[]> {
  const statements = await statementsOf(sql);
  return statements
    .map(({ text }) => text.replace(/\s*(-- end|\/\* ; \*\/)$/, "").replace(/\s*\/\* ; \*\/$/, ""))
    .filter((text) => text !== "RESET search_path");
}
