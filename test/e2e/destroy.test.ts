import assert from "node:assert/strict";
import { replaced } from "../support/orders-program.js";
import { openOrdersStack, PIPELINE } from "../support/orders-stack.js";

describe("destroying a stack", function () {
  this.timeout(60_000);

  it("deletes the pipeline at Maestro, and leaves its table as it is", async () => {
    await using stack = await openOrdersStack();
    await stack.up({ skipPreview: true });
    const before = await stack.rows();

    const destroy = await stack.destroy();
    const answer = await stack.askMaestro("GET", `/platform/pipeline/${PIPELINE}`);

    assert.equal(destroy.exitCode, 0, destroy.stdout);
    assert.equal(answer.status, 404);
    assert.deepEqual(await stack.rows(), before);
  });

  it("deletes nothing that is protected", async () => {
    await using stack = await openOrdersStack();
    stack.folder.edit((program) => replaced(program, "  ],\n});", "  ],\n}, { protect: true });"));
    await stack.up({ skipPreview: true });

    const destroy = await stack.destroy();
    const answer = await stack.askMaestro("GET", `/platform/pipeline/${PIPELINE}`);

    assert.equal(destroy.exitCode, 1);
    assert.match(destroy.stdout, /protect/);
    assert.equal(answer.status, 200);
  });
});
