import assert from "node:assert/strict";
import { type OrdersStack, openOrdersStack } from "../support/orders-stack.js";
import { ProgramFolder } from "../support/program-folder.js";

const ITEMS = "PUBLIC.TB__XQFU8G__CADASTROS__ITENS";

describe("two jobs of one pipeline that change in one up", function () {
  this.timeout(120_000);

  for (const { parallel, runs } of [
    { parallel: 1, runs: 2 },
    { parallel: 8, runs: 1 },
  ]) {
    it(`each get their column with --parallel ${parallel}, and no row more or less, in ${runs === 1 ? "a run together" : "a run each"}`, async () => {
      await using stack = await openOrdersStack({ folder: new ProgramFolder(twoJobs()) });
      await openItems(stack);
      await stack.up({ skipPreview: true });
      const before = [await stack.rows(), await stack.rows(ITEMS)];
      const runsBefore = stack.emulator.runs.all.length;
      await stack.emulator.source.run(`
        ALTER TABLE cadastros.pedidos ADD COLUMN telefone VARCHAR(20) DEFAULT '11';
        ALTER TABLE cadastros.itens ADD COLUMN peso_kg INTEGER DEFAULT 7;
      `);

      stack.folder.edit(() => twoJobs({ pedidos: "telefone", itens: "peso_kg" }));
      const up = await stack.up({ skipPreview: true, parallel });
      const [orders, items] = [await stack.rows(), await stack.rows(ITEMS)];

      assert.deepEqual(up.changeSummary, { same: 2, update: 2 }, up.stdout);
      assert.equal(stack.emulator.runs.all.length - runsBefore, runs);
      assert.deepEqual(
        [orders.map(({ TELEFONE, ...row }) => row), items.map(({ PESO_KG, ...row }) => row)],
        before,
      );
      assert.ok(orders.every(({ TELEFONE }) => TELEFONE === "11"));
      assert.ok(items.every(({ PESO_KG }) => PESO_KG === 7));
    });
  }
});

async function openItems({ emulator }: OrdersStack): Promise<void> {
  await emulator.source.run(`
    CREATE TABLE cadastros.itens (id INTEGER PRIMARY KEY, updated_at TIMESTAMP NOT NULL);
    INSERT INTO cadastros.itens VALUES (1, '2025-12-17 14:01:00'), (2, '2025-12-17 14:02:00');
  `);
}

/** A program with a job for each of two tables; a column that is given is added, for all rows. */
function twoJobs(added: { readonly pedidos?: string; readonly itens?: string } = {}): string {
  return `import { Pipeline } from "pulumi-dadosfera";

const added = ${JSON.stringify(added)} as Record<string, string | undefined>;
const jobs = ["pedidos", "itens"].map((tableName) => {
  const columns = added[tableName] === undefined ? [] : [added[tableName]];
  return {
    input: {
      connector: "jdbc" as const,
      plugin: "mysql",
      tableSchema: "cadastros",
      tableName,
      loadType: "incremental" as const,
      incrementalColumnName: "updated_at",
      incrementalColumnType: "timestamp",
      columnIncludeList: ["id", "updated_at", ...columns],
      authParameters: { authType: "connection_manager" as const, configId: "1763991009206_kvpd3364_mysql-1.0.0" },
    },
    output: { plugin: "dadosfera_snowflake" as const },
    primaryKeys: ["id"],
    ...(columns.length > 0 && { backfill: { columns, rows: "all" as const } }),
  };
});
new Pipeline("orders", { pipelineId: "7b8b3399-b8c0-4fc5-9116-142cd9f4e7ae", name: "Orders", cron: "@once", jobs });
`;
}
