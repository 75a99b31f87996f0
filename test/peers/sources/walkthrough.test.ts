import assert from "node:assert/strict";
import { withOneRowPerKey, withPhone } from "../../support/orders-program.js";
import { openOrdersStack, PHONES } from "../../support/orders-stack.js";
import { SERVERS, serverOf } from "../../support/real-source.js";
import { IS_WHOLE } from "../whole.js";

for (const served of SERVERS) {
  describe(`a program's new column, from ${served.title}, with PEERS=all`, function () {
    this.timeout(120_000);
    // Without an engine, column changes from the same servers are tried by `changes`, always.
    before(function () {
      if (!IS_WHOLE) this.skip();
    });
    const server = serverOf(served);

    it("arrives filled, without a lost or doubled row, and then one row per key", async () => {
      await using stack = await openOrdersStack({ server: server() });
      await stack.up({ skipPreview: true });
      await stack.changeSource();
      await stack.run();
      const before = await stack.rows();

      stack.folder.edit(withPhone);
      const changed = await stack.up({ skipPreview: true });
      const after = await stack.rows();
      stack.folder.edit(withOneRowPerKey);
      const deduplicated = await stack.up({ skipPreview: true });
      const orders = await stack.rows("STAGED.TB__XQFU8G__CADASTROS__PEDIDOS");

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
    });
  });
}
