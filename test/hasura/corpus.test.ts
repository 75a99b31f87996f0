import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { shapes } from "./corpus/shapes.js";
import { rightPairs } from "./mutated/pairs.js";
import { mutants } from "./mutations.js";
import type { Need } from "./public-like/needs.js";
import { publicLike } from "./public-like/public-like.js";
import { writeProject } from "./public-like/write-project.js";
import { randomMigrations } from "./random-migrations.js";

const NEEDS: readonly Need[] = ["pgcrypto", "role", "event log", "outside table", "missing row"];

describe("the corpus of migrations", () => {
  let database: { exec(sql: string): Promise<unknown>; close(): Promise<void> };

  before(async () => {
    const { PGlite } = await import("@electric-sql/pglite");
    const { pgcrypto } = await import("@electric-sql/pglite/contrib/pgcrypto");
    const { citext } = await import("@electric-sql/pglite/contrib/citext");
    const { hstore } = await import("@electric-sql/pglite/contrib/hstore");
    database = await PGlite.create({ extensions: { pgcrypto, citext, hstore } });
  });

  after(() => database.close());

  it("names each shape once, and says of each that is not right what is wrong with it", () => {
    const all = [...Object.values(shapes).flat(), ...mutants(rightPairs)];

    const wordless = all.filter(({ status, words = [] }) => status !== "exact" && !words.length);

    assert.equal(new Set(all.map(({ name }) => name)).size, all.length);
    assert.deepEqual(wordless, []);
  });

  it("draws 850 migrations like the public ones, which apply in order", async () => {
    const project = publicLike({ seed: 7, migrations: 850, needs: NEEDS });

    const right = project.migrations.filter(({ status }) => status === "exact");
    await database.exec("begin");
    await database.exec(project.prelude);
    for (const { needsRow = "", up } of project.migrations) await database.exec(needsRow + up);
    await database.exec("rollback");

    assert.equal(new Set(project.migrations.map(({ version }) => version)).size, 850);
    assert.ok(right.length > 510 && right.length < 620, `${right.length} are right`);
  });

  it("draws the same folder for the same seed, and another for another", () => {
    const project = publicLike({ seed: 1, migrations: 30 });

    assert.deepEqual(publicLike({ seed: 1, migrations: 30 }), project);
    assert.notDeepEqual(publicLike({ seed: 2, migrations: 30 }), project);
  });

  it("writes a folder with as many files as the project has texts", async () => {
    const folder = await mkdtemp(join(tmpdir(), "public-like-"));
    const project = publicLike({
      seed: 5,
      migrations: 40,
      layout: "mixed",
      databases: ["default", "vendas"],
    });

    await writeProject(folder, project);

    const texts = project.migrations.flatMap(({ down }) => (down === undefined ? [1] : [1, 1]));
    const written = await readdir(join(folder, "migrations"), { recursive: true });
    assert.equal(written.filter((path) => path.endsWith(".sql")).length, texts.length);
    assert.match(await readFile(join(folder, "config.yaml"), "utf8"), /^version: 3$/m);
    await rm(folder, { recursive: true });
  });

  it("draws random migrations, of which each applies after those before it, and its down after it", async () => {
    await fc.assert(
      fc.asyncProperty(randomMigrations({ maxLength: 15 }), async (migrations) => {
        await database.exec("begin");

        for (const { up, down } of migrations) {
          await database.exec(up);
          await database.exec("savepoint before_down");
          await database.exec(down);
          await database.exec("rollback to before_down");
        }

        await database.exec("rollback");
      }),
      { numRuns: 60 },
    );
  });
});
