import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { startEmulator } from "pulumi-dadosfera/testing";
import { openSourceServer } from "#src/emulator/open-source-server.js";
import { dadosfera } from "../../support/command.js";
import { increments } from "../../support/increments.js";
import { loadTable } from "../../support/loaded-table.js";
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
         ${server().numbers(3600)}`,
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

    it("fail when the session ends before the rows do", async () => {
      await using emulator = await startEmulator({ source: server().url });
      await server().run(`CREATE VIEW ${SCHEMA}.t AS ${server().numbers(100_000)}`);

      const [{ rows, failure }] = await Promise.all([
        loadTable(emulator, { schema: SCHEMA, table: "t" }),
        until(() => server().cutOthers()),
      ]);

      assert.deepEqual(rows, []);
      assert.match(failure, /terminat|lost|closed/i);
    });

    it("cannot begin with a password or a name that the server refuses: a command says so, with 1", async () => {
      await server().run(server().stranger);
      const url = server().url.replace(/\/\/[^@]*@/, "//app:segredo@");

      const refused = await dadosfera(["emulator", "--source", url]);

      const [happened = "", ...others] = refused.stderr.split("\n");
      assert.equal(refused.code, 1);
      assert.match(
        happened,
        /^Did not start the emulator: the source (localhost|127\.0\.0\.1):\d+\S* refused: .*(app).*\.$/,
      );
      assert.deepEqual(others, [
        "Nothing was changed.",
        "Correct user, password or database in --source.",
        "",
      ]);
      assert.doesNotMatch(refused.stderr, /segredo/);
    });
  });
}

/** Does something again and again until it has had an effect. */
async function until(work: () => Promise<boolean>): Promise<void> {
  while (!(await work())) await setImmediate();
}
