import assert from "node:assert/strict";
import { openWorld } from "./driver.js";

const COLUMNS = [
  { name: "id", type: "NUMBER(38,0)" },
  { name: "updated_at", type: "TIMESTAMP_NTZ(9)" },
];

async function aWorldWithSource() {
  const world = await openWorld();
  const source = await world.duckdb.connect();
  await source.run(
    "ATTACH ':memory:' AS shop; CREATE TABLE shop.main.orders AS SELECT i::BIGINT AS id, TIMESTAMP '2026-01-01' + to_days(i::INTEGER) AS updated_at FROM range(1, 4) t(i)",
  );
  return {
    world,
    source,
    loader: world.warehouse.loader,
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

const load = {
  schema: "public",
  table: "orders",
  columns: ["id", "updated_at"],
  query: "SELECT id, updated_at FROM shop.main.orders",
  replace: false,
};

describe("the emulated loader", () => {
  it("makes tables under folded names, and finds them with their declared types", async () => {
    await using setting = await aWorldWithSource();
    const { loader } = setting;

    assert.equal(await loader.findTable("public", "orders"), undefined);
    await loader.createTable("public", "orders", COLUMNS);
    await loader.addColumns("public", "orders", [{ name: "note", type: "VARCHAR(20)" }]);

    assert.deepEqual(await loader.findTable("PUBLIC", "Orders"), [
      { name: "ID", type: "NUMBER(38,0)" },
      { name: "UPDATED_AT", type: "TIMESTAMP_NTZ(9)" },
      { name: "NOTE", type: "VARCHAR(20)" },
    ]);
    await assert.rejects(loader.addColumns("public", "orders", [{ name: "NOTE", type: "DATE" }]), {
      code: "001430",
    });
  });

  it("appends rows of another catalog of the same DuckDB, or replaces what is there", async () => {
    await using setting = await aWorldWithSource();
    const { loader, world } = setting;
    await loader.createTable("public", "orders", COLUMNS);

    const written = [await loader.load(load), await loader.load(load)];
    const before = await world.warehouse.rows("SELECT COUNT(*) AS N FROM ORDERS");
    await loader.load({ ...load, replace: true });

    assert.deepEqual([written, before], [[3, 3], [{ N: 6 }]]);
    assert.deepEqual(
      await world.warehouse.rows("SELECT MAX(UPDATED_AT) AS M, COUNT(*) AS N FROM ORDERS"),
      [{ M: "2026-01-04 00:00:00.000", N: 3 }],
    );
  });

  it("writes nothing when one row cannot be written", async () => {
    await using setting = await aWorldWithSource();
    const { loader, world } = setting;
    await loader.createTable("public", "orders", COLUMNS);
    await loader.load(load);

    const broken = loader.load({
      ...load,
      query: "SELECT 'x', NULL UNION ALL SELECT '1', NULL",
      replace: true,
    });

    await assert.rejects(broken, { code: "100038" });
    assert.deepEqual(await world.warehouse.rows("SELECT COUNT(*) AS N FROM ORDERS"), [{ N: 3 }]);
  });

  it("waits for no lock (6)", async () => {
    await using setting = await aWorldWithSource();
    const { loader, world } = setting;
    await using client = await world.connect();
    await loader.createTable("public", "orders", COLUMNS);
    await client.query("BEGIN");
    await client.change("DELETE FROM ORDERS");

    assert.equal(await loader.load(load), 3);
    assert.deepEqual(await client.query("SELECT COUNT(*) AS N FROM ORDERS"), [{ N: 3 }]);
  });

  it("makes and remakes views and tables from Snowflake SQL, readable by the default role", async () => {
    await using setting = await aWorldWithSource();
    const { loader, world } = setting;
    await using client = await world.connect();
    await loader.createTable("public", "orders", COLUMNS);
    await loader.load(load);
    const newest =
      "SELECT * FROM PUBLIC.ORDERS QUALIFY ROW_NUMBER() OVER (PARTITION BY ID ORDER BY UPDATED_AT DESC) = 1";

    await loader.defineView("staged", "orders", "SELECT 1 AS X");
    await loader.defineView("staged", "orders", newest);
    await loader.defineTableFrom("staged", "orders_t", "SELECT 1 AS X");
    await loader.defineTableFrom("staged", "orders_t", newest);
    await loader.load(load);

    assert.deepEqual(await client.query("SELECT COUNT(*) AS N FROM STAGED.ORDERS"), [{ N: 3 }]);
    assert.deepEqual(await client.query("SELECT COUNT(*) AS N FROM STAGED.ORDERS_T"), [{ N: 3 }]);
    assert.deepEqual(await loader.findTable("staged", "orders_t"), [
      { name: "ID", type: "NUMBER(38,0)" },
      { name: "UPDATED_AT", type: "TIMESTAMP_NTZ(9)" },
    ]);
  });

  it("needs no DuckDB that may read files", async () => {
    await using setting = await aWorldWithSource();
    const { loader, source, world } = setting;
    await source.run("SET enable_external_access = false");
    await using client = await world.connect();
    await loader.createTable("public", "orders", COLUMNS);

    assert.equal(await loader.load(load), 3);
    assert.equal(await client.change("DELETE FROM ORDERS"), 3);
    await assert.rejects(loader.load({ ...load, query: "SELECT * FROM read_text('/etc/passwd')" }));
  });
});
