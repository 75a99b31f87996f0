import assert from "node:assert/strict";
import { complaintOf, writesOf } from "../support/complaint.js";
import { aPipeline, PIPELINE, startWorld, TABLE, type World } from "../support/world.js";

describe("rows that outlived a pipeline", function () {
  this.timeout(20_000);

  it("are in the way of a new one until the program says what to do with them", async () => {
    await using world = await startWorldWithRows();

    const { code, message } = await complaintOf(world.create("Pipeline", aPipeline()));

    assert.equal(code, "DESTINATION_NOT_EMPTY");
    assert.equal(
      message,
      `Did not create pipeline "Orders" (${PIPELINE}): its destination ${TABLE} holds 5 rows already.\n` +
        "Nothing was changed.\n" +
        'Say what happens to them: `existingRows: "append"` keeps them and loads beside them, `existingRows: "delete"` deletes them first.',
    );
    assert.equal(writesOf(world).filter((write) => write === "POST /platform/pipeline").length, 1);
  });

  it('stay beside the new ones with "append"', async () => {
    await using world = await startWorldWithRows();

    await world.create("Pipeline", aPipeline({ existingRows: "append" }));

    assert.equal((await world.rows()).length, 10);
  });

  it('give way with "delete"', async () => {
    await using world = await startWorldWithRows();

    await world.create("Pipeline", aPipeline({ existingRows: "delete" }));

    assert.equal((await world.rows()).length, 5);
    assert.equal(
      world.shown.some(({ text }) => text.startsWith(`deleted 5 rows that were in ${TABLE}`)),
      true,
    );
  });

  it("are warned of where nobody can look", async () => {
    await using world = await startWorld({}, { SNOWFLAKE_ACCOUNT: "", SNOWFLAKE_USER: "" });

    await world.create("Pipeline", aPipeline());

    assert.deepEqual(world.shown.filter(({ severity }) => severity === "warning").map(textOf), [
      "not checked whether the destination tables hold rows already: no settings of Snowflake are given",
    ]);
  });
});

function textOf({ text }: { readonly text: string }): string {
  return text;
}

/** A pipeline was created, has loaded its rows, and was deleted. */
async function startWorldWithRows(): Promise<World> {
  const world = await startWorld();
  const { outs } = await world.create("Pipeline", aPipeline());
  await world.providers.Pipeline.delete?.(PIPELINE, outs ?? {});
  return world;
}
