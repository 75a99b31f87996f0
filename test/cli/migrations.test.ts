import assert from "node:assert/strict";
import { migrationsCommand } from "#src/cli/commands/migrations.js";
import { isDadosferaError } from "#src/domain/errors.js";
import { findBinaries } from "#src/hasura/scratch/postgres-binaries.js";
import { HasuraFolder } from "../support/hasura-folder.js";

const FILES = {
  "config.yaml": "version: 3\n",
  "migrations/default/1_table/up.sql": "CREATE TABLE t (id serial PRIMARY KEY, note text)",
  "migrations/default/1_table/down.sql": "DROP TABLE t",
  "migrations/default/2_add/up.sql": "ALTER TABLE t ADD n int",
  "migrations/default/2_add/down.sql": "ALTER TABLE t DROP n",
  "migrations/default/3_upper/up.sql": "UPDATE t SET note = upper(note)",
  "migrations/default/3_upper/down.sql": "SELECT 1",
};
const ENGINE = ["--engine", "postgres@15"];

before(async function () {
  await findBinaries(15).catch(() => this.skip());
});

let folder: HasuraFolder;
let cache: HasuraFolder;
const kept = process.env["XDG_CACHE_HOME"];
beforeEach(() => {
  folder = new HasuraFolder(FILES);
  cache = new HasuraFolder();
  process.env["XDG_CACHE_HOME"] = cache.root;
});
afterEach(() => {
  folder[Symbol.dispose]();
  cache[Symbol.dispose]();
  if (kept === undefined) delete process.env["XDG_CACHE_HOME"];
  else process.env["XDG_CACHE_HOME"] = kept;
});

async function migrations(...args: readonly string[]) {
  let [stdout, stderr] = ["", ""];
  const io = {
    isTty: false,
    write: (text: string) => {
      stdout += text;
    },
    writeError: (text: string) => {
      stderr += text;
    },
  };
  try {
    return { code: await migrationsCommand.run(args, io), stdout, stderr };
  } catch (error) {
    if (!isDadosferaError(error)) throw error;
    return { code: 1, stdout, stderr: error.message };
  }
}

const on = (command: string, ...more: readonly string[]) =>
  migrations(command, "--project", folder.root, ...ENGINE, ...more);

describe("dadosfera migrations", () => {
  it("says how each command is called, and refuses what it does not know", async () => {
    for (const name of ["verify", "squash", "prove"]) {
      const { code, stdout } = await migrations(name, "--help");
      assert.deepEqual([code, stdout.split("\n")[0]?.includes(`migrations ${name}`)], [0, true]);
    }
    for (const args of [
      [],
      ["verfy"],
      ["verify", "--nope"],
      ["verify", "--from", "x"],
      ["verify", "--allow", "fine"],
      ["verify", "--json", "--sarif"],
      ["verify", "--jobs", "9"],
      ["squash", "--from", "1"],
      ["squash", "--from", "1", "--name", "x", "--version-policy", "never"],
    ]) {
      const { code, stderr } = await migrations(...args);
      assert.deepEqual([code, stderr.trimEnd().split("\n").length], [2, 3], args.join(" "));
    }
  });

  it("verifies as text, as JSON and as SARIF, the second time from what it knows", async () => {
    const text = await on("verify");
    const json = await on("verify", "--json");
    const sarif = await on("verify", "--sarif", "--allow", "lossy");

    assert.deepEqual([text.code, json.code, sarif.code], [2, 2, 0]);
    assert.match(
      text.stdout,
      /exact {10}2_add\n {2}lossy {10}3_upper\n +down\.sql: after the down, t\.note: /,
    );
    assert.match(text.stdout, /3 migrations: 1 lossy, 2 exact\n+$/);
    assert.deepEqual(
      JSON.parse(json.stdout).verdicts.map(({ status }: { status: string }) => status),
      ["exact", "exact", "lossy"],
    );
    const [run] = JSON.parse(sarif.stdout).runs;
    const [{ ruleId, level, message, locations }] = run.results;
    assert.deepEqual([ruleId, level], ["rows-differ", "warning"]);
    assert.match(message.text, /^3_upper: /);
    assert.match(
      locations[0].physicalLocation.artifactLocation.uri,
      /migrations\/default\/3_upper\/down\.sql$/,
    );
    assert.deepEqual(run.tool.driver.rules, [{ id: "rows-differ" }]);
  });

  it("writes a prelude of what the folder needs, also from what it knows, and offers nothing then", async () => {
    folder.write({
      "migrations/default/4_more/up.sql": "CREATE TABLE sales.s (n int)",
      "migrations/default/4_more/down.sql": "DROP TABLE sales.s",
    });
    await on("verify");

    const written = await on("verify", "--write-prelude");
    const after = await on("verify");

    assert.match(written.stdout, /as known from an earlier run/);
    assert.ok(folder.list().includes("prelude.sql"));
    assert.doesNotMatch(after.stdout, /The folder needs/);
    assert.match(after.stdout, /4 migrations: 1 lossy, 3 exact/);
  });

  it("squashes what git holds and proof holds, and proves it again from git", async () => {
    folder.commit();
    const squash = (...more: readonly string[]) =>
      on("squash", "--from", "1", "--name", "all", ...more);

    const unaccepted = await squash();
    const shown = await squash("--accept-loss", "t.note");
    folder.write({ "migrations/default/2_add/notes.md": "mine" });
    const dirty = await squash("--accept-loss", "t.note", "--write");
    folder.git("clean", "-fdq");
    const written = await squash("--accept-loss", "t.note", "--write");
    const proven = await on("prove");
    folder.write({ "migrations/default/3_all/up.sql": "SELECT 1" });
    const edited = await on("prove");

    assert.deepEqual(
      [unaccepted.code, shown.code, dirty.code, written.code, proven.code],
      [2, 0, 1, 0, 0],
    );
    assert.match(unaccepted.stderr, /its down loses something: .*t\.note/);
    assert.match(shown.stdout, /Nothing was written/);
    assert.deepEqual(
      folder.list().filter((path) => path.includes("default/")),
      [
        "migrations/default/3_all/down.sql",
        "migrations/default/3_all/squash.json",
        "migrations/default/3_all/up.sql",
      ],
    );
    assert.match(proven.stdout, /proven {3}3_all, on PostgreSQL 15.*\n1 squash: all proven/);
    assert.equal(edited.code, 1);
    assert.match(edited.stderr, /is not what its squash\.json speaks of/);
  });

  it("refuses a squash of what is broken, and one over a gap", async () => {
    folder.write({ "migrations/default/2_add/down.sql": "SELECT 1" });
    folder.commit();

    const broken = await on("squash", "--from", "1", "--to", "2", "--name", "all", "--write");
    const unknown = await on("squash", "--from", "7", "--name", "all", "--write");

    assert.deepEqual([broken.code, unknown.code], [2, 2]);
    assert.match(broken.stderr, /2_add: .*t\.n: column was left over/);
    assert.equal(folder.list().filter((path) => path.endsWith(".sql")).length, 6);
  });

  it("keeps apart what one transaction cannot hold", async () => {
    folder.write({
      "migrations/default/3_upper/up.sql": "CREATE INDEX CONCURRENTLY i ON t (n)",
      "migrations/default/3_upper/down.sql": "DROP INDEX CONCURRENTLY i",
      "migrations/default/4_last/up.sql": "ALTER TABLE t ADD m int",
      "migrations/default/4_last/down.sql": "ALTER TABLE t DROP m",
    });
    folder.commit();

    const { code, stdout } = await on("squash", "--from", "1", "--name", "all");

    assert.equal(code, 0);
    assert.match(stdout, /CONCURRENTLY/);
  });
});
