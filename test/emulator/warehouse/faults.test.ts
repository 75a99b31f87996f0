import assert from "node:assert/strict";
import type { FaultAction, FaultHook } from "#src/emulator/warehouse/faults.js";
import { openWorld } from "./driver.js";

/** The action for the first so many arrivals of a statement, then none. */
function atFirst(times: number, sql: string, action: FaultAction): FaultHook {
  let left = times;
  return (occasion) => {
    if (!occasion.sql.startsWith(sql) || left === 0) return { kind: "none" };
    left -= 1;
    return action;
  };
}

async function aWorldWithRows() {
  const world = await openWorld();
  const client = await world.connect();
  await client.query("CREATE TABLE T AS SELECT column1 AS ID FROM VALUES (1), (2), (3)");
  return { world, client, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}

// The driver waits a second or two before it sends again.
const PATIENCE_MS = 10_000;

describe("a lost answer", function () {
  this.timeout(PATIENCE_MS);

  it("before execution costs nothing: the driver sends again and the rows go once", async () => {
    await using setting = await aWorldWithRows();
    const { world, client } = setting;
    world.warehouse.faults.on(atFirst(1, "DELETE", { kind: "drop-before" }));

    assert.equal(await client.change("DELETE FROM T WHERE ID > 1"), 2);
  });

  it("after execution is made good by the request id: the retry gets the first answer (0.5)", async () => {
    await using setting = await aWorldWithRows();
    const { world, client } = setting;
    world.warehouse.faults.on(atFirst(1, "DELETE", { kind: "drop-after" }));

    assert.equal(await client.change("DELETE FROM T WHERE ID > 1"), 2);
    assert.equal(
      world.warehouse.statements.filter(({ sql }) => sql.startsWith("DELETE")).length,
      1,
    );
  });

  it("without deduplication counts 0 while the rows are gone (0.5)", async () => {
    await using setting = await aWorldWithRows();
    const { world, client } = setting;
    world.warehouse.faults.on(atFirst(1, "DELETE", { kind: "drop-after", forgets: true }));

    assert.equal(await client.change("DELETE FROM T WHERE ID > 1"), 0);
    assert.deepEqual(await world.warehouse.rows("SELECT COUNT(*) AS N FROM T"), [{ N: 1 }]);
  });
});

describe("a fault on request", function () {
  this.timeout(PATIENCE_MS);

  it("503 is sent again by the driver, under the same request id", async () => {
    await using setting = await aWorldWithRows();
    const { world, client } = setting;
    const arrivals: string[] = [];
    world.warehouse.faults.on(({ requestId }) => {
      arrivals.push(requestId);
      return { kind: "none" };
    });
    world.warehouse.faults.on(atFirst(1, "DELETE", { kind: "status", status: 503 }));

    assert.equal(await client.change("DELETE FROM T"), 3);
    assert.equal(arrivals.length, 2);
    assert.equal(new Set(arrivals).size, 1);
  });

  it("390112 makes the driver renew its token and go on (1.2)", async () => {
    await using setting = await aWorldWithRows();
    const { world, client } = setting;
    const expired = {
      kind: "error",
      code: "390112",
      sqlState: "08001",
      message: "Session expired",
    } as const;
    world.warehouse.faults.on(atFirst(1, "SELECT", expired));

    assert.deepEqual(await client.query("SELECT COUNT(*) AS N FROM T"), [{ N: 3 }]);
  });

  it("is not needed for tokens to expire: after an hour they are renewed, after four the session is over", async () => {
    let now = Date.UTC(2026, 0, 1);
    await using world = await openWorld({ clock: () => new Date(now) });
    await using client = await world.connect();
    await client.query("CREATE TABLE T (ID NUMBER)");

    now += 3 * 3_600_000;
    const renewed = await client.query("SELECT COUNT(*) AS N FROM T");
    now += 4 * 3_600_000;

    assert.deepEqual(renewed, [{ N: 0 }]);
    await assert.rejects(client.query("SELECT COUNT(*) AS N FROM T"));
  });

  it("390111 ends the session and rolls its transaction back", async () => {
    await using setting = await aWorldWithRows();
    const { world, client } = setting;
    const gone = {
      kind: "error",
      code: "390111",
      sqlState: "08001",
      message: "Session gone",
    } as const;
    await client.query("BEGIN");
    await client.change("DELETE FROM T");
    world.warehouse.faults.on(atFirst(1, "COMMIT", gone));

    await assert.rejects(client.query("COMMIT"));

    assert.deepEqual(await world.warehouse.rows("SELECT COUNT(*) AS N FROM T"), [{ N: 3 }]);
  });

  it("may be a load by somebody else between a count and a delete", async () => {
    await using setting = await aWorldWithRows();
    const { world, client } = setting;
    await client.query("BEGIN");
    const [before] = await client.query("SELECT COUNT(*) AS N FROM T");
    world.warehouse.faults.on(
      atFirst(1, "DELETE", {
        kind: "run",
        work: async () => {
          await world.warehouse.loader.load({
            schema: "public",
            table: "t",
            columns: ["id"],
            query: "SELECT 4",
            replace: false,
          });
        },
      }),
    );

    assert.deepEqual(before, { N: 3 });
    assert.equal(await client.change("DELETE FROM T"), 4);
  });

  it("may refuse a login, or any statement with any code", async () => {
    await using setting = await aWorldWithRows();
    const { world, client } = setting;
    const refuse = (code: string) =>
      ({ kind: "error", code, sqlState: "57P03", message: "no" }) as const;
    world.warehouse.faults.on(({ kind }) =>
      kind === "login" ? refuse("390100") : { kind: "none" },
    );
    world.warehouse.faults.on(({ sql }) =>
      sql.includes("CLONE") ? refuse("003001") : { kind: "none" },
    );

    await assert.rejects(world.connect(), { code: "390100" });
    await assert.rejects(client.query("CREATE TABLE B CLONE T"), {
      code: "003001",
      sqlState: "57P03",
    });
    world.warehouse.faults.clear();
    await client.query("CREATE TABLE B CLONE T");
  });
});
