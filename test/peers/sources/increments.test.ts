import assert from "node:assert/strict";
import { startEmulator } from "pulumi-dadosfera/testing";
import { connectMysql } from "#src/emulator/mysql/connection.js";
import { mysqlSource } from "#src/emulator/mysql/source.js";
import { openSourceServer } from "#src/emulator/open-source-server.js";
import { increments } from "../../support/increments.js";
import { SERVERS, serverOf } from "../../support/real-source.js";

const SCHEMA = "passos";

for (const served of SERVERS) {
  describe(`runs that extract from ${served.title}`, function () {
    this.timeout(60_000);
    const server = serverOf(served);
    const moment = () => (server().name === "MariaDB" ? "datetime(6)" : "timestamptz");
    beforeEach(() => server().run(...server().emptied(SCHEMA)));

    it("take up at a cursor's last microsecond", async () => {
      await using emulator = await startEmulator({ source: server().url });
      await server().run(
        `CREATE TABLE ${SCHEMA}.t (id int, at ${moment()})`,
        `INSERT INTO ${SCHEMA}.t VALUES (1, '2025-12-17 16:49:00.123456'), (2, '2025-12-17 16:49:00.123457')`,
      );
      const runs = await increments(emulator, { schema: SCHEMA, table: "t", cursor: "at" });

      const first = await runs.next();
      await server().run(
        `INSERT INTO ${SCHEMA}.t VALUES (3, '2025-12-17 16:49:00.123457'), (4, '2025-12-17 16:49:00.123458'), (5, NULL)`,
      );
      const second = await runs.next();

      assert.deepEqual(first, { failure: undefined, ids: [1, 2] });
      assert.deepEqual(second, { failure: undefined, ids: [1, 2, 4] });
      assert.match(runs.bookmark() ?? "", /^2025-12-17 16:49:00\.123458(\+00)?$/);
    });

    it("take up at a cursor's last day, again with what it brings later if so switched", async () => {
      await using emulator = await startEmulator({
        source: server().url,
        switches: { resumeAt: ">=" },
      });
      await server().run(
        `CREATE TABLE ${SCHEMA}.t (id int, at date)`,
        `INSERT INTO ${SCHEMA}.t VALUES (1, '2025-12-17'), (2, '2025-12-18')`,
      );
      const runs = await increments(emulator, { schema: SCHEMA, table: "t", cursor: "at" });

      const first = await runs.next();
      await server().run(`INSERT INTO ${SCHEMA}.t VALUES (3, '2025-12-18'), (4, '2025-12-17')`);
      const second = await runs.next();

      assert.deepEqual(first.ids, [1, 2]);
      assert.deepEqual(second.ids, [1, 2, 2, 3]);
      assert.equal(runs.bookmark(), "2025-12-18");
    });

    it("tell whole numbers apart that a double does not", async () => {
      await using emulator = await startEmulator({ source: server().url });
      await server().run(
        `CREATE TABLE ${SCHEMA}.t (id int, at bigint)`,
        `INSERT INTO ${SCHEMA}.t VALUES (1, 9007199254740992), (2, 9007199254740993)`,
      );
      const runs = await increments(emulator, { schema: SCHEMA, table: "t", cursor: "at" });

      await runs.next();
      await server().run(`INSERT INTO ${SCHEMA}.t VALUES (3, 9007199254740994)`);
      const second = await runs.next();

      assert.deepEqual(second.ids, [1, 2, 3]);
      assert.equal(runs.bookmark(), "9007199254740994");
    });

    it("ask for rows beyond the bookmark only: what cannot be held below it stops nobody", async () => {
      await using emulator = await startEmulator({ source: server().url });
      await server().run(
        `CREATE TABLE ${SCHEMA}.t (id int, at int, o time)`,
        `INSERT INTO ${SCHEMA}.t VALUES (1, 1, '10:00:00')`,
      );
      const runs = await increments(emulator, { schema: SCHEMA, table: "t", cursor: "at" });

      await runs.next();
      await server().run(`INSERT INTO ${SCHEMA}.t VALUES (2, 0, '24:00:00'), (3, 2, '11:00:00')`);
      const below = await runs.next();
      await server().run(`INSERT INTO ${SCHEMA}.t VALUES (4, 3, '24:00:00')`);
      const beyond = await runs.next();

      assert.deepEqual(below, { failure: undefined, ids: [1, 3] });
      assert.deepEqual(beyond, {
        failure: 'Column "o" holds 24:00:00, which the destination cannot hold',
        ids: [1, 3],
      });
    });

    it("read a table as of one moment, in parts", async () => {
      await server().run(
        `CREATE TABLE ${SCHEMA}.t AS
         WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 900) SELECT a.id FROM n a, n b WHERE b.id <= 4`,
      );
      await using source = await openSourceServer(server().url);
      const wanted = { schema: SCHEMA, name: "t", columns: undefined, since: undefined };

      const sizes = await source.snapshot(wanted, async ({ rows }) => {
        await server().run(`DELETE FROM ${SCHEMA}.t`);
        const seen: number[] = [];
        for await (const batch of rows) seen.push(batch.length);
        return seen;
      });

      assert.deepEqual(sizes, [1000, 1000, 1000, 600]);
    });

    it("fail when the table is gone, whatever an earlier run saw", async () => {
      await using emulator = await startEmulator({ source: server().url });
      await server().run(
        `CREATE TABLE ${SCHEMA}.t (id int, at int)`,
        `INSERT INTO ${SCHEMA}.t VALUES (1, 1)`,
      );
      const runs = await increments(emulator, { schema: SCHEMA, table: "t", cursor: "at" });

      const first = await runs.next();
      await server().run(`DROP TABLE ${SCHEMA}.t`);
      const gone = await runs.next();

      assert.deepEqual(first.ids, [1]);
      assert.deepEqual(gone, {
        failure: `Table ${SCHEMA}.t does not exist at the source`,
        ids: [1],
      });
    });
  });
}

describe("a session of MariaDB that ends while rows come (needs mariadbd and mariadb-install-db)", function () {
  this.timeout(60_000);
  const server = serverOf(SERVERS[1]);

  it("is an error, not an end of the rows", async () => {
    await server().run(
      ...server().emptied(SCHEMA),
      `CREATE TABLE ${SCHEMA}.t AS SELECT seq AS id FROM ${SCHEMA}.seq_1_to_200000`,
    );
    const source = mysqlSource(() => connectMysql(server().url));
    const wanted = { schema: SCHEMA, name: "t", columns: undefined, since: undefined };

    const reading = source.snapshot(wanted, async ({ rows }) => {
      let count = 0;
      for await (const batch of rows) {
        if (count === 0) await killOthers();
        count += batch.length;
      }
      return count;
    });

    await assert.rejects(reading, /closed|lost|Lost|ended|killed/);

    async function killOthers() {
      const sessions = await server().run(
        "SELECT id FROM information_schema.processlist WHERE command = 'Query' AND id <> connection_id()",
      );
      await server().run(...sessions.map(([id]) => `KILL ${id}`));
    }
  });
});
