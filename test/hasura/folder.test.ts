import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import fc from "fast-check";
import { byVersion } from "#src/domain/migration.js";
import { type FolderContent, readFolder } from "#src/hasura/folder/folder.js";
import { migrationFileName } from "#src/hasura/folder/migration-file-name.js";
import { type Files, HasuraFolder } from "../support/hasura-folder.js";

describe("the files of a migrations folder", () => {
  it("are taken from folders and from flat names, also mixed in one version", async () => {
    const files = { "10_a/up.sql": "up", "10_b.down.sql": "down", "9_c.up.sql": "first" };

    const { migrations } = await reading(files);

    assert.deepEqual(
      migrations.map(({ version, name, up, down }) => [version, name, up?.path, down?.path]),
      [
        ["9", "c", "9_c.up.sql", undefined],
        ["10", "a", "10_a/up.sql", "10_b.down.sql"],
      ],
    );
  });

  it("count by number, whatever zeros stand before it, up to 64 bits", async () => {
    const files = { "0007_a/up.sql": "1", "18446744073709551615_z/up.sql": "2", "0_/up.sql": "3" };

    const { migrations } = await reading(files);

    assert.deepEqual(
      migrations.map(({ version, name }) => [version, name]),
      [
        ["0", ""],
        ["7", "a"],
        ["18446744073709551615", "z"],
      ],
    );
  });

  it("are absent when they hold no bytes", async () => {
    const files = { "1_a/up.sql": "select 1", "1_a/down.sql": "", "2_b/up.sql": "" };

    const { migrations, ignored } = await reading(files);

    assert.deepEqual(
      migrations.map(({ version, down }) => [version, down]),
      [["1", undefined]],
    );
    assert.deepEqual(
      ignored.map(({ path }) => path),
      ["1_a/down.sql", "2_b/up.sql"],
    );
  });

  it("keep their bytes: a byte order mark, carriage returns, letters beyond ASCII", async () => {
    const sql = "\uFEFF-- situação\r\nselect 'é';\r\n";

    const { migrations } = await reading({ "1_a/up.sql": sql });

    assert.equal(migrations[0]?.up?.sql, sql);
  });

  it("are refused when they are not UTF-8, with the line", async () => {
    const latin1 = Buffer.from("select 1;\nselect 'situa\xe7\xe3o';\n", "latin1");

    await assert.rejects(reading({ "1_a/up.sql": latin1 }), {
      code: "MIGRATION_INVALID",
      happened: /1_a\/up\.sql is not UTF-8: line 2\.$/,
    });
  });

  it("are refused when two are the same direction of one version", async () => {
    const files = { "5_a/up.sql": "select 1", "005_b.up.sql": "select 2" };

    await assert.rejects(reading(files), {
      code: "MIGRATION_INVALID",
      happened: "Two files are the up of version 5: 005_b.up.sql and 5_a/up.sql.",
    });
  });

  it("are two of one version where a second file of a folder reads like one", async () => {
    const files = { "5_a/up.sql": "select 1", "5_a/old.up.sql": "select 2" };

    await assert.rejects(reading(files), { code: "MIGRATION_INVALID", happened: /old\.up\.sql/ });
  });

  it("are found through a link to a folder", async () => {
    using elsewhere = new HasuraFolder({ "1_a/up.sql": "select 1" });
    using folder = new HasuraFolder();
    symlinkSync(elsewhere.path("1_a"), folder.path("1_a"));

    const { migrations } = await readFolder(folder.root, folder.root);

    assert.equal(migrations[0]?.up?.path, "1_a/up.sql");
  });

  it("are not found through a link of another name, where Hasura's CLI stops as well", async () => {
    using elsewhere = new HasuraFolder({ "1_a/up.sql": "select 1" });
    using folder = new HasuraFolder();
    symlinkSync(elsewhere.path("1_a"), folder.path("2_b"));

    const reading = readFolder(folder.root, folder.root);

    await assert.rejects(reading, { code: "MIGRATIONS_UNREADABLE" });
  });
});

describe("what Hasura's CLI passes over", () => {
  it("is named with the reason", async () => {
    const files = {
      "1_a/up.sql": "select 1",
      "1_a/up.yaml": "[]",
      "1_a/notes.txt": "",
      "1_a/nested/up.sql": "select 1",
      "squashed_1_to_2/1_a/up.sql": "select 1",
      "99999999999999999999_big/up.sql": "select 1",
      "12nounderscore/up.sql": "select 1",
    };

    const { migrations, ignored } = await reading(files);

    assert.equal(migrations.length, 1);
    assert.deepEqual(Object.fromEntries(ignored.map(({ path, why }) => [path, why])), {
      "1_a/up.yaml": "metadata of an old project, which Hasura's CLI 2 does not run",
      "1_a/notes.txt":
        "not named as a migration: `<version>_<name>/up.sql` or `<version>_<name>.up.sql`",
      "1_a/nested": "a folder within a migration",
      "squashed_1_to_2/1_a": "a folder within a migration",
      "99999999999999999999_big/up.sql": "its version does not fit in 64 bits",
      "12nounderscore/up.sql":
        "not named as a migration: `<version>_<name>/up.sql` or `<version>_<name>.up.sql`",
    });
  });

  it("is an empty folder, too", async () => {
    using folder = new HasuraFolder();
    mkdirSync(folder.path("1_a"));

    const { ignored } = await readFolder(folder.root, folder.root);

    assert.deepEqual(ignored, [{ path: "1_a", why: "an empty folder" }]);
  });
});

describe("squash.json", () => {
  const record = {
    format: 1,
    replaces: [{ version: "1", name: "a", up: "0".repeat(64), down: null }],
    up: "1".repeat(64),
    down: "2".repeat(64),
    commit: "3".repeat(40),
    folder: "hasura/migrations/default",
    proofs: [
      { engine: "PostgreSQL 15.18", major: 15, prelude: null, tables: 1, rows: 6, losses: [] },
    ],
  };

  it("is read beside an up.sql", async () => {
    const files = { "2_s/up.sql": "select 1", "2_s/squash.json": JSON.stringify(record) };

    const { squashes, ignored } = await reading(files);

    assert.deepEqual(squashes.get("2"), { kind: "record", record });
    assert.deepEqual(ignored, []);
  });

  it("is told from a record when it is none", async () => {
    const files = { "2_s/up.sql": "select 1", "2_s/squash.json": '{"format": 2}' };

    const { squashes } = await reading(files);

    assert.equal(squashes.get("2")?.kind, "unreadable");
  });

  it("says nothing where no up.sql stands beside it", async () => {
    const { squashes, ignored } = await reading({ "2_s/squash.json": JSON.stringify(record) });

    assert.equal(squashes.size, 0);
    assert.equal(ignored[0]?.why, "no up.sql stands beside it");
  });
});

describe("the order of migrations", () => {
  it("is that of their numbers, for any two versions", () => {
    const version = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    fc.assert(
      fc.property(fc.array(version), (versions) => {
        const sorted = versions.map((one) => ({ version: String(one) })).sort(byVersion);
        for (const [at, one] of sorted.entries()) {
          const before = sorted[at - 1];
          assert.ok(before === undefined || BigInt(before.version) <= BigInt(one.version));
        }
      }),
    );
  });

  it("is read from names with any text behind the first underscore", () => {
    const version = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    const text = fc.string({
      unit: fc.constantFrom("a", "_", ".", "up", " ", "ç", "\r", "\u2028", "👍"),
    });
    fc.assert(
      fc.property(version, text, fc.constantFrom("up", "down"), (number, name, direction) => {
        const meaning = migrationFileName(`00${number}_${name}.${direction}.sql`);
        assert.deepEqual(meaning, { version: String(number), name, direction });
      }),
    );
  });
});

async function reading(files: Files): Promise<FolderContent> {
  using folder = new HasuraFolder(files);
  return await readFolder(folder.root, folder.root);
}
