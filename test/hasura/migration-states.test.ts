import assert from "node:assert/strict";
import { HasuraClient } from "#src/hasura/api/client.js";
import { catalogueStates, tableStates } from "#src/hasura/api/migration-states.js";
import { asked, emulatorWithHasura, troubleOf } from "../support/hasura.js";

describe("the state of migrations", function () {
  this.timeout(30_000);
  const world = emulatorWithHasura();
  const client = () =>
    new HasuraClient({ endpoint: world.emulator.hasura.url, adminSecret: "emulated-hasura" });
  const write = (state: unknown) =>
    asked(world.emulator.hasura.url, "/v1/metadata", "set_catalog_state", { type: "cli", state });

  it("of config v3 changes only the versions named, and keeps what others keep there", async () => {
    const settings = { migration_mode: "true" };
    const others = { sales: { 5: false } };
    await write({
      settings,
      mine: [1, { a: null }],
      migrations: { ...others, default: { 1: false, 2: true } },
    });

    await catalogueStates(client(), "default").write({
      set: { 2: false, 10: true },
      remove: ["1"],
    });

    assert.deepEqual(await client().readCliState(), {
      settings,
      mine: [1, { a: null }],
      migrations: { ...others, default: { 2: false, 10: true } },
    });
  });

  it("is read in the order of versions as numbers", async () => {
    await write({ migrations: { default: { 10: false, 9: true } } });

    const state = await catalogueStates(client(), "default").read();

    assert.deepEqual(
      [...state],
      [
        ["9", true],
        ["10", false],
      ],
    );
  });

  it("is written again when somebody overwrote it", async () => {
    const { faults } = world.emulator.hasura;
    let writes = 0;
    const stop = faults.on(({ body }) => {
      if ((body as { type: string }).type !== "set_catalog_state") return;
      writes += 1;
      if (writes > 1) return;
      // The CLI read before our write, and writes after it.
      return {
        kind: "run",
        when: "after",
        work: () =>
          void world.emulator.hasura.query(
            "UPDATE hdb_catalog.hdb_version SET cli_state = '{\"x\": 1}'",
          ),
      };
    });

    await catalogueStates(client(), "default").write({ set: { 7: false } });

    stop();
    assert.deepEqual(await client().readCliState(), {
      x: 1,
      migrations: { default: { 7: false } },
    });
  });

  it("says whose state stands when it is overwritten time and again", async () => {
    const { faults, query } = world.emulator.hasura;
    const stop = faults.on(({ body }) =>
      (body as { type: string }).type === "set_catalog_state"
        ? {
            kind: "run",
            when: "after",
            work: async () =>
              void (await query("UPDATE hdb_catalog.hdb_version SET cli_state = '{}'")),
          }
        : undefined,
    );

    const { code, happened } = await troubleOf(
      catalogueStates(client(), "default").write({ set: { 7: false } }),
    );

    stop();
    assert.equal(code, "HASURA_REFUSED");
    assert.match(happened, /somebody else overwrote it/);
  });

  it("of config v2 is a table in the database, made at the first write", async () => {
    const states = tableStates(client(), "default");
    const before = await states.read();
    await states.write({ set: { 1: true, 2: false } });

    await states.write({ set: { 1: false }, remove: ["2"] });

    assert.equal(before.size, 0);
    assert.deepEqual([...(await states.read())], [["1", false]]);
  });
});
