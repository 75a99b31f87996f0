import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import fc from "fast-check";
import { cutStretch } from "#src/hasura/verify/stretch.js";
import { diskCache, type VerdictCache } from "#src/hasura/verify/verdict-cache.js";
import { HasuraFolder } from "../support/hasura-folder.js";
import { migrationsOf, sharedScratch, verified } from "../support/verified.js";

const start = sharedScratch();
const unstarted = () => Promise.reject(new Error("Nothing was to be started"));
const migrations = migrationsOf(
  ["CREATE TABLE a (id serial PRIMARY KEY, t text NOT NULL)", "DROP TABLE a"],
  ["CREATE TABLE sales.b (n int REFERENCES a)", "DROP TABLE sales.b"],
  ["ALTER TABLE a ADD x text", "ALTER TABLE a DROP x"],
  ["ALTER TABLE a ALTER t TYPE int USING t::int", "ALTER TABLE a ALTER t TYPE text"],
  ["UPDATE a SET x = 'y'", "SELECT 1"],
  ["ALTER TABLE a DROP x", "ALTER TABLE a ADD x text"],
  ["ALTER TABLE a RENAME t TO u", "ALTER TABLE a RENAME u TO v"],
);

describe("a folder judged in several jobs", () => {
  it("gets the verdicts of one, in threads or without, and hears of each migration once", async function () {
    const alone = await verified(start, migrations, { jobs: 1 });
    if (!alone.engine?.name.startsWith("PostgreSQL 15")) this.skip();
    const heard: string[] = [];
    const onProgress = (...said: readonly unknown[]) => heard.push(said.join(" "));
    const inThreads = { engine: "postgres@15", extensions: [] };

    const together = await verified(start, migrations, { jobs: 2 });
    const threaded = await verified(start, migrations, { jobs: 2, inThreads, onProgress });

    assert.deepEqual(together.verdicts, alone.verdicts);
    assert.deepEqual(threaded, alone);
    assert.deepEqual(
      heard.map((line) => line.split(" ").slice(1).join(" ")),
      migrations.map((_, index) => `${index} 7`),
    );
    assert.deepEqual(new Set(heard.map((line) => line.split("_")[0])).size, 7);
  });

  it("fails as one does, in the same three lines", async () => {
    const inThreads = { engine: "postgres@99", extensions: [] };

    const judging = verified(start, migrations, { jobs: 2, inThreads });

    await assert.rejects(judging, { code: "SETTINGS_INVALID", name: "DadosferaError" });
  });

  it("is cut so that each is judged once, in order", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 1, max: 4 }),
        (size, count) => {
          const all = migrationsOf(
            ...Array.from({ length: size }, () => ["SELECT 1", "SELECT 1"] as const),
          );
          const judged = new Set(all.map(({ version }) => version));

          const parts = cutStretch(
            { migrations: all, judged, prelude: undefined, seeds: [] },
            count,
          );

          assert.deepEqual(
            parts.flatMap((part) => [...part.judged]),
            [...judged],
          );
          assert.ok(parts.every((part) => part.judged.has(part.migrations.at(-1)?.version ?? "")));
        },
      ),
    );
  });
});

describe("what an earlier run found out", () => {
  let folder: HasuraFolder;
  const cached = (release = "1.0.0", engine = "pglite 0.5.16"): VerdictCache =>
    diskCache(engine, release);
  const kept = process.env["XDG_CACHE_HOME"];

  beforeEach(() => {
    folder = new HasuraFolder();
    process.env["XDG_CACHE_HOME"] = folder.root;
  });

  afterEach(() => {
    folder[Symbol.dispose]();
    if (kept === undefined) delete process.env["XDG_CACHE_HOME"];
    else process.env["XDG_CACHE_HOME"] = kept;
  });

  it("is not asked again: no engine starts, and what a prelude should hold is still known", async () => {
    const first = await verified(start, migrations, { cache: cached() });

    const second = await verified(unstarted, migrations, { cache: cached() });

    assert.deepEqual(second, { ...first, engine: undefined });
    assert.deepEqual(second.made, ["CREATE SCHEMA IF NOT EXISTS sales;"]);
  });

  it("is forgotten by another engine, another release, an edited up before it and its own edited down", async () => {
    await verified(start, migrations, { cache: cached() });
    const edited = (index: number, direction: "up" | "down") =>
      migrations.map((one, at) =>
        at === index ? { ...one, [direction]: { path: "x", sql: "SELECT 2", hash: "other" } } : one,
      );
    const ask = (all = migrations, cache = cached()) => verified(unstarted, all, { cache });

    for (const asking of [
      () => ask(migrations, cached("1.0.1")),
      () => ask(migrations, cached("1.0.0", "pglite 0.5.17")),
      () => ask(edited(0, "up")),
      () => ask(edited(6, "down")),
    ]) {
      await assert.rejects(asking, /Nothing was to be started/);
    }
  });

  it("does no harm where its file is broken or somebody else's", async () => {
    await verified(start, migrations.slice(0, 1), { cache: cached() });
    const [file = ""] = folder.list();

    for (const text of ["{", "[]", '{"x":{"verdict":{"status":"fine"}}}', ""]) {
      writeFileSync(folder.path(file), text);
      const report = await verified(start, migrations.slice(0, 1), { cache: cached() });
      assert.equal(report.verdicts[0]?.status, "exact");
    }
  });
});
