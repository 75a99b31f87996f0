import assert from "node:assert/strict";
import { type Client, openWorld, untilHeard, type World } from "./driver.js";

const REFUSED_COLUMN = { code: "000904" };

async function aTable(client: Client, rows = "(1), (2), (3)"): Promise<void> {
  await client.query("CREATE TABLE T (ID NUMBER)");
  await client.change(`INSERT INTO T VALUES ${rows}`);
}

const count = async (client: Client) => {
  const [row] = await client.query("SELECT COUNT(*) AS N FROM T");
  return Object.values(row ?? {})[0];
};

async function twoSessions(): Promise<
  AsyncDisposable & { one: Client; other: Client; world: World }
> {
  const world = await openWorld();
  const [one, other] = [await world.connect(), await world.connect()];
  await aTable(one);
  return { world, one, other, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}

describe("a transaction of the emulated warehouse", () => {
  it("is taken back whole by ROLLBACK", async () => {
    await using sessions = await twoSessions();
    const { one } = sessions;

    await one.query("BEGIN");
    await one.change("DELETE FROM T WHERE ID > 1");
    await one.change("INSERT INTO T VALUES (7), (8)");
    await one.change("UPDATE T SET ID = ID + 100");
    await one.query("ROLLBACK");

    assert.deepEqual(await one.query("SELECT ID FROM T ORDER BY ID"), [
      { ID: 1 },
      { ID: 2 },
      { ID: 3 },
    ]);
  });

  it("shows others nothing before COMMIT, and everything after", async () => {
    await using sessions = await twoSessions();
    const { one, other } = sessions;

    await one.query("BEGIN");
    await one.change("DELETE FROM T WHERE ID > 1");
    await one.change("INSERT INTO T VALUES (7)");
    const before = await other.query("SELECT ID FROM T ORDER BY ID");
    await one.query("COMMIT");

    assert.deepEqual(before, [{ ID: 1 }, { ID: 2 }, { ID: 3 }]);
    assert.deepEqual(await other.query("SELECT ID FROM T ORDER BY ID"), [{ ID: 1 }, { ID: 7 }]);
  });

  it("sees at each statement what others have committed by then: READ COMMITTED (3.3)", async () => {
    await using sessions = await twoSessions();
    const { one, other } = sessions;

    await one.query("BEGIN");
    await one.change("UPDATE T SET ID = 10 WHERE ID = 1");
    await other.change("INSERT INTO T VALUES (20)");

    assert.equal(await one.change("DELETE FROM T WHERE ID >= 10"), 2);
  });

  it("stays open after an error, and COMMIT then keeps the earlier statements (6, 8b.7)", async () => {
    await using sessions = await twoSessions();
    const { one, other } = sessions;

    await one.query("BEGIN");
    await one.change("DELETE FROM T WHERE ID = 1");
    await assert.rejects(one.change("DELETE FROM T WHERE MISSING = 1"), REFUSED_COLUMN);
    await one.query("COMMIT");

    assert.equal(await count(other), 2);
  });

  it("is committed by any DDL (8b.7)", async () => {
    await using sessions = await twoSessions();
    const { one } = sessions;

    await one.query("BEGIN");
    await one.change("DELETE FROM T WHERE ID = 1");
    await one.query("CREATE TABLE BACKUP CLONE T");
    await one.query("ROLLBACK");

    assert.equal(await count(one), 2);
  });

  it("ignores a BEGIN inside it, and COMMIT without one succeeds (3.3, 8b.7)", async () => {
    await using sessions = await twoSessions();
    const { one } = sessions;

    await one.query("BEGIN");
    await one.change("DELETE FROM T WHERE ID = 1");
    await one.query("START TRANSACTION");
    await one.query("ROLLBACK");
    await one.query("COMMIT");

    assert.equal(await count(one), 3);
  });

  it("is rolled back when its session ends", async () => {
    await using sessions = await twoSessions();
    const { one, other } = sessions;

    await one.query("BEGIN");
    await one.change("DELETE FROM T");
    await one[Symbol.asyncDispose]();

    assert.equal(await count(other), 3);
    assert.equal(await other.change("DELETE FROM T"), 3);
  });
});

describe("a table lock", () => {
  it("whose client is gone is ended after five minutes if it keeps somebody waiting (6)", async () => {
    let minutes = 0;
    await using world = await openWorld({ clock: () => new Date(2026, 0, 1, 0, minutes) });
    const [gone, other] = [await world.connect(), await world.connect()];
    await aTable(gone);
    await gone.query("BEGIN");
    await gone.change("DELETE FROM T WHERE ID > 1");

    minutes = 6;
    const deleted = await other.change("DELETE FROM T");

    assert.equal(deleted, 3);
  });

  it("keeps a second DELETE waiting until LOCK_TIMEOUT, then 000625 (3.3)", async () => {
    await using sessions = await twoSessions();
    const { one, other } = sessions;

    await one.query("BEGIN");
    await one.change("DELETE FROM T WHERE ID = 1");
    await other.query("ALTER SESSION SET LOCK_TIMEOUT = 0");

    await assert.rejects(other.change("DELETE FROM T WHERE ID = 2"), { code: "000625" });
  });

  it("lets the waiting statement go on after COMMIT, with the rows as they are then", async () => {
    await using sessions = await twoSessions();
    const { one, other } = sessions;

    await one.query("BEGIN");
    await one.change("UPDATE T SET ID = 50 WHERE ID = 1");
    const waiting = other.change("UPDATE T SET ID = ID + 1 WHERE ID = 50");
    await one.query("COMMIT");

    assert.equal(await waiting, 1);
    assert.deepEqual(await one.query("SELECT MAX(ID) AS M FROM T"), [{ M: 51 }]);
  });

  it("admits so many who wait, and refuses the next at once: 000625", async () => {
    await using world = await openWorld({ waitersPerTable: 2 });
    await using holder = await world.connect();
    await using first = await world.connect();
    await using second = await world.connect();
    await using third = await world.connect();
    await aTable(holder);
    await holder.query("BEGIN");
    await holder.change("DELETE FROM T WHERE ID = 1");
    const heard = world.warehouse.statements.length;
    const waiting = [first, second].map((client) => client.change("DELETE FROM T WHERE ID = 2"));
    await untilHeard(world.warehouse, heard + 2);

    await assert.rejects(third.change("DELETE FROM T WHERE ID = 2"), {
      code: "000625",
      message: /the number of waiters for this lock exceeds the 2 statements limit/,
    });

    await holder.query("COMMIT");
    assert.deepEqual((await Promise.all(waiting)).toSorted(), [0, 1]);
    assert.equal(await third.change("DELETE FROM T WHERE ID = 3"), 1);
  });

  it("does not keep an INSERT waiting (6)", async () => {
    await using sessions = await twoSessions();
    const { one, other } = sessions;

    await one.query("BEGIN");
    await one.change("DELETE FROM T");

    assert.equal(await other.change("INSERT INTO T VALUES (9)"), 1);
    assert.equal(await count(one), 1);
  });

  it("is given up when the waiting statement is cancelled: 000604", async () => {
    await using sessions = await twoSessions();
    const { one, other, world } = sessions;
    await one.query("BEGIN");
    await one.change("DELETE FROM T");
    const heard = world.warehouse.statements.length;

    const cancelled = new Promise((_, reject) => {
      const waiting = other.connection.execute({
        sqlText: "DELETE FROM T",
        complete: (error) => reject(error),
      });
      void untilHeard(world.warehouse, heard + 1).then(() => waiting.cancel(() => undefined));
    });

    await assert.rejects(cancelled, { code: "000604" });
  });
});

describe("a session without autocommit", () => {
  it("opens a transaction with its first DML, for COMMIT or ROLLBACK to end", async () => {
    await using sessions = await twoSessions();
    const { one, other } = sessions;
    await one.query("ALTER SESSION SET AUTOCOMMIT = FALSE");

    await one.change("DELETE FROM T WHERE ID = 1");
    const before = await count(other);
    await one.query("COMMIT");
    await one.change("DELETE FROM T WHERE ID = 2");
    await one.query("ROLLBACK");
    await one.query("ALTER SESSION SET AUTOCOMMIT = TRUE");
    await one.change("DELETE FROM T WHERE ID = 3");

    assert.equal(before, 3);
    assert.deepEqual(await other.query("SELECT ID FROM T"), [{ ID: 2 }]);
  });
});
