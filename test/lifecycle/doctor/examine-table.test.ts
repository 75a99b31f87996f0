import assert from "node:assert/strict";
import { jobId, pipelineId } from "#src/domain/job-id.js";
import { PATIENCE_MS, startChangeWorld } from "../../support/change-world.js";
import { asSomebody, doctorOf, only } from "../../support/doctor.js";
import { JOB, PIPELINE, TABLE, type World, withTelefone } from "../../support/world.js";

const PLACE = { pipelineId: PIPELINE, jobId: JOB, table: `DADOSFERA.${TABLE}` };
const DAY_MS = 86_400_000;

describe("a doctor who looks at a table", function () {
  this.timeout(PATIENCE_MS);

  it("finds rows that stand there twice since the last change, by key and cursor", async () => {
    await using world = await startChangeWorld();
    await world.update("Job", world.job, withTelefone());
    await double(world, 3);

    const doubled = only(await doctorOf(world).look(), "doubled-rows");

    assert.deepEqual(doubled, {
      kind: "doubled-rows",
      ...PLACE,
      by: ["ID", "UPDATED_AT"],
      window: "after 2025-12-17 16:49:00",
      pairs: 1,
    });
  });

  it("finds them after the back-up was dropped as well", async () => {
    await using world = await startChangeWorld();
    await world.update("Job", world.job, withTelefone(undefined, { backUp: { keepDays: 0 } }));
    world.emulator.clock.advance(DAY_MS);
    await doctorOf(world).heal();
    await double(world, 3);

    const { pairs } = only(await doctorOf(world).look(), "doubled-rows");

    assert.equal(pairs, 1);
  });

  it("does not call doubled what stood there twice before the change, nor what lies outside its window", async () => {
    await using world = await startChangeWorld();
    await world.update("Job", world.job, withTelefone());
    await double(world, 3, "__BK_");
    await double(world, 3);
    await asSomebody(
      world,
      `INSERT INTO ${TABLE} SELECT * FROM ${TABLE} WHERE ID = 1 AND UPDATED_AT < '2025-12-17 16:00:00'`,
    );

    assert.deepEqual(await doctorOf(world).kinds(), []);
  });

  it("finds columns gone that stood there at the last change", async () => {
    await using world = await startChangeWorld();
    await world.update("Job", world.job, withTelefone());
    await asSomebody(
      world,
      `CREATE TABLE PUBLIC.LESS AS SELECT ID, CLIENTE_ID, VALOR, CREATED_AT, UPDATED_AT FROM ${TABLE}`,
    );
    await asSomebody(world, `DROP TABLE ${TABLE}`);
    await asSomebody(world, `CREATE TABLE ${TABLE} AS SELECT * FROM PUBLIC.LESS`);
    await asSomebody(world, `GRANT SELECT ON TABLE ${TABLE} TO ROLE LOADER`);

    const missing = only(await doctorOf(world).look(), "missing-columns");

    assert.deepEqual(missing, {
      kind: "missing-columns",
      ...PLACE,
      columns: ["STATUS", "telefone"],
      why: "gone-since-last-change",
    });
  });

  it("finds a column that stayed in the job after an undo and that no run brings", async () => {
    await using world = await startChangeWorld();
    world.emulator.runs.failNext("out of memory", 3);
    await assert.rejects(world.update("Job", world.job, withTelefone()));
    const quiet = await doctorOf(world).look();
    await asSomebody(
      world,
      `INSERT INTO ${TABLE} SELECT 6, CLIENTE_ID, VALOR, STATUS, CREATED_AT, DATEADD(hour, 1, UPDATED_AT) FROM ${TABLE}`,
    );

    const { columns, why } = only(await doctorOf(world).look(), "missing-columns");

    assert.deepEqual(quiet.findings, []);
    assert.match(quiet.notes.join(), /lists telefone, which .* does not have yet/);
    assert.deepEqual([columns, why], [["telefone"], "listed-but-not-loaded"]);
  });

  it("only notes a listed column that waits for its first row", async () => {
    await using world = await startChangeWorld();
    await world.update("Job", world.job, withTelefone());
    await world.process.contextOf("").doors.maestro.addJobColumns(jobId.parse(JOB), ["canal"]);

    const { findings, notes } = await doctorOf(world).look();

    assert.deepEqual(findings, []);
    assert.deepEqual(notes, [
      `Job ${JOB} lists canal, which ${TABLE} does not have yet: the first row that a run brings adds it.`,
    ]);
  });

  it("finds a table gone, and not one whose job is gone", async () => {
    await using world = await startChangeWorld();
    await world.update("Job", world.job, withTelefone());
    await asSomebody(world, `DROP TABLE ${TABLE}`);
    const gone = await doctorOf(world).look();
    const { maestro } = world.process.contextOf("").doors;
    await maestro.deletePipeline(pipelineId.parse(PIPELINE));

    const forgotten = await doctorOf(world).look();

    assert.deepEqual(only(gone, "missing-table"), { kind: "missing-table", ...PLACE });
    assert.deepEqual(forgotten.findings, []);
  });

  it("says which one it may not read", async () => {
    await using world = await startChangeWorld();
    await world.update("Job", world.job, withTelefone());
    await asSomebody(world, `REVOKE SELECT ON TABLE ${TABLE} FROM ROLE LOADER`);

    const { findings, notes } = await doctorOf(world).look();

    assert.deepEqual(findings, []);
    assert.deepEqual(notes, [`Not looked at: the role may not read ${TABLE}.`]);
  });
});

/** Puts the rows of an order into the table, or into its back-up, once more. */
async function double(world: World, id: number, like = TABLE.slice(7)): Promise<void> {
  const tables = await world.emulator.warehouse.rows(
    "SELECT TABLE_NAME FROM DADOSFERA.INFORMATION_SCHEMA.TABLES",
  );
  const name = tables.map((row) => String(row["TABLE_NAME"])).find((each) => each.includes(like));
  await asSomebody(
    world,
    `INSERT INTO PUBLIC.${name} SELECT * FROM PUBLIC.${name} WHERE ID = ${id} AND UPDATED_AT > '2025-12-17 16:49:00'`,
  );
}
