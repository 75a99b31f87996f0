import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { replaced } from "../support/orders-program.js";
import { type OrdersStack, openOrdersStack } from "../support/orders-stack.js";
import { PACKAGE_ROOT } from "../support/package-root.js";
import { ProgramFolder } from "../support/program-folder.js";

const ELSEWHERE = "5e0c9a41-2d7f-4b86-a3c4-9f61d208be73";
const TABLE = "PUBLIC.TB__MAGJWO__CADASTROS__CLIENTES";

describe("a job of a pipeline that lives elsewhere", function () {
  this.timeout(60_000);

  it("is taken over as it is, and then gets its column", async () => {
    const program = readFileSync(join(PACKAGE_ROOT, "stacks", "customers.ts"), "utf8");
    await using stack = await openOrdersStack({ folder: new ProgramFolder(program) });
    await createElsewhere(stack);

    const taken = await stack.up({ skipPreview: true });
    await stack.emulator.source.run(
      "ALTER TABLE cadastros.clientes ADD COLUMN cidade VARCHAR(40) DEFAULT 'Recife'",
    );
    stack.folder.edit(withCity);
    const changed = await stack.up({ skipPreview: true });
    const rows = await stack.rows(TABLE);

    assert.deepEqual(taken.changeSummary, { create: 2 }, taken.stdout);
    assert.equal(taken.outputs["table"], "tb__magjwo__cadastros__clientes");
    assert.deepEqual(changed.changeSummary, { same: 1, update: 1 }, changed.stdout);
    assert.deepEqual(
      rows.map(({ ID, CIDADE }) => [Number(ID), CIDADE]),
      [
        [1, "Recife"],
        [2, "Recife"],
      ],
    );
  });
});

async function createElsewhere(stack: OrdersStack): Promise<void> {
  await stack.emulator.source.run(`
    CREATE TABLE cadastros.clientes (id INTEGER PRIMARY KEY, nome VARCHAR, updated_at TIMESTAMP);
    INSERT INTO cadastros.clientes VALUES
      (1, 'Ana', '2025-12-17 14:01:00'), (2, 'Rui', '2025-12-17 14:02:00');
  `);
  const answer = await stack.askMaestro("POST", "/platform/pipeline", {
    id: ELSEWHERE,
    name: "Customers",
    description: "clientes",
    cron: "@once",
    jobs: [
      {
        input: {
          connector: "jdbc",
          plugin: "mysql",
          table_schema: "cadastros",
          table_name: "clientes",
          load_type: "incremental",
          incremental_column_name: "updated_at",
          incremental_column_type: "timestamp",
          column_include_list: ["id", "nome", "updated_at"],
          auth_parameters: {
            auth_type: "connection_manager",
            config_id: "1763991009206_kvpd3364_mysql-1.0.0",
          },
        },
        transformations: [],
        output: { plugin: "dadosfera_snowflake" },
      },
    ],
  });
  assert.ok(answer.ok, await answer.text());
  await stack.emulator.runs.idle();
}

function withCity(program: string): string {
  return replaced(
    replaced(program, '"updated_at"]', '"updated_at", "cidade"]'),
    'primaryKeys: ["id"],',
    'primaryKeys: ["id"],\n  backfill: { columns: ["cidade"], rows: "all" },',
  );
}
