import assert from "node:assert/strict";
import type { FaultChoice } from "#src/emulator/faults.js";
import type { DirtyMigration, Settlement } from "#src/lifecycle/migrations/doors.js";
import { complaintOf } from "../support/complaint.js";
import { cliStateOf, emulatorWithHasura, setCliState } from "../support/hasura.js";
import { aHistory, aProject, openHistory } from "../support/migration-history.js";

/** Each leaves a row when it runs: run twice, it would leave two. */
const FOLDER = {
  "1_runs": { "up.sql": "CREATE TABLE runs (migration int); INSERT INTO runs VALUES (1)" },
  "2_more": { "up.sql": "INSERT INTO runs VALUES (2)" },
};

/** Mark dirty, run, mark clean; twice. */
const EFFECTS = [1, 2, 3, 4, 5, 6].flatMap((effect) => [
  [effect, "drop-before"] as const,
  [effect, "drop-after"] as const,
]);

describe("migrations that are cut off", function () {
  this.timeout(60_000);
  const world = emulatorWithHasura();
  const state = async () => (await cliStateOf(world.emulator)).migrations?.["default"];
  const runs = async () =>
    (await world.emulator.hasura.query("SELECT migration AS m FROM runs ORDER BY 1")).map(
      ({ m }) => m,
    );

  for (const [effect, fault] of EFFECTS) {
    it(`end right at the next up when the process is killed at its effect ${effect} (${fault})`, async () => {
      await using project = await aProject(FOLDER);
      const news = aHistory(world.emulator, project.directory);
      const stop = world.emulator.hasura.faults.on(killedAt(effect, fault));
      await assert.rejects(openHistory(world.emulator, { settle }).up(news));
      stop();

      await openHistory(world.emulator, { settle }).up(news);

      assert.deepEqual(await runs(), ["1", "2"]);
      assert.deepEqual(await state(), { 1: false, 2: false });
    });
  }

  it("stay dirty, and say how they differ, where nobody can tell", async () => {
    await using project = await aProject(FOLDER);
    const news = aHistory(world.emulator, project.directory);
    await setCliState(world.emulator, { migrations: { default: { 1: true } } });
    const unclear = async (): Promise<Settlement> => ({
      kind: "unclear",
      differences: ["runs: 1 of 1 rows differ"],
    });

    const { message, code } = await complaintOf(
      openHistory(world.emulator, { settle: unclear }).up(news),
    );

    assert.equal(code, "MIGRATION_DIRTY");
    assert.equal(
      message,
      'Cannot tell whether migration 1_runs of database "default" was carried out: runs: 1 of 1 rows differ.\n' +
        `It was begun, and Hasura (${world.emulator.hasura.url}) has it as dirty; nothing else was done.\n` +
        "Compare runs with what migrations/default/1_runs/up.sql does by hand, then say which it is: `hasura migrate apply --skip-execution --version 1 --type up` if it is applied, `--type down` if it is not.",
    );
    assert.deepEqual(await state(), { 1: true });
  });

  it("are not begun a second time where somebody else began them meanwhile", async () => {
    await using project = await aProject(FOLDER);
    const { hasura } = world.emulator;
    const up = openHistory(world.emulator);
    const { inputs } = await up.check(aHistory(world.emulator, project.directory));
    const other =
      'UPDATE hdb_catalog.hdb_version SET cli_state = \'{"migrations": {"default": {"1": false}}}\'';
    const stop = hasura.faults.on(({ path }) =>
      path === "/v2/query"
        ? { kind: "run", when: "after", work: async () => void (await hasura.query(other)) }
        : undefined,
    );

    const { code, happened } = await complaintOf(up.create(inputs));

    stop();
    assert.equal(code, "HASURA_REFUSED");
    assert.match(happened, /somebody else began or applied it meanwhile/);
  });
});

/**
 * The process sends its n-th request that changes something and dies: whether that one arrives is a matter of luck; no other one does.
 * To die at a read is to die before the next effect.
 */
function killedAt(effect: number, fault: "drop-before" | "drop-after"): FaultChoice {
  let effects = 0;
  return ({ body }) => {
    const { type, args } = body as { type: string; args: { read_only?: boolean } };
    const isEffect =
      type === "set_catalog_state" || (type === "run_sql" && args.read_only !== true);
    if (effects >= effect) return { kind: "status", status: 500 };
    if (isEffect) effects += 1;
    return isEffect && effects === effect ? { kind: fault } : undefined;
  };
}

/** What a comparison with replayed databases would find. */
async function settle({ migration, query }: DirtyMigration): Promise<Settlement> {
  const [table] = await query("SELECT to_regclass('runs')::text AS name", "");
  if (table?.["name"] === null) return { kind: "not applied" };
  const rows = await query(
    `SELECT migration::text AS m FROM runs WHERE migration = ${migration.version}`,
    "",
  );
  return rows.length === 0 ? { kind: "not applied" } : { kind: "applied" };
}
