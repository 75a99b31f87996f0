import assert from "node:assert/strict";
import {
  adding,
  BOOKMARK,
  beforeStatement,
  effects,
  LATER_PAIR,
  PAIRS,
  PATIENCE_MS,
  pairs,
  runLater,
  startChangeWorld,
} from "../../support/change-world.js";
import { aJob, JOB, type Props, TABLE } from "../../support/world.js";

const FULL = { input: { loadType: "full_load" } };
const QUALIFY = { input: { loadType: "incremental_with_qualify" } };
const NEWEST = [1, 2, 3, 4, 5].map((id) => `${id} 2025-12-17 16:50:0${id}`);
const STAGED = TABLE.replace("PUBLIC.", "STAGED.");

describe("a change of columns of a full_load job", function () {
  this.timeout(PATIENCE_MS);

  it("replaces the table by a run, without a DELETE or a reset", async () => {
    await using world = await startChangeWorld({ job: FULL });
    const sent = effects(world).length;

    await world.update("Job", world.job, adding(["telefone"], "all", FULL));

    assert.deepEqual(effects(world).slice(sent), ["PATCH input", "POST execute"]);
    assert.deepEqual(pairs(await world.rows()), NEWEST);
    assert.ok((await world.rows()).every((row) => row["TELEFONE"] !== null));
  });

  it("is undone by putting the whole table back", async () => {
    await using world = await startChangeWorld({
      job: FULL,
      switches: { failedRunKeepsRows: true },
    });
    const before = pairs(await world.rows());
    await world.emulator.source.run("DELETE FROM cadastros.pedidos WHERE id = 5");
    world.emulator.runs.failNext("out of memory", 3);

    await assert.rejects(world.update("Job", world.job, adding(["telefone"], "all", FULL)), {
      message: /are back as they were/,
    });

    assert.deepEqual(pairs(await world.rows()), before);
  });
});

describe("a change of columns of a deduplicated job", function () {
  this.timeout(PATIENCE_MS);

  it("looks at the deduplicated object, too", async () => {
    await using world = await startChangeWorld({ job: QUALIFY });

    await world.update("Job", world.job, adding(["telefone"], { after: BOOKMARK }, QUALIFY));

    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
    assert.match(shownText(world), /holds one row for each of 5 keys/);
    assert.deepEqual(pairs(await world.rows(STAGED)), [...NEWEST, LATER_PAIR]);
  });

  it("says that it was not checked where the role may not read it", async () => {
    await using world = await startChangeWorld({ job: QUALIFY });
    beforeStatement(world, /AS OBJECT_ROWS/, async () => {
      const [schema = "", name = ""] = STAGED.split(".");
      world.emulator.warehouse.grants.revoke({
        role: "LOADER",
        privileges: ["OWNERSHIP", "SELECT", "INSERT", "UPDATE", "DELETE"],
        on: { schema, name },
      });
    });

    await world.update("Job", world.job, adding(["telefone"], { after: BOOKMARK }, QUALIFY));

    assert.match(shownText(world), /not checked: the role may not read STAGED\.TB__/);
    assert.deepEqual(pairs(await world.rows()), PAIRS);
  });
});

describe("a change of load type", function () {
  this.timeout(PATIENCE_MS);

  for (const [from, to] of [
    ["full_load", "incremental"],
    ["full_load", "incremental_with_qualify"],
  ] as const) {
    it(`from ${from} to ${to} ends with each row once`, async () => {
      await using world = await startChangeWorld({ job: loading(from) });

      await world.update("Job", world.job, aJob(loading(to)));

      assert.deepEqual(pairs(await world.rows()), NEWEST);
      assert.deepEqual(await runLater(world), [...NEWEST, LATER_PAIR]);
    });
  }

  for (const [from, to] of [
    ["incremental", "incremental_with_qualify"],
    ["incremental_with_qualify", "incremental"],
  ] as const) {
    it(`from ${from} to ${to} leaves rows and bookmark`, async () => {
      await using world = await startChangeWorld({ job: loading(from) });

      await world.update("Job", world.job, aJob(loading(to)));

      assert.deepEqual(pairs(await world.rows()), PAIRS);
      assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
    });
  }

  for (const from of ["incremental", "incremental_with_qualify"] as const) {
    it(`from ${from} to full_load ends with what the source holds`, async () => {
      await using world = await startChangeWorld({ job: loading(from) });

      await world.update("Job", world.job, aJob(loading("full_load")));

      assert.deepEqual(pairs(await world.rows()), NEWEST);
      assert.deepEqual(await runLater(world), [...NEWEST, LATER_PAIR]);
    });
  }

  it("to full_load is undone to a job that goes on where it stood", async () => {
    await using world = await startChangeWorld();
    world.emulator.runs.failNext("out of memory", 3);

    await assert.rejects(world.update("Job", world.job, aJob(loading("full_load"))), {
      message: /are back as they were/,
    });

    assert.equal(world.emulator.bookmark(JOB), "2025-12-17 16:50:05");
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("to full_load is undone although the program names no cursor any more", async () => {
    await using world = await startChangeWorld();
    world.emulator.runs.failNext("out of memory", 3);
    const cursorless = {
      loadType: "full_load",
      incrementalColumnName: undefined,
      incrementalColumnType: undefined,
    };

    await assert.rejects(world.update("Job", world.job, aJob({ input: cursorless })), {
      message: /are back as they were/,
    });

    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("to incremental is undone to a full load", async () => {
    await using world = await startChangeWorld({ job: loading("full_load") });
    world.emulator.runs.failNext("out of memory", 3);

    await assert.rejects(world.update("Job", world.job, aJob()), {
      message: /are back as they were/,
    });

    assert.deepEqual(await runLater(world), [...NEWEST, LATER_PAIR]);
  });

  for (const kind of ["drop-before", "drop-after"] as const) {
    it(`whose answer is lost is settled by looking (${kind})`, async () => {
      await using world = await startChangeWorld();
      world.emulator.faults.once("POST", "sync-mode", { kind });

      await world
        .update("Job", world.job, aJob(loading("full_load")))
        .catch((error: Error) => assert.match(error.message, /The schedule|back|No row/));

      const rows = await runLater(world);
      assert.deepEqual(rows, [...(kind === "drop-after" ? NEWEST : PAIRS), LATER_PAIR]);
    });
  }

  it("beside new columns comes after them", async () => {
    await using world = await startChangeWorld({ job: loading("full_load") });
    const sent = effects(world).length;

    await world.update("Job", world.job, adding(["telefone"], { after: BOOKMARK }));

    assert.deepEqual(effects(world).slice(sent), [
      "PATCH input",
      "POST execute",
      "POST sync-mode",
      "POST execute",
    ]);
    assert.deepEqual(await runLater(world), [...NEWEST, LATER_PAIR]);
    assert.equal((await world.rows()).filter((row) => row["TELEFONE"] !== null).length, 5);
  });
});

function loading(loadType: string): { readonly input: Props } {
  return { input: { loadType } };
}

function shownText({ shown }: { readonly shown: readonly { readonly text: string }[] }): string {
  return shown.map(({ text }) => text).join("\n");
}
