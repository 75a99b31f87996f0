import assert from "node:assert/strict";
import { withOneRowPerKey, withPhone } from "../support/orders-program.js";
import { openOrdersStack, PHONES } from "../support/orders-stack.js";

describe("a program's new column", function () {
  this.timeout(120_000);

  it("arrives filled, without a lost or doubled row, then one row per key, and then there is nothing to ask Maestro", async () => {
    await using stack = await openOrdersStack();
    const created = await stack.up({ skipPreview: true });
    const first = await stack.rows();
    await stack.changeSource();
    await stack.run();
    const before = await stack.rows();

    stack.folder.edit(withPhone);
    const preview = await stack.preview();
    const untouched = await stack.rows();
    const changed = await stack.up({ skipPreview: true });
    const after = await stack.rows();
    stack.folder.edit(withOneRowPerKey);
    const deduplicated = await stack.up({ skipPreview: true });
    const orders = await stack.rows("STAGED.TB__XQFU8G__CADASTROS__PEDIDOS");
    const requests = stack.emulator.requests.length;
    const last = await stack.preview();

    assert.deepEqual(created.changeSummary, { create: 3 }, created.stdout);
    assert.equal(created.outputs["table"], "tb__xqfu8g__cadastros__pedidos");
    assert.deepEqual([first.length, before.length], [5, 10]);
    assert.match(
      preview.stdout,
      /5 of 10 rows \(50 %\) will be loaded again, and then their old copies deleted/,
    );
    assert.deepEqual(untouched, before);
    assert.equal(changed.exitCode, 0, changed.stdout);
    assert.deepEqual(
      after.map(({ TELEFONE }) => TELEFONE),
      PHONES.flatMap((phone) => [null, phone]),
    );
    assert.deepEqual(
      after.map(({ TELEFONE: _phone, ...row }) => row),
      before,
    );
    assert.equal(deduplicated.exitCode, 0, deduplicated.stdout);
    assert.deepEqual(
      orders,
      after.filter(({ TELEFONE }) => TELEFONE !== null),
    );
    assert.deepEqual(last.changeSummary, { same: 3 }, last.stdout);
    assert.equal(stack.emulator.requests.length, requests);
  });

  it("that fails ends with 1, says so once in three lines without a stack trace, and is made by the next up", async () => {
    await using stack = await openOrdersStack();
    await stack.up({ skipPreview: true });
    await stack.changeSource();
    await stack.run();
    const before = await stack.rows();
    stack.folder.edit(withPhone);
    stack.emulator.runs.failNext("out of memory", 3);

    const failed = await stack.up({ skipPreview: true });
    const undone = await stack.rows();
    const mended = await stack.up({ skipPreview: true });

    const [, diagnostics = ""] = failed.stdout.split("Diagnostics:");
    assert.equal(failed.exitCode, 1);
    assert.match(diagnostics, /error: .*out of memory.*\n {4}\S.*back as they were.*\n {4}\S.*\n/);
    assert.equal(diagnostics.split("error: Run").length, 2, diagnostics);
    assert.doesNotMatch(failed.stdout, /^\s+at .*:\d+/m);
    assert.deepEqual(undone, before);
    assert.equal(mended.exitCode, 0, mended.stdout);
    assert.equal((await stack.rows()).filter(({ TELEFONE }) => TELEFONE !== null).length, 5);
  });
});
