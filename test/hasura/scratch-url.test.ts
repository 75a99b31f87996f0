import assert from "node:assert/strict";
import { parseEngine } from "#src/hasura/scratch/engine-name.js";
import { startUrl } from "#src/hasura/scratch/url.js";
import { findPostgres15 } from "../support/scratch.js";

describe("a development server by its URL", function () {
  this.timeout(60_000);

  it("is left as it was found", async function () {
    await using server = await findPostgres15();
    if (server === undefined) return this.skip();
    const outside = await server.database();
    await outside.run("CREATE ROLE kept");
    const [place] = await outside.query(
      "SELECT current_setting('unix_socket_directories') AS host",
    );
    const look =
      "SELECT datname AS name FROM pg_database UNION ALL SELECT rolname FROM pg_roles ORDER BY 1";
    const before = await outside.query(look);

    {
      await using scratch = await startUrl(
        `postgres://postgres@localhost/postgres?host=${place?.["host"]}`,
      );
      const database = await scratch.database();
      await database.run(
        "CREATE ROLE passing; CREATE TABLE t (a int); GRANT SELECT ON t TO passing",
      );
      await scratch.database(database);
    }

    assert.deepEqual(await outside.query(look), before);
  });

  it("is refused where its user may not make databases", async function () {
    await using server = await findPostgres15();
    if (server === undefined) return this.skip();
    const outside = await server.database();
    await outside.run("CREATE ROLE weak LOGIN");
    const [place] = await outside.query(
      "SELECT current_setting('unix_socket_directories') AS host",
    );

    const refusal = startUrl(`postgres://weak@localhost/postgres?host=${place?.["host"]}`);

    await assert.rejects(refusal, {
      code: "SCRATCH_REFUSED",
      message:
        'Will not use the development database at localhost: the user "weak" may not make databases there.\n' +
        "No database was made there and no file was changed.\n" +
        'Run `ALTER ROLE "weak" CREATEDB` there as a superuser, or use `--engine pglite`.',
    });
  });

  it("is reported without its password where nobody answers", async () => {
    const complaint = startUrl("postgres://me:s3cret@127.0.0.1:1/dev");

    await assert.rejects(complaint, {
      code: "SCRATCH_UNAVAILABLE",
      message:
        'Could not reach the development database "dev" at 127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1\n' +
        "No database was made there and no file was changed.\n" +
        "Check the URL, or use the engine that needs no server: `--engine pglite`.",
    });
  });
});

describe("the name of an engine", () => {
  it("is pglite, postgres with or without a version, or a URL", () => {
    const names = ["pglite", "postgres", "postgres@15", "postgresql://me:secret@db:5433/dev"];

    const engines = names.map(parseEngine).map(({ kind, name, major }) => ({ kind, name, major }));

    assert.deepEqual(engines, [
      { kind: "pglite", name: "pglite", major: undefined },
      { kind: "postgres", name: "postgres", major: undefined },
      { kind: "postgres", name: "postgres@15", major: 15 },
      { kind: "url", name: "db:5433", major: undefined },
    ]);
  });

  it("is refused otherwise, and a URL is not repeated", () => {
    const refuse = (text: string) => () => parseEngine(text);

    assert.throws(
      refuse("mysql://me:secret@db/dev"),
      (error: Error) => !error.message.includes("secret"),
    );
    assert.throws(refuse("postgres@11"), {
      message:
        '"postgres@11" is not an engine: it must be pglite, postgres, postgres@12 to postgres@18, or a URL that begins with postgres://.\n' +
        "Nothing was started and no file was changed.\n" +
        "Name one of them, as `--engine postgres@15`.",
    });
  });
});
