import assert from "node:assert/strict";
import {
  administer,
  beforeStatement,
  type ChangeWorld,
  LATER_PAIR,
  PATIENCE_MS,
  runLater,
  startChangeWorld,
} from "../../support/change-world.js";
import { TABLE, withTelefone } from "../../support/world.js";

describe("undoing a column change of a table that held no cursor", function () {
  this.timeout(PATIENCE_MS);

  it("has the next run bring what a good run had brought, which goes with the change", async () => {
    await using world = await startEmpty();
    doubleRows(world);

    await assert.rejects(world.update("Job", world.job, withTelefone("all")), {
      message: /back as they were/,
    });

    assert.deepEqual(await world.rows(), []);
    assert.deepEqual(await runLater(world), [FIRST_PAIR, LATER_PAIR]);
  });

  it("puts a row without a cursor back, and has the next run bring the others", async () => {
    await using world = await startEmpty();
    await administer(world, `INSERT INTO ${TABLE} (ID, UPDATED_AT) VALUES (99, NULL)`);
    doubleRows(world);

    await assert.rejects(world.update("Job", world.job, withTelefone("all", GENEROUS)), {
      message: /back as they were/,
    });

    assert.deepEqual(await runLater(world), [FIRST_PAIR, LATER_PAIR, "99 null"]);
  });

  it("clears the state that failed runs moved", async () => {
    await using world = await startEmpty({ failedRunMovesBookmark: true });
    world.emulator.runs.failNext("out of memory", 3);

    await assert.rejects(world.update("Job", world.job, withTelefone("all")), {
      message: /the third in a row/,
    });

    assert.deepEqual(await runLater(world), [FIRST_PAIR, LATER_PAIR]);
  });
});

const GENEROUS = { limits: { deletedPercent: 100 } };
const FIRST_PAIR = "1 2025-12-17 17:00:00";

/** A job that ran while its source was empty, which then came to hold one order. */
async function startEmpty(switches = {}): Promise<ChangeWorld> {
  const world = await startChangeWorld({ prepare: "DELETE FROM cadastros.pedidos", switches });
  await world.emulator.source.run(
    "INSERT INTO cadastros.pedidos (id, cliente_id, valor, status, created_at, updated_at) VALUES (1, 101, 1.00, 'pago', '2025-12-17 17:00:00', '2025-12-17 17:00:00')",
  );
  return world;
}

/** Somebody doubles what the run brought, just before it is verified. */
function doubleRows(world: ChangeWorld): void {
  beforeStatement(world, /AS DOUBLED/, () =>
    administer(world, `INSERT INTO ${TABLE} SELECT * FROM ${TABLE} WHERE ID = 1`),
  );
}
