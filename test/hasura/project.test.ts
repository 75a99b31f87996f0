import assert from "node:assert/strict";
import { renameSync } from "node:fs";
import { isDadosferaError } from "#src/domain/errors.js";
import { findFolder, readProject } from "#src/hasura/folder/project.js";
import { HasuraFolder } from "../support/hasura-folder.js";

const SECRET = "s3cr3t-of-the-admin";

describe("a project of config v3", () => {
  const files = {
    "config.yaml": `version: 3\nendpoint: http://hasura:8080\nadmin_secret: ${SECRET}\n`,
    "migrations/default/1_a/up.sql": "select 1",
    "migrations/other/2_b/up.sql": "select 2",
    "migrations/3_left_over/up.sql": "select 3",
    "migrations/readme.md": "",
  };

  it("has a folder for each database, and names what belongs to none", async () => {
    using folder = new HasuraFolder(files);

    const project = await readProject(folder.root, {});

    assert.equal(project.configVersion, 3);
    assert.equal(project.endpoint, "http://hasura:8080");
    assert.deepEqual(
      project.databases.map(({ database, path, isNamed }) => [database, path, isNamed]),
      [
        ["default", "migrations/default", true],
        ["other", "migrations/other", true],
      ],
    );
    assert.equal(project.databases[0]?.migrations[0]?.up?.path, "migrations/default/1_a/up.sql");
    assert.deepEqual(
      project.ignored.map(({ path }) => path),
      ["migrations/3_left_over", "migrations/readme.md"],
    );
  });

  it("is found from its migrations, and from the folder of one database", async () => {
    using folder = new HasuraFolder(files);

    const fromAll = await readProject(folder.path("migrations"), {});
    const fromOne = await readProject(folder.path("migrations", "other"), {});

    assert.deepEqual([fromAll.root, fromAll.asked], [folder.root, undefined]);
    assert.deepEqual([fromOne.root, fromOne.asked], [folder.root, "other"]);
    assert.equal(findFolder(fromOne).database, "other");
  });

  it("asks for the database where it has several", async () => {
    using folder = new HasuraFolder(files);
    const project = await readProject(folder.root, {});

    assert.throws(() => findFolder(project), {
      code: "INPUT_INVALID",
      next: 'Name one of "default", "other".',
    });
    assert.throws(() => findFolder(project, "third"), { code: "INPUT_INVALID" });
    assert.equal(findFolder(project, "default").database, "default");
  });

  it("does not keep the admin secret", async () => {
    using folder = new HasuraFolder(files);

    const project = await readProject(folder.root, {});

    assert.ok(!JSON.stringify(project).includes(SECRET));
  });

  it("does not print the admin secret of settings that cannot be read", async () => {
    using folder = new HasuraFolder({ "config.yaml": `admin_secret: ${SECRET}\n  version: 3: x` });

    const error: unknown = await readProject(folder.root, {}).catch((thrown) => thrown);

    assert.ok(isDadosferaError(error) && error.code === "MIGRATIONS_UNREADABLE");
    assert.ok(!`${error.stack} ${JSON.stringify(error)} ${error.cause}`.includes(SECRET));
  });
});

describe("a project of config v2", () => {
  it("has one folder, called default, in the folder that its settings name", async () => {
    using folder = new HasuraFolder({
      "config.yaml": "version: 2\nmigrations_directory: db/changes\nseeds_directory: db/seeds\n",
      "db/changes/1_a.up.sql": "select 1",
    });

    const project = await readProject(folder.root, {});

    const only = findFolder(project);
    assert.deepEqual([only.database, only.isNamed, only.path], ["default", false, "db/changes"]);
    assert.equal(project.seedsDirectory, folder.path("db/seeds"));
  });
});

describe("the settings of a project", () => {
  const files = {
    "config.yaml": "version: 3\nendpoint: http://file\n",
    "migrations/default/1_a/up.sql": "select 1",
  };

  it("come from the environment before .env, and from .env before config.yaml", async () => {
    using folder = new HasuraFolder(files);
    const endpoint = async (variables: Record<string, string>) =>
      (await readProject(folder.root, variables)).endpoint;

    const fromFile = await endpoint({ HASURA_GRAPHQL_ENDPOINT: "" });
    folder.write({ ".env": "HASURA_GRAPHQL_ENDPOINT=http://dotenv\n" });
    const fromDotEnv = await endpoint({});
    const fromEnvironment = await endpoint({ HASURA_GRAPHQL_ENDPOINT: "http://environment" });

    assert.deepEqual(
      [fromFile, fromDotEnv, fromEnvironment],
      ["http://file", "http://dotenv", "http://environment"],
    );
  });

  it("are those of config v1 where no version is given", async () => {
    using folder = new HasuraFolder({ "config.yaml": "", "migrations/1_a.up.sql": "select 1" });

    assert.equal((await readProject(folder.root, {})).configVersion, 1);
  });

  it("are refused with a version that Hasura does not have", async () => {
    using folder = new HasuraFolder({ ...files, "config.yaml": "version: 4" });

    await assert.rejects(readProject(folder.root, {}), {
      code: "MIGRATIONS_UNREADABLE",
      happened: /`version` is to be 1, 2 or 3\.$/,
    });
  });
});

describe("a folder without config.yaml", () => {
  it("is one of several databases where its folders hold migrations", async () => {
    using folder = new HasuraFolder({
      "migrations/default/1_a/up.sql": "select 1",
      "migrations/empty/readme.md": "",
    });

    for (const directory of [folder.root, folder.path("migrations")]) {
      const project = await readProject(directory, {});
      assert.equal(project.configVersion, 3);
      assert.deepEqual(
        project.databases.map(({ database }) => database),
        ["default"],
      );
    }
  });

  it("is one of migrations where it holds them itself", async () => {
    using folder = new HasuraFolder({ "1_a/up.sql": "select 1" });

    const only = findFolder(await readProject(folder.root, {}));

    assert.deepEqual([only.isNamed, only.path], [false, ""]);
    assert.equal(only.migrations[0]?.up?.path, "1_a/up.sql");
  });

  it("is not Hasura's without migrations, nor when it is not there", async () => {
    using folder = new HasuraFolder({ "src/index.ts": "" });

    for (const directory of [folder.root, folder.path("nowhere")]) {
      await assert.rejects(readProject(directory, {}), {
        code: "MIGRATIONS_UNREADABLE",
        happened: /is not a folder of Hasura's/,
      });
    }
  });

  it("does not take another tool's config.yaml above it for Hasura's", async () => {
    using folder = new HasuraFolder({ "config.yaml": "version: 3", "db/1_a/up.sql": "select 1" });

    const project = await readProject(folder.path("db"), {});

    assert.equal(project.root, folder.path("db"));
  });
});

describe("a swap that was killed between its two renames", () => {
  it("is told with both ways out, from the project and from the folder", async () => {
    using folder = new HasuraFolder({
      "config.yaml": "version: 3",
      "migrations/default/1_a/up.sql": "select 1",
      "migrations/.default.squash-next/1_s/up.sql": "select 1",
    });
    renameSync(folder.path("migrations/default"), folder.path("migrations/.default.squash-before"));

    for (const directory of [folder.root, folder.path("migrations/default")]) {
      await assert.rejects(readProject(directory, {}), {
        code: "MIGRATIONS_UNREADABLE",
        next: new RegExp(
          `mv ${folder.path("migrations/.default.squash-next")} ${folder.path("migrations/default")}`,
        ),
      });
    }
  });

  it("is passed over where the folder is there", async () => {
    using folder = new HasuraFolder({
      "config.yaml": "version: 3",
      "migrations/default/1_a/up.sql": "select 1",
      "migrations/.default.squash-next/1_s/up.sql": "select 1",
    });

    const project = await readProject(folder.root, {});

    assert.deepEqual(project.ignored, [
      {
        path: "migrations/.default.squash-next",
        why: "left by an interrupted squash; it can be removed",
      },
    ]);
  });
});
