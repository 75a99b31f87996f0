import assert from "node:assert/strict";
import type { Emulator } from "pulumi-dadosfera/testing";
import { ordersProgram, withOneRowPerKey, withPhone } from "../support/orders-program.js";
import type { ProgramFolder } from "../support/program-folder.js";
import { narration } from "./narration.js";
import type { Pulumi } from "./pulumi.js";
import type { DemoSource } from "./source.js";
import type { Row } from "./table-text.js";

const PIPELINE = "7b8b3399-b8c0-4fc5-9116-142cd9f4e7ae";
const TABLE = "tb__xqfu8g__cadastros__pedidos";
const PHONES = ["11999990001", "11999990002", "11999990003", "11999990004", "11999990005"];

/** Where the walkthrough takes place. */
export interface Scene {
  readonly dadosfera: Emulator;
  readonly folder: ProgramFolder;
  readonly pulumi: Pulumi;
  readonly source: DemoSource;
}

export async function walk(scene: Scene): Promise<void> {
  await createPipeline(scene);
  await changeSource(scene);
  await replicateWithoutColumn(scene);
  await previewColumn(scene);
  await addColumn(scene);
  await keepOneRowPerKey(scene);
  await seeThatNothingIsLeft(scene);
}

async function createPipeline(scene: Scene): Promise<void> {
  const { dadosfera, pulumi } = scene;
  narration.heading("1. A pipeline loads five orders");
  const source = await sourceRows(scene);
  narration.table("At the source, cadastros.pedidos", source);
  narration.text("The program:");
  narration.program(ordersProgram());
  await pulumi.run("up", "--yes", "--skip-preview");
  const loaded = await loadedRows(dadosfera);
  narration.table(`In Snowflake, PUBLIC.${TABLE}`, loaded);
  narration.claim(`Pipeline ${PIPELINE} ran once, by itself.`, () => {
    const runs = dadosfera.runs.all.map(({ pipelineId, status }) => ({ pipelineId, status }));
    assert.deepEqual(runs, [{ pipelineId: PIPELINE, status: "SUCCESS" }]);
  });
  narration.claim("The five orders are in Snowflake, each once.", () =>
    assert.deepEqual(ordersOf(loaded), ordersOf(source)),
  );
}

async function changeSource(scene: Scene): Promise<void> {
  const { newColumn, fill, run } = scene.source;
  narration.heading("2. The source gains a column");
  narration.text(`${newColumn};`, `${fill};`);
  await run(scene.dadosfera, newColumn, fill);
  const source = await sourceRows(scene);
  narration.table("At the source, cadastros.pedidos", source);
  narration.claim("Every order has a phone number and a newer updated_at.", () => {
    assert.deepEqual(valuesOf(source, "telefone"), PHONES);
    assert.equal(source.filter((row) => String(row["updated_at"]) > "2025-12-17 16:49").length, 5);
  });
}

async function replicateWithoutColumn({ dadosfera }: Scene): Promise<void> {
  narration.heading("3. A run comes before the program knows of the column");
  narration.text("Somebody runs the pipeline at Dadosfera, and waits for its end.");
  dadosfera.runs.start(PIPELINE, "manual");
  await dadosfera.runs.idle();
  const loaded = await loadedRows(dadosfera);
  narration.table(`In Snowflake, PUBLIC.${TABLE}`, loaded);
  narration.claim("The newer version of each order arrived, without its phone number.", () => {
    assert.deepEqual(valuesOf(loaded, "ID").map(Number), [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    assert.ok(!Object.keys(loaded[0] ?? {}).includes("TELEFONE"));
  });
}

async function previewColumn({ dadosfera, folder, pulumi }: Scene): Promise<void> {
  narration.heading("4. The program gains the column, and says what is to happen to the rows");
  narration.edit("orders.ts", folder.edit(withPhone));
  const before = await loadedRows(dadosfera);
  const text = await pulumi.run("preview");
  narration.claim(
    "The preview names the steps, the rows that will be loaded again, and the SQL.",
    () => {
      assert.match(text, /add-columns +PATCH column_include_list: telefone/);
      assert.match(
        text,
        /5 of 10 rows \(50 %\) will be loaded again, and then their old copies deleted/,
      );
      assert.match(text, /DELETE FROM .*> '2025-12-17 16:49:00/);
    },
  );
  const after = await loadedRows(dadosfera);
  narration.claim("It changed nothing.", () => assert.deepEqual(after, before));
}

async function addColumn({ dadosfera, pulumi }: Scene): Promise<void> {
  narration.heading("5. The column travels");
  const before = await loadedRows(dadosfera);
  await pulumi.run("up", "--yes", "--skip-preview");
  const after = await loadedRows(dadosfera);
  narration.table(`In Snowflake, PUBLIC.${TABLE}`, after);
  narration.claim("Every order's newer version has its phone number.", () =>
    assert.deepEqual(
      valuesOf(after, "TELEFONE"),
      PHONES.flatMap((phone) => [null, phone]),
    ),
  );
  narration.claim("No row was lost, none was doubled, and no other value changed.", () =>
    assert.deepEqual(
      after.map(({ TELEFONE: _phone, ...row }) => row),
      before,
    ),
  );
}

async function keepOneRowPerKey(scene: Scene): Promise<void> {
  const { dadosfera, folder, pulumi } = scene;
  narration.heading("6. One row per order");
  narration.edit("orders.ts", folder.edit(withOneRowPerKey));
  await pulumi.run("preview");
  await pulumi.run("up", "--yes", "--skip-preview");
  const source = await sourceRows(scene);
  const orders = await dadosfera.warehouse.rows(`SELECT * FROM STAGED.${TABLE} ORDER BY ID`);
  narration.table(`In Snowflake, STAGED.${TABLE}`, orders);
  narration.claim("There is one row per id: the newest, as it stands at the source.", () => {
    assert.deepEqual(ordersOf(orders), ordersOf(source));
    assert.deepEqual(valuesOf(orders, "TELEFONE"), PHONES);
  });
}

async function seeThatNothingIsLeft({ dadosfera, pulumi }: Scene): Promise<void> {
  narration.heading("7. Nothing is left to do");
  const requests = dadosfera.requests.length;
  const text = await pulumi.run("preview");
  narration.claim("The preview shows no change, and asked Maestro nothing.", () => {
    assert.match(text, /\n +3 unchanged/);
    assert.doesNotMatch(text, /to (create|update|delete|replace)/);
    assert.equal(dadosfera.requests.length, requests);
  });
}

function sourceRows({ source, dadosfera }: Scene): Promise<readonly Row[]> {
  return source.orders(dadosfera);
}

function loadedRows({ warehouse }: Emulator): Promise<readonly Row[]> {
  return warehouse.rows(`SELECT * FROM PUBLIC.${TABLE} ORDER BY ID, UPDATED_AT`);
}

function valuesOf(rows: readonly Row[], column: string): readonly unknown[] {
  return rows.map((row) => row[column]);
}

/** What an order is, in one form: source and warehouse differ in the case of columns and in trailing zeros. */
function ordersOf(rows: readonly Row[]): readonly unknown[] {
  return rows.map((row) => {
    const value = (column: string) => row[column] ?? row[column.toUpperCase()];
    return {
      id: Number(value("id")),
      customer: Number(value("cliente_id")),
      amount: Number(value("valor")),
      status: value("status"),
      createdAt: String(value("created_at")).replace(/\.000$/, ""),
      updatedAt: String(value("updated_at")).replace(/\.000$/, ""),
    };
  });
}
