import assert from "node:assert/strict";
import { complaintOf } from "../support/complaint.js";
import { cliStateOf, emulatorWithHasura } from "../support/hasura.js";
import { aHistory, aProject, openHistory } from "../support/migration-history.js";

const RUNS = { "1_runs": { "up.sql": "CREATE TABLE runs (a int)", "down.sql": "-- nothing" } };

/** An up that Hasura would refuse or carry out in part, and the first and last of the three lines. */
const UNFIT: readonly (readonly [string, string, RegExp, RegExp])[] = [
  [
    "builds an index concurrently",
    "-- hasura:no-transaction\nCREATE INDEX CONCURRENTLY a ON runs (a)",
    /^Will not run migration 2_more: migrations\/default\/2_more\/up\.sql:2: CREATE INDEX CONCURRENTLY cannot run in a transaction, .* \(25001\)\.$/,
    /psql, then say so: `hasura migrate apply --skip-execution --version 2 --type up`/,
  ],
  [
    "commits in the middle",
    "BEGIN;\nINSERT INTO runs VALUES (1);\nCOMMIT;\nINSERT INTO runs VALUES (2)",
    /2_more\/up\.sql:3: COMMIT ends or begins a transaction in the middle of the file, which could then be carried out in part\.$/,
    /^Take the statement out/,
  ],
  [
    "gives itself up",
    "INSERT INTO runs VALUES (1); ROLLBACK",
    /up\.sql:1: ROLLBACK ends or begins/,
    /^Take the statement out/,
  ],
  [
    "holds comments only",
    "-- to be written\n",
    /up\.sql holds no statement, which Hasura refuses \(EmptyQuery\)\.$/,
    /write `SELECT 1;`/,
  ],
  [
    "is no SQL",
    "SELECT 1;\n\nALTER TABLE runs ADDD b int",
    /^migrations\/default\/2_more\/up\.sql:3:18: syntax error at or near "ADDD"\.$/,
    /^Correct the file/,
  ],
];

describe("a migration that Hasura would not carry out as a whole", function () {
  this.timeout(30_000);
  const world = emulatorWithHasura();
  const written = async () => (await cliStateOf(world.emulator)).migrations;

  for (const [what, up, happened, next] of UNFIT) {
    it(`is refused in the preview, before those ahead of it run, where its up ${what}`, async () => {
      await using project = await aProject({ ...RUNS, "2_more": { "up.sql": up } });
      const history = openHistory(world.emulator);
      const news = aHistory(world.emulator, project.directory);

      const { inputs, refusals } = await history.check(news);
      const complaint = await complaintOf(history.create(inputs));

      assert.equal(complaint.message, refusals);
      assert.match(complaint.happened, happened);
      assert.match(complaint.now, /^Nothing was changed\./);
      assert.match(complaint.next, next);
      assert.equal(complaint.code, "MIGRATION_INVALID");
      assert.equal(await written(), undefined);
      assert.deepEqual(
        await world.emulator.hasura.query("SELECT to_regclass('runs')::text AS name"),
        [{ name: null }],
      );
    });
  }

  it("is refused as well where it is a down of comments", async () => {
    await using project = await aProject(RUNS);
    const outputs = await openHistory(world.emulator).up(
      aHistory(world.emulator, project.directory),
    );

    const { message, code } = await complaintOf(
      openHistory(world.emulator).destroy({ ...outputs, onDestroy: "down" }),
    );

    assert.equal(code, "MIGRATION_INVALID");
    assert.match(message, /^Will not take back migration 1_runs: .*down\.sql holds no statement/);
    assert.deepEqual(await written(), { default: { 1: false } });
  });
});

describe("a migration that is one transaction by its own words", function () {
  this.timeout(30_000);
  const world = emulatorWithHasura();

  it("runs as any other", async () => {
    const up =
      "BEGIN; CREATE TABLE runs (a int); SAVEPOINT one; INSERT INTO runs VALUES (1); COMMIT;";
    await using project = await aProject({ "1_runs": { "up.sql": up } });

    await openHistory(world.emulator).up(aHistory(world.emulator, project.directory));

    assert.deepEqual(await world.emulator.hasura.query("SELECT a FROM runs"), [{ a: "1" }]);
  });
});
