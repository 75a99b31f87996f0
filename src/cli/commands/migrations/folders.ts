import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { SqlFile } from "../../../domain/migration.js";
import type { MigrationFolder } from "../../../hasura/folder.js";
import { findFolder, type Project, readProject } from "../../../hasura/project.js";
import { type NamedEngine, parseEngine } from "../../../hasura/scratch/engine-name.js";
import type { Scratch } from "../../../hasura/scratch/scratch.js";
import { hashOf } from "../../../hasura/squash-file.js";
import { extensionsIn } from "../../../hasura/verify/extensions.js";
import type { SeedFile } from "../../../hasura/verify/own-seeds.js";
import { diskCache, noCache, type VerdictCache } from "../../../hasura/verify/verdict-cache.js";
import type { FolderFlags } from "./flags.js";

/** What a command works with: a project, its folders, and what stands before and in its tables. */
export interface Opened {
  readonly project: Project;
  /** The databases asked for. */
  readonly folders: readonly OpenedFolder[];
  readonly engines: readonly [NamedEngine, ...NamedEngine[]];
  /** Where the prelude is, or would be; absolute. */
  readonly preludePath: string;
  readonly prelude: SqlFile | undefined;
  /** Of this package. */
  readonly release: string;
}

export interface OpenedFolder {
  readonly folder: MigrationFolder;
  readonly seeds: readonly SeedFile[];
}

export async function openFolders(flags: FolderFlags): Promise<Opened> {
  const [first, ...more] = flags.engines.map((engine) => parseEngine(engine));
  const project = await readProject(await projectPath(flags.project));
  const asked = flags.database ?? project.asked;
  const folders = asked === undefined ? project.databases : [findFolder(project, asked)];
  const preludePath = flags.prelude ?? join(project.root, "prelude.sql");
  const isAsked = flags.prelude !== undefined;
  return {
    project,
    folders: await Promise.all(
      folders.map(async (folder) => ({ folder, seeds: await readSeeds(project, folder) })),
    ),
    engines: [first ?? parseEngine("pglite"), ...more],
    preludePath,
    prelude:
      isAsked || (await exists(preludePath)) ? await readSql(preludePath, project) : undefined,
    release: await readRelease(),
  };
}

/** Verdicts of an engine that is always the same; a development database may have changed since. */
export function cacheOf(engine: NamedEngine, release: string): VerdictCache {
  return engine.kind === "url" ? noCache : diskCache(engine.name, release);
}

/** Starts the engine with what the folder will ask of it. */
export function startOf(
  engine: NamedEngine,
  { migrations }: MigrationFolder,
  prelude: SqlFile | undefined,
): () => Promise<Scratch> {
  return () => engine.start(extensionsIn(migrations, prelude));
}

/** Where people keep it: beside the program, or where they stand. */
async function projectPath(named: string): Promise<string> {
  if (named !== "") return named;
  return (await exists("hasura")) ? "hasura" : ".";
}

async function readSeeds(project: Project, folder: MigrationFolder): Promise<readonly SeedFile[]> {
  const directory = folder.isNamed
    ? join(project.seedsDirectory, folder.database)
    : project.seedsDirectory;
  if (!(await exists(directory))) return [];
  const names = (await readdir(directory)).filter((name) => name.endsWith(".sql")).sort();
  return Promise.all(names.map((name) => readSql(join(directory, name), project)));
}

async function readSql(path: string, { root }: Project): Promise<SqlFile> {
  const bytes = await readFile(path);
  const shown = relative(root, path).split(sep).join("/");
  return { path: shown, sql: bytes.toString("utf8"), hash: hashOf(bytes) };
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

async function readRelease(): Promise<string> {
  const text = await readFile(join(__dirname, "../../../../package.json"), "utf8");
  const { version } = JSON.parse(text) as { readonly version: string };
  return version;
}
