import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { delimiter } from "node:path";
import { gitFolder, readAt, requireClean, requireCommitted } from "#src/hasura/folder/git.js";
import { HasuraFolder } from "../support/hasura-folder.js";

const files = {
  "migrations/1_ação/up.sql": "select 'é';\r\n",
  "migrations/2_b/up.sql": "select 2;\n",
  "other.txt": "x",
};

describe("a folder in a git repository", () => {
  it("is clean when a commit holds it, whatever changes beside it", async () => {
    using folder = new HasuraFolder(files);
    const commit = folder.commit();
    folder.write({ "other.txt": "y", "new.txt": "z" });

    const git = await gitFolder(folder.path("migrations"));

    assert.deepEqual(git, { root: folder.root, path: "migrations", commit, changed: [] });
    requireClean(git);
  });

  it("is dirty with a changed, a removed, a renamed or a new file", async () => {
    using folder = new HasuraFolder(files);
    folder.commit();
    folder.git("mv", "migrations/2_b/up.sql", "migrations/2_b/up2.sql");
    folder.write({ "migrations/1_ação/up.sql": "select 3;", "migrations/9_new/up.sql": "x" });

    const git = await gitFolder(folder.path("migrations"));

    assert.deepEqual(git.changed.toSorted(), [
      "migrations/1_ação/up.sql",
      "migrations/2_b/up2.sql",
      "migrations/9_new/up.sql",
    ]);
    assert.throws(() => requireClean(git), { code: "TREE_DIRTY", happened: /3 uncommitted files/ });
  });

  it("is not led astray by the variables that git sets for a hook", async () => {
    using folder = new HasuraFolder(files);
    using other = new HasuraFolder(files);
    const commit = folder.commit();
    other.commit();
    process.env["GIT_DIR"] = other.path(".git");

    const git = await gitFolder(folder.path("migrations")).finally(() => {
      delete process.env["GIT_DIR"];
    });

    assert.deepEqual([git.root, git.commit], [folder.root, commit]);
  });

  it("is in no commit without a repository, without a commit, and without git", async () => {
    using bare = new HasuraFolder(files);
    using unborn = new HasuraFolder(files);
    unborn.git("init", "--quiet");
    const path = process.env["PATH"];

    await assert.rejects(gitFolder(bare.root), {
      code: "TREE_DIRTY",
      happened: /not a git repository/,
    });
    await assert.rejects(gitFolder(unborn.root), { code: "TREE_DIRTY" });
    process.env["PATH"] = bare.path("nothing") + delimiter;
    const withoutGit = gitFolder(unborn.root).finally(() => {
      process.env["PATH"] = path;
    });
    await assert.rejects(withoutGit, { code: "TREE_DIRTY", happened: /git is not installed/ });
  });
});

describe("a file in a commit", () => {
  it("is read back as it was, however it is named, and is absent elsewhere", async () => {
    using folder = new HasuraFolder(files);
    const commit = folder.commit();
    folder.write({ "migrations/1_ação/up.sql": "changed" });

    const bytes = await readAt(folder.root, commit, "migrations/1_ação/up.sql");
    const absent = await readAt(folder.root, commit, "migrations/1_a*/up.sql");

    assert.equal(bytes?.toString(), "select 'é';\r\n");
    assert.equal(absent, undefined);
  });

  it("counts only with the very bytes: not when git ignores it or changes its line ends", async () => {
    using folder = new HasuraFolder({ ...files, ".gitignore": "*.log\n" });
    folder.write({ ".gitattributes": "*.sql text\n", "migrations/1_ação/a.log": "x" });
    const git = { root: folder.root, commit: folder.commit() };

    await requireCommitted(git, [folder.path("migrations/2_b/up.sql")]);
    for (const path of ["migrations/1_ação/up.sql", "migrations/1_ação/a.log"]) {
      assert.deepEqual((await gitFolder(folder.root)).changed, []);
      await assert.rejects(requireCommitted(git, [folder.path(path)]), { code: "TREE_DIRTY" });
    }
  });

  it("is looked for where a link points", async () => {
    using folder = new HasuraFolder(files);
    symlinkSync(folder.path("migrations/2_b"), folder.path("migrations/2_link"));
    const git = { root: folder.root, commit: folder.commit() };

    await requireCommitted(git, [folder.path("migrations/2_link/up.sql")]);
  });
});
