import assert from "node:assert/strict";
import { startLoadedWorld, TABLE, withTelefone } from "../../support/world.js";

describe("a column change of an incremental job", () => {
  it("loads the window again with the new column, and leaves every other row as it was", async () => {
    await using world = await startLoadedWorld();
    const before = await world.rows();

    const outputs = await world.update("Job", world.job, withTelefone());

    const after = await world.rows();
    const phones = after.map((row) => row["TELEFONE"]);
    const filled = ["11999990001", "11999990002", "11999990003", "11999990004", "11999990005"];
    assert.deepEqual(
      phones,
      filled.flatMap((phone) => [null, phone]),
    );
    assert.deepEqual(
      after.map(({ TELEFONE: _telefone, ...row }) => row),
      before,
    );
    assert.equal((outputs["lastChange"] as Record<string, unknown>)["deleted"], 5);
  });

  it("puts the rows and the state back when the source lacks the column, and says so", async () => {
    await using world = await startLoadedWorld();
    await world.emulator.source.run("ALTER TABLE cadastros.pedidos DROP COLUMN telefone");
    const before = await world.rows();

    await assert.rejects(world.update("Job", world.job, withTelefone()), {
      message: /the third in a row[\s\S]*are back as they were/,
    });

    assert.deepEqual(await world.rows(), before);
    assert.equal(world.emulator.bookmark(world.job["jobId"] as string), "2025-12-17 16:50:05");
    assert.equal(
      (await world.emulator.warehouse.rows(`SELECT COUNT(*) AS N FROM ${TABLE}`))[0]?.["N"],
      10,
    );
  });
});
