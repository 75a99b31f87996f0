import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeName, encodeName, printName, quote } from "#src/emulator/warehouse/identifiers.js";
import { tokenize } from "#src/emulator/warehouse/lexer.js";
import { openWorld } from "./driver.js";

describe("a name in the emulated warehouse", () => {
  it('is exact in quotes and upper case without: "orders" is not ORDERS (3.3, 8b.7)', async () => {
    await using world = await openWorld();
    await using client = await world.connect();

    await client.query('CREATE TABLE orders (id NUMBER, "id" NUMBER)');
    await client.query('CREATE TABLE "orders" ("Id" NUMBER)');
    await client.change("INSERT INTO Orders VALUES (1, 2)");

    assert.deepEqual(await client.query("SELECT * FROM ORDERS"), [{ ID: 1, id: 2 }]);
    assert.deepEqual(await client.query('SELECT "id", ID FROM PUBLIC."ORDERS" o WHERE o.Id = 1'), [
      { id: 2, ID: 1 },
    ]);
    assert.deepEqual(await client.query('SELECT * FROM "orders"'), []);
    await assert.rejects(client.query('SELECT ID FROM "orders"'), { code: "000904" });
    await assert.rejects(client.query('SELECT "iD" FROM orders'), { code: "000904" });
    await assert.rejects(client.query('SELECT * FROM "Orders"'), { code: "002003" });
  });

  it("comes back from DuckDB's spelling as it was, and no two share one", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        assert.equal(decodeName(encodeName(one)), one);
        const isSame = encodeName(one).toLowerCase() === encodeName(other).toLowerCase();
        assert.equal(isSame && /^[\x20-\x7e]*$/.test(one + other), isSame && one === other);
      }),
    );
  });

  it("is read back from how it is printed", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        const [token] = tokenize(printName(name));
        assert.deepEqual([token?.text, token?.end], [name, printName(name).length]);
        assert.equal(tokenize(quote(name)).length, 2);
      }),
    );
  });

  it("may come through IDENTIFIER(?), and only a name may (3.3)", async () => {
    await using world = await openWorld();
    await using client = await world.connect();
    await client.query("CREATE TABLE T (ID NUMBER)");

    assert.deepEqual(
      await client.query("SELECT * FROM IDENTIFIER(?)", ['"DADOSFERA"."PUBLIC"."T"']),
      [],
    );
    await assert.rejects(client.query("SELECT * FROM IDENTIFIER(?)", ["T WHERE 1=1 --"]), {
      code: "001003",
    });
  });
});

describe("SQL that the warehouse does not know", () => {
  const refusals: readonly (readonly [string, string])[] = [
    ["ATTACH 'x.db'", "statement ATTACH"],
    ["COPY T TO 'x.csv'", "statement COPY"],
    ["PRAGMA database_list", "statement PRAGMA"],
    ["SET x = 1", "statement SET"],
    ["CALL f()", "statement CALL"],
    ["SELECT * FROM read_csv('/etc/passwd')", "table function READ_CSV"],
    ["SELECT read_text('/etc/passwd')", "function READ_TEXT"],
    ["SELECT getenv('HOME')", "function GETENV"],
    ["SELECT RANDOM()", "function RANDOM"],
    ["SELECT * FROM T AT (OFFSET => -60)", "Time Travel"],
    ["ALTER TABLE T SWAP WITH U", "ALTER TABLE … SWAP WITH"],
    ["UNDROP TABLE T", "statement UNDROP"],
    ["SELECT V:a FROM T", "paths into VARIANT values"],
  ];

  for (const [sql, what] of refusals) {
    it(`is refused by name: ${sql}`, async () => {
      await using world = await openWorld();
      await using client = await world.connect();
      await client.query("CREATE TABLE T (ID NUMBER, V VARIANT)");

      await assert.rejects(client.query(sql), {
        code: "001003",
        message: `SQL compilation error:\nnot emulated: ${what}`,
      });
    });
  }

  it("never names a file or a table of DuckDB's", async () => {
    await using world = await openWorld();
    await using client = await world.connect();

    await assert.rejects(client.query("SELECT * FROM '/etc/passwd'"), { code: "001003" });
    await assert.rejects(client.query("SELECT * FROM duckdb_settings"), { code: "002003" });
    await assert.rejects(client.query("SELECT * FROM memory.main.t"), { code: "002003" });
  });

  it("is no second statement: 000008 (8b.7)", async () => {
    await using world = await openWorld();
    await using client = await world.connect();

    await assert.rejects(client.query("SELECT 1; SELECT 2"), { code: "000008" });
    assert.deepEqual(await client.query("SELECT 1 AS N;"), [{ N: 1 }]);
  });

  it("meets an error of ours and never DuckDB's parser, whatever is typed", async () => {
    await using world = await openWorld();
    const words = fc.constantFrom(
      ..."SELECT FROM WHERE ( ) , . ; ' \" ? :: a 1 'x' \"B\" T * = IN NOT NULL read_csv ATTACH COPY UNION ORDER BY :1 -- /* $$ {".split(
        " ",
      ),
    );
    const statements = fc.array(words, { maxLength: 12 }).map((parts) => parts.join(" "));

    await fc.assert(
      fc.asyncProperty(statements, async (sql) => {
        const refusal: unknown = await world.warehouse.rows(sql).then(
          () => undefined,
          (error: unknown) => error,
        );
        assert.doesNotMatch(String(refusal), /Parser Error|Catalog Error|Internal/);
      }),
      { numRuns: 300 },
    );
  });
});
