import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { SqlFile } from "../../../domain/migration.js";
import type { MigrationFolder } from "../../../hasura/folder/folder.js";
import { preludePath, readGround } from "../../../hasura/folder/ground.js";
import { findFolder, type Project, readProject } from "../../../hasura/folder/project.js";
import { type NamedEngine, parseEngine } from "../../../hasura/scratch/engine-name.js";
import type { Scratch } from "../../../hasura/scratch/scratch.js";
import { extensionsIn } from "../../../hasura/verify/extensions.js";
import type { SeedFile } from "../../../hasura/verify/own-seeds.js";
import { diskCache, noCache, type VerdictCache } from "../../../hasura/verify/verdict-cache.js";
import type { VerifyRequest } from "../../../hasura/verify/verify-folder.js";
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
  const grounds = await Promise.all(
    folders.map(async (folder) => ({
      folder,
      ...(await readGround(project, folder, flags.prelude)),
    })),
  );
  return {
    project,
    folders: grounds.map(({ folder, seeds }) => ({ folder, seeds })),
    engines: [first ?? parseEngine("pglite"), ...more],
    preludePath: flags.prelude ?? preludePath(project),
    prelude: grounds[0]?.prelude,
    release: await readRelease(),
  };
}

/** Verdicts of an engine that is always the same; a development database may have changed since. */
export async function cacheOf(engine: NamedEngine, release: string): Promise<VerdictCache> {
  const identity = await engine.identify();
  return identity === undefined ? noCache : diskCache(identity, release);
}

/** Starts the engine with what the folder will ask of it. */
export function startOf(
  engine: NamedEngine,
  { migrations }: MigrationFolder,
  prelude: SqlFile | undefined,
): () => Promise<Scratch> {
  return () => engine.start(extensionsIn(migrations, prelude));
}

/**
 * How a folder is judged in several jobs. PGlite runs within the process, and each needs a thread. On a development database there is one
 * job only: its roles belong to all databases of the server.
 */
export function jobsOf(
  { kind, name }: NamedEngine,
  { migrations }: MigrationFolder,
  { prelude, jobs }: { readonly prelude: SqlFile | undefined; readonly jobs: number | undefined },
): Pick<VerifyRequest, "jobs" | "inThreads"> {
  if (kind === "url") return { jobs: 1 };
  const extensions = extensionsIn(migrations, prelude);
  return { jobs, inThreads: kind === "pglite" ? { engine: name, extensions } : undefined };
}

/** Where people keep it: beside the program, or where they stand. */
async function projectPath(named: string): Promise<string> {
  if (named !== "") return named;
  return (await exists("hasura")) ? "hasura" : ".";
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

async function readRelease(): Promise<string> {
  const text = await readFile(join(__dirname, "../../../../package.json"), "utf8");
  const { version } = JSON.parse(text) as { readonly version: string };
  return version;
}
