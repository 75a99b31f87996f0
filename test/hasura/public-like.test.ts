import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Migration } from "#src/domain/migration.js";
import type { Verdict } from "#src/domain/verdict.js";
import { findFolder, readProject } from "#src/hasura/folder/project.js";
import type { Scratch } from "#src/hasura/scratch/scratch.js";
import { noCache } from "#src/hasura/verify/verdict-cache.js";
import { verifyFolder } from "#src/hasura/verify/verify-folder.js";
import { findSweptPostgres15, sweptPglite } from "../support/swept-scratch.js";
import { sqlFile } from "../support/verdict-of.js";
import type { Need } from "./public-like/needs.js";
import {
  type PublicLikeOptions,
  type PublicMigration,
  type PublicProject,
  publicLike,
} from "./public-like/public-like.js";
import { writeProject } from "./public-like/write-project.js";
import { isNamed, phrasesOf } from "./words.js";

const MADE: readonly Need[] = ["pgcrypto", "role", "event log"];

describe("verify over folders like the public ones", function () {
  this.timeout(600_000);
  let pglite: Scratch;
  let postgres: Scratch | undefined;
  let folder: string;

  before(async () => {
    pglite = await sweptPglite(["pgcrypto"]);
    postgres = await findSweptPostgres15();
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "public-like-"));
  });
  afterEach(() => rm(folder, { recursive: true }));
  after(async () => {
    await pglite[Symbol.asyncDispose]();
    await postgres?.[Symbol.asyncDispose]();
  });

  it("names each fault of 7 migrations of config v2, on PGlite", async () => {
    const project = await written(folder, { seed: 2, migrations: 7, config: 2 });

    const found = await disagreements(pglite, folder, project);

    assert.deepEqual(found, []);
  });

  it("names each fault of 30 migrations in flat files and folders of two databases, on PGlite", async () => {
    const databases = ["default", "vendas"];
    const project = await written(folder, { seed: 3, migrations: 30, layout: "mixed", databases });

    const found = await disagreements(pglite, folder, project);

    assert.deepEqual(found, []);
  });

  it("names each fault of 100 migrations, or of as many as MIGRATIONS says, on PostgreSQL 15", async function () {
    if (postgres === undefined) return this.skip();
    const migrations = Number(process.env["MIGRATIONS"] ?? 100);
    const project = await written(folder, { seed: Number(process.env["SEED"] ?? 1), migrations });

    const found = await disagreements(postgres, folder, project);

    const faults = new Set(project.migrations.flatMap(({ fault = [] }) => fault));
    assert.ok(faults.size === 6 || migrations < 100, [...faults].join(", "));
    assert.deepEqual(found, []);
  });

  it("makes what it can of what nobody made, and asks for the prelude's lines", async () => {
    const project = await written(folder, { seed: 5, migrations: 12, wrong: 0, needs: MADE });

    const report = await verified(pglite, await migrationsOf(folder, "default"), undefined);

    assert.deepEqual(unlike(project.migrations, report.verdicts), []);
    assert.match(report.made.join("\n"), /EXTENSION IF NOT EXISTS pgcrypto/);
    assert.match(report.made.join("\n"), /CREATE ROLE leitor/);
    assert.match(report.made.join("\n"), /hdb_catalog\.event_log/);
  });

  it("says which table and which row a migration needs that no other makes", async () => {
    const needs: readonly Need[] = ["outside table", "missing row"];
    await written(folder, { seed: 6, migrations: 8, wrong: 0, needs });

    const report = await verified(pglite, await migrationsOf(folder, "default"), undefined);

    const open = report.verdicts.filter(({ status }) => status === "not proven");
    const said = open.flatMap(({ findings }) => phrasesOf(findings)).join("\n");
    assert.equal(open.length, 2);
    assert.match(said, /legacy_clients/);
    assert.match(said, /needs a row that no migration makes: regions \(.*\)=\(77\)/);
  });

  it("is content with a prelude that makes what the folder needs", async () => {
    const needs: readonly Need[] = [...MADE, "outside table"];
    const project = await written(folder, { seed: 6, migrations: 8, wrong: 0, needs });

    const migrations = await migrationsOf(folder, "default");
    const report = await verified(pglite, migrations, project.prelude);

    assert.deepEqual(unlike(project.migrations, report.verdicts), []);
    assert.deepEqual(report.made, []);
  });
});

async function written(folder: string, options: PublicLikeOptions): Promise<PublicProject> {
  const project = publicLike(options);
  await writeProject(folder, project);
  return project;
}

async function migrationsOf(folder: string, database: string): Promise<readonly Migration[]> {
  return findFolder(await readProject(folder), database).migrations;
}

/** In what `verify` says otherwise than is true of what was drawn, database by database. */
async function disagreements(
  scratch: Scratch,
  folder: string,
  project: PublicProject,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const database of project.databases) {
    const drawn = project.migrations.filter((one) => one.database === database);
    const { verdicts } = await verified(scratch, await migrationsOf(folder, database), undefined);
    found.push(...unlike(drawn, verdicts));
  }
  return found;
}

function verified(
  { engine, database }: Scratch,
  migrations: readonly Migration[],
  prelude: string | undefined,
) {
  return verifyFolder({
    migrations,
    isJudged: () => true,
    prelude: prelude === undefined ? undefined : sqlFile("prelude.sql", prelude),
    seeds: [],
    start: async () => ({ engine, database, [Symbol.asyncDispose]: async () => undefined }),
    cache: noCache,
    jobs: 1,
  });
}

function unlike(
  drawn: readonly PublicMigration[],
  verdicts: readonly Verdict[],
): readonly string[] {
  const judged = new Map(verdicts.map((verdict) => [verdict.version, verdict]));
  return drawn.flatMap(({ version, name, status, words }) => {
    const verdict = judged.get(version);
    const said = phrasesOf(verdict?.findings ?? []);
    const unnamed = words.filter((expected) => !isNamed(expected, said));
    return verdict?.status === status && unnamed.length === 0
      ? []
      : [
          `${name}: ${verdict?.status}, not ${status} (${words.join("; ")}), but: ${said.join("; ")}`,
        ];
  });
}
