import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { planSquash, type Squash } from "#src/domain/squash-plan.js";
import { gitFolder } from "#src/hasura/folder/git.js";
import { findFolder, readProject } from "#src/hasura/folder/project.js";
import { readOriginals } from "#src/hasura/squash/originals.js";
import { squashRecordOf } from "#src/hasura/squash/squash-file.js";
import { swapFolder } from "#src/hasura/squash/swap-folder.js";
import { writeSquashes } from "#src/hasura/squash/write-squash.js";
import { type Files, HasuraFolder } from "../support/hasura-folder.js";
import { PACKAGE_ROOT } from "../support/package-root.js";
import { aSquashRequest } from "../support/squash-samples.js";

const files = {
  "config.yaml": "version: 3",
  "migrations/default/1_a/up.sql": "up 1;",
  "migrations/default/1_a/down.sql": "down 1;",
  "migrations/default/2_b.up.sql": "up 2;",
  "migrations/default/2_c.down.sql": "down 2;",
  "migrations/default/3_d/up.sql": "up 3;",
  "migrations/default/3_e/down.sql": "down 3;",
  "migrations/default/4_f/up.sql": "up 4;",
  "migrations/default/4_f/down.sql": "down 4;",
  "migrations/default/squashed_8_to_9/8_x/up.sql": "old",
};
const proofs = [
  { engine: "PostgreSQL 15.18", major: 15, prelude: null, tables: 1, rows: 6, losses: [] },
];

describe("a written squash", () => {
  it("stands in the place of its parts, nested and flat, and of nothing else", async () => {
    using folder = new HasuraFolder(files);
    folder.commit();

    const written = await squashed(folder);

    assert.deepEqual(written.written, ["3_joined"]);
    assert.deepEqual(folder.list(), [
      "config.yaml",
      "migrations/default/3_joined/down.sql",
      "migrations/default/3_joined/squash.json",
      "migrations/default/3_joined/up.sql",
      "migrations/default/4_f/down.sql",
      "migrations/default/4_f/up.sql",
      "migrations/default/squashed_8_to_9/8_x/up.sql",
    ]);
    assert.deepEqual(written.removed, ["1_a", "2_b.up.sql", "2_c.down.sql", "3_d", "3_e"]);
  });

  it("is read again with its record, from which the originals come back", async () => {
    using folder = new HasuraFolder(files);
    folder.commit();
    const before = findFolder(await readProject(folder.root, {}));

    await squashed(folder);

    const after = findFolder(await readProject(folder.root, {}));
    const reading = after.squashes.get("3");
    assert.ok(reading?.kind === "record");
    const originals = await readOriginals(folder.root, reading.record);
    assert.deepEqual(originals, before.migrations.slice(0, 3));
    assert.equal(reading.record.up, after.migrations[0]?.up?.hash);
    assert.equal(reading.record.down, after.migrations[0]?.down?.hash);
  });

  it("says which commit is missing where a clone does not have the originals", async () => {
    using folder = new HasuraFolder(files);
    folder.commit();
    await squashed(folder);
    const reading = findFolder(await readProject(folder.root, {})).squashes.get("3");
    assert.ok(reading?.kind === "record");
    const [part] = reading.record.replaces;
    assert.ok(part);

    const elsewhere = { ...reading.record, commit: "ab".repeat(20) };
    const otherwise = { ...reading.record, replaces: [{ ...part, up: "0".repeat(64) }] };

    for (const record of [elsewhere, otherwise]) {
      await assert.rejects(readOriginals(folder.root, record), {
        code: "MIGRATION_NOT_FOUND",
        happened: new RegExp(`^Commit ${record.commit.slice(0, 12)} does not hold`),
      });
    }
  });

  it("leaves the links that stay as they are written", async () => {
    using folder = new HasuraFolder({ ...files, "kept/5_link/up.sql": "u" });
    symlinkSync("../../kept/5_link", folder.path("migrations/default/5_link"));
    folder.commit();

    await squashed(folder);

    assert.equal(readlinkSync(folder.path("migrations/default/5_link")), "../../kept/5_link");
  });

  it("leaves a link's target where it is", async () => {
    using folder = new HasuraFolder({
      ...files,
      "kept/0_link/up.sql": "u",
      "kept/0_link/down.sql": "d",
    });
    symlinkSync("../../kept/0_link", folder.path("migrations/default/0_link"));
    folder.commit();

    await squashed(folder);

    assert.ok(!existsSync(folder.path("migrations/default/0_link")));
    assert.ok(existsSync(folder.path("kept/0_link/up.sql")));
  });
});

describe("a squash that is not written", () => {
  it("would take with it what no commit holds", async () => {
    await refused(
      { "migrations/default/1_a/notes.md": "mine" },
      { code: "TREE_DIRTY", happened: /notes\.md/ },
    );
  });

  it("has the name of a folder that is there", async () => {
    using folder = new HasuraFolder({ ...files, "migrations/default/3_joined/notes.md": "x" });
    folder.commit();

    await assert.rejects(squashed(folder), { code: "SQUASH_REFUSED", happened: /3_joined/ });
    assert.ok(folder.list().includes("migrations/default/1_a/up.sql"));
  });

  it("would not be what was proven, since a file changed meanwhile", async () => {
    using folder = new HasuraFolder(files);
    folder.commit();
    const edit = () => {
      folder.write({ "migrations/default/4_f/up.sql": "edited" });
    };

    await assert.rejects(squashed(folder, edit), { code: "MIGRATION_EDITED", happened: /4_f/ });
    assert.deepEqual(folder.list(), Object.keys(files).sort());
  });

  it("leaves every byte where it was", async () => {
    await refused({ "migrations/default/2_b.up.sql": "edited" }, { code: "TREE_DIRTY" });
  });

  async function refused(changes: Files, error: object): Promise<void> {
    using folder = new HasuraFolder(files);
    folder.commit();
    folder.write(changes);
    const before = folder.list();

    await assert.rejects(squashed(folder), error);

    assert.deepEqual(folder.list(), before);
    for (const path of before) {
      const expected: Files = { ...files, ...changes };
      assert.equal(readFileSync(folder.path(path), "utf8"), expected[path]);
    }
  }
});

describe("the swap of a folder", () => {
  it("changes nothing when the change fails, and leaves nothing behind", async () => {
    using folder = new HasuraFolder({ "m/1_a/up.sql": "x" });
    const failing = swapFolder(folder.path("m"), async (copy) => {
      writeFileSync(`${copy}/new`, "");
      throw new Error("no");
    });

    await assert.rejects(failing, /no/);
    assert.deepEqual(folder.list(), ["m/1_a/up.sql"]);
  });

  it("leaves the folder as it was when it is killed before its last step", async () => {
    using folder = new HasuraFolder({ "m/1_a/up.sql": "x" });
    const swapFile = join(PACKAGE_ROOT, "dist/hasura/squash/swap-folder.js");
    const script = `require(process.argv[1]).swapFolder(process.argv[2], async (copy) => {
      require("node:fs").rmSync(copy + "/1_a", { recursive: true });
      process.kill(process.pid, "SIGKILL");
    });`;

    const { signal } = spawnSync(process.execPath, ["-e", script, swapFile, folder.path("m")]);

    assert.equal(signal, "SIGKILL");
    assert.deepEqual(folder.list(), ["m/1_a/up.sql"]);
    assert.ok(existsSync(folder.path(".m.squash-next")));
    assert.equal((await readProject(folder.path("m"), {})).databases.length, 1);
  });

  it("begins anew over what a killed one left", async () => {
    using folder = new HasuraFolder({
      "m/1_a/up.sql": "x",
      ".m.squash-next/9_z/up.sql": "half",
      ".m.squash-before/1_a/up.sql": "x",
    });

    await swapFolder(folder.path("m"), async (copy) => mkdirSync(`${copy}/2_b`));

    assert.ok(existsSync(folder.path("m/2_b")));
    assert.deepEqual(folder.list(), ["m/1_a/up.sql"]);
  });
});

/** Squashes everything up to version 3; `meanwhile` happens after the plan was made. */
async function squashed(folder: HasuraFolder, meanwhile: () => void = () => undefined) {
  const migrations = findFolder(await readProject(folder.root, {}));
  const git = await gitFolder(migrations.directory);
  const samples = migrations.migrations.map(({ version }) => ({ version }));
  const plan = planSquash(aSquashRequest(samples, { migrations: migrations.migrations, to: "3" }));
  assert.ok(plan.kind === "planned");
  const squashes = plan.groups.filter((group): group is Squash => group.kind === "squash");
  const origin = { commit: git.commit, folder: git.path };
  meanwhile();
  return writeSquashes(
    migrations,
    squashes.map((squash) => ({ squash, record: squashRecordOf(squash, origin, proofs) })),
    git,
  );
}
