import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { DadosferaError } from "../../domain/errors.js";
import type { SqlFile } from "../../domain/migration.js";
import { hashOf } from "../squash/squash-file.js";
import type { Ground } from "../verify/stage.js";
import type { MigrationFolder } from "./folder.js";
import type { Project } from "./project.js";

/** Where a project keeps what stands before its first migration. */
export function preludePath({ root }: Pick<Project, "root">): string {
  return join(root, "prelude.sql");
}

/** What a project keeps beside the migrations of a database: its prelude, and seeds as Hasura's CLI finds them. */
export async function readGround(
  project: Project,
  folder: MigrationFolder,
  prelude?: string,
): Promise<Ground> {
  const path = prelude ?? preludePath(project);
  const isThere = prelude !== undefined || (await exists(path));
  return {
    prelude: isThere ? await readSql(path, project) : undefined,
    seeds: await readSeeds(project, folder),
  };
}

async function readSeeds(project: Project, folder: MigrationFolder): Promise<readonly SqlFile[]> {
  const { seedsDirectory } = project;
  const directory = folder.isNamed ? join(seedsDirectory, folder.database) : seedsDirectory;
  if (!(await exists(directory))) return [];
  const names = (await readdir(directory)).filter((name) => name.endsWith(".sql")).sort();
  return Promise.all(names.map((name) => readSql(join(directory, name), project)));
}

async function readSql(path: string, { root }: Project): Promise<SqlFile> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  const shown = relative(root, path).split(sep).join("/");
  return { path: shown, sql: bytes.toString("utf8"), hash: hashOf(bytes) };
}

function unreadable(path: string, cause: unknown): DadosferaError {
  return new DadosferaError(
    {
      code: "MIGRATIONS_UNREADABLE",
      happened: `Could not read ${path}: ${cause instanceof Error ? cause.message : cause}.`,
      now: "No migration was tried, and nothing was changed.",
      next: "Name a file of SQL that can be read.",
    },
    { cause },
  );
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
