import assert from "node:assert/strict";
import {
  adding,
  BOOKMARK,
  effects,
  LATER_PAIR,
  lastChange,
  NEW_ORDER,
  PAIRS,
  PATIENCE_MS,
  pairs,
  runLater,
  startChangeWorld,
  without,
} from "../../support/change-world.js";
import { aJob, failuresOf, PIPELINE, TABLE, withTelefone } from "../../support/world.js";

const phonesOf = (rows: readonly Record<string, unknown>[]) => rows.map((row) => row["TELEFONE"]);
const EVENING_ORDER = NEW_ORDER.replaceAll("17:00:00", "20:00:00");
const FILLED = ["11999990001", "11999990002", "11999990003", "11999990004", "11999990005"];

describe("the window of a column change", function () {
  this.timeout(PATIENCE_MS);

  it('is every row for "all", which leaves the newest version of each key', async () => {
    await using world = await startChangeWorld();

    const outputs = await world.update("Job", world.job, withTelefone("all"));

    assert.deepEqual(phonesOf(await world.rows()), FILLED);
    assert.equal(lastChange(outputs)["deleted"], 10);
    assert.equal(world.emulator.bookmark(String(world.job["jobId"])), "2025-12-17 16:50:05");
  });

  it('is empty for "none", which only adds the column and asks nothing of a warehouse', async () => {
    await using world = await startChangeWorld({
      settings: { SNOWFLAKE_ACCOUNT: "", SNOWFLAKE_USER: "" },
    });
    const before = await world.rows();
    const sent = effects(world).length;

    await world.update("Job", world.job, withTelefone("none"));

    assert.deepEqual(effects(world).slice(sent), ["PATCH input"]);
    assert.deepEqual(await world.rows(), before);
    assert.deepEqual(world.emulator.warehouse.statements, []);
  });

  it("never holds rows without a cursor, and the preview counts them", async () => {
    await using world = await startChangeWorld();
    await world.emulator.warehouse.loader.load({
      schema: "PUBLIC",
      table: "TB__XQFU8G__CADASTROS__PEDIDOS",
      columns: ["id", "cliente_id", "valor", "status", "created_at", "updated_at"],
      query: "SELECT 99, 1, 1.00, 'pago', TIMESTAMP '2025-01-01', NULL",
      replace: false,
    });

    await world.update("Job", world.job, withTelefone());

    const kept = (await world.rows()).filter((row) => String(row["ID"]) === "99");
    assert.equal(kept.length, 1);
    assert.match(shownText(world), /1 row has no cursor value: it stays as it is/);
  });

  it("holds rows that arrive while nothing has been deleted yet", async () => {
    await using world = await startChangeWorld();
    const { source } = world.emulator;
    await source.run(
      "INSERT INTO cadastros.pedidos VALUES (6, 105, 10.00, 'pago', '2025-12-17 17:00:00', '2025-12-17 17:00:00', '11999990006')",
    );

    await world.update("Job", world.job, withTelefone());

    assert.deepEqual(phonesOf(await world.rows()).filter(Boolean), [...FILLED, "11999990006"]);
  });

  it("carries two columns at once", async () => {
    await using world = await startChangeWorld();
    await world.emulator.source.run(
      "ALTER TABLE cadastros.pedidos ADD COLUMN canal VARCHAR DEFAULT 'web'",
    );
    const before = await world.rows();

    const outputs = await world.update(
      "Job",
      world.job,
      adding(["telefone", "canal"], { after: BOOKMARK }),
    );

    const after = await world.rows();
    assert.deepEqual(without("CANAL", without("TELEFONE", after)), before);
    assert.equal(after.filter((row) => row["CANAL"] === "web").length, 5);
    assert.deepEqual(lastChange(outputs)["columns"], ["telefone", "canal"]);
  });

  it("is loaded again when a trigger changes, without adding anything", async () => {
    await using world = await startChangeWorld();
    const first = await world.update("Job", world.job, withTelefone());
    await world.emulator.source.run("UPDATE cadastros.pedidos SET telefone = '0' || telefone");
    const sent = effects(world).length;

    await world.update("Job", first, withTelefone(undefined, { triggers: ["again"] }));

    const phones = phonesOf(await world.rows()).filter(Boolean);
    assert.deepEqual(
      phones,
      FILLED.map((phone) => `0${phone}`),
    );
    assert.ok(!effects(world).slice(sent).includes("PATCH input"));
  });

  it("is found whatever the case of the names", async () => {
    await using world = await startChangeWorld({ job: upperCase() });

    const outputs = await world.update(
      "Job",
      world.job,
      adding(["TELEFONE"], { after: BOOKMARK }, upperCase(["TELEFONE"])),
    );

    assert.deepEqual(phonesOf(await world.rows()).filter(Boolean), FILLED);
    assert.equal(lastChange(outputs)["deleted"], 5);
  });

  it("begins at a free second: one that rows carry is refused with the nearest that is free", async () => {
    await using world = await startChangeWorld();

    await assert.rejects(
      world.update("Job", world.job, withTelefone({ after: "2025-12-17 16:50:03" })),
      { message: /a row carries it[\s\S]*after: "2025-12-17 16:49:59"/ },
    );
  });

  it("is refused where a row came to carry the bookmark after the preview, before anything is deleted", async () => {
    await using world = await startChangeWorld();
    const { warehouse } = world.emulator;
    const stop = warehouse.faults.on(({ sql }) => {
      if (!sql.startsWith("MERGE INTO")) return { kind: "none" };
      stop();
      const row = `INSERT INTO ${TABLE} (ID, UPDATED_AT) VALUES (6, '${BOOKMARK}')`;
      return { kind: "run", work: async () => void (await warehouse.rows(row)) };
    });

    const change = world.update("Job", world.job, withTelefone());

    await assert.rejects(change, {
      message: /a row carries it[\s\S]*No row of .* was deleted/,
    });
    assert.equal((await world.rows()).length, 11);
  });

  it("may be empty: then nothing is deleted, and what arrives short of the bookmark is not skipped", async () => {
    await using world = await startChangeWorld();
    await world.emulator.source.run(NEW_ORDER);

    const news = withTelefone({ after: "2025-12-17 19:49:00" });
    const outputs = await world.update("Job", world.job, news);

    const [first, ...others] = phonesOf(await world.rows()).filter(Boolean);
    assert.deepEqual([first, others], ["11999990006", []]);
    assert.equal(lastChange(outputs)["deleted"], 0);
    assert.deepEqual(await runLater(world), [...PAIRS, "6 2025-12-17 17:00:00", LATER_PAIR]);
    assert.ok(!effects(world).some((effect) => effect.includes("reset-state")));
  });

  it("that was empty and fills before the job loads the column is loaded by another up", async () => {
    await using world = await startChangeWorld();
    const news = withTelefone({ after: "2025-12-17 19:00:00" });
    const fill = async () => {
      await world.emulator.source.run(EVENING_ORDER);
      world.emulator.runs.start(PIPELINE, "scheduled");
      await world.emulator.runs.idle();
    };
    world.emulator.faults.once("PATCH", "/input", { kind: "run", work: fill });
    await assert.rejects(world.update("Job", world.job, news), {
      message:
        /1 row arrived in the window .* before the job loaded telefone[\s\S]*`pulumi up` again/,
    });

    await world.another().update("Job", world.job, news);

    const rows = await world.rows();
    assert.deepEqual(pairs(rows), [...PAIRS, "6 2025-12-17 20:00:00"]);
    assert.deepEqual(phonesOf(rows).filter(Boolean), ["11999990006"]);
  });

  it("may not hold more rows than the limits allow", async () => {
    await using world = await startChangeWorld();

    await assert.rejects(
      world.update("Job", world.job, withTelefone(undefined, { limits: { deletedRows: 4 } })),
      { message: /Will not delete 5 of 10 rows \(50 %\) from .*`limits.deletedRows` allows 4/ },
    );
    assert.equal((await world.rows()).length, 10);
  });

  it("needs a backfill that is for exactly the columns being added", async () => {
    await using world = await startChangeWorld();
    const silent = { ...withTelefone(), backfill: undefined };

    assert.match(await failuresOf(world, "Job", aJob(), silent), /nothing says what happens/);
  });
});

function shownText({ shown }: { readonly shown: readonly { readonly text: string }[] }): string {
  return shown.map(({ text }) => text).join("\n");
}

function upperCase(more: readonly string[] = []) {
  return {
    primaryKeys: ["ID"],
    input: {
      incrementalColumnName: "UPDATED_AT",
      columnIncludeList: [
        "ID",
        "CLIENTE_ID",
        "VALOR",
        "STATUS",
        "CREATED_AT",
        "UPDATED_AT",
        ...more,
      ],
    },
  };
}
