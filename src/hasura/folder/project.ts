import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { DadosferaError } from "../../domain/errors.js";
import { interruptedSwap, isSwapLeftover } from "../squash/swap-folder.js";
import { type Environment, type ProjectConfig, readConfig } from "./config.js";
import { type IgnoredPath, type MigrationFolder, readFolder } from "./folder.js";

/** A Hasura project on this machine: its settings and everything in its migrations folders. */
export interface Project {
  /** Absolute. All paths in it are relative to this, with forward slashes. */
  readonly root: string;
  readonly configVersion: 1 | 2 | 3;
  readonly endpoint?: string;
  readonly databases: readonly MigrationFolder[];
  /** Absolute; it need not exist. In config v3 it holds one folder per database. */
  readonly seedsDirectory: string;
  /** The database whose own folder was asked for. */
  readonly asked?: string;
  /** What stands in the migrations folder and belongs to no database. */
  readonly ignored: readonly IgnoredPath[];
}

/**
 * Reads a project as Hasura's CLI would. `directory` is the project, which holds `config.yaml`, or its migrations folder, or in
 * config v3 the folder of one database; without any `config.yaml` it is a folder of migrations. Throws MIGRATIONS_UNREADABLE
 * and MIGRATION_INVALID.
 */
export async function readProject(
  directory: string,
  environment: Environment = process.env,
): Promise<Project> {
  const asked = resolve(directory);
  const interrupted = await interruptedSwap(asked);
  if (interrupted) throw interrupted;
  if (!(await isDirectory(asked))) throw notHasura(asked, "there is no such folder");
  const configured = await configuredProject(asked, environment);
  const { root, config } = configured ?? (await bareProject(asked));
  const migrations = join(root, config.migrationsDirectory);
  const content =
    config.configVersion === 3
      ? await namedDatabases(migrations, root)
      : { databases: [await unnamedDatabase(migrations, root)], ignored: [] };
  // Without settings only migrations make a folder one of Hasura's.
  const databases = content.databases.filter(
    (folder) => configured !== undefined || folder.migrations.length > 0,
  );
  if (databases.length === 0 && !configured) {
    throw notHasura(asked, "no config.yaml and no migrations are in it");
  }
  const own = databases.find((folder) => folder.directory === asked);
  return {
    root,
    configVersion: config.configVersion,
    ...(config.endpoint === undefined ? {} : { endpoint: config.endpoint }),
    databases,
    ignored: content.ignored,
    seedsDirectory: join(root, config.seedsDirectory),
    ...(own ? { asked: own.database } : {}),
  };
}

/**
 * The migrations of one database: the one named, else the one whose folder was asked for, else the only one.
 * Throws INPUT_INVALID.
 */
export function findFolder(project: Project, database?: string): MigrationFolder {
  const wanted = database ?? project.asked;
  const [only, another] = project.databases;
  const found =
    wanted === undefined
      ? another === undefined && only
      : project.databases.find((folder) => folder.database === wanted);
  if (found) return found;
  const names = project.databases.map((folder) => `"${folder.database}"`).join(", ");
  throw new DadosferaError({
    code: "INPUT_INVALID",
    happened:
      wanted === undefined
        ? `${project.root} holds migrations of ${project.databases.length} databases, and none was named.`
        : `${project.root} holds no migrations of a database "${wanted}".`,
    now: "Nothing was changed.",
    next:
      names === "" ? "Make its first migration with Hasura's console." : `Name one of ${names}.`,
  });
}

interface Located {
  readonly root: string;
  readonly config: ProjectConfig;
}

/** Looks for `config.yaml` in the folder and in three above; one whose migrations are elsewhere is another tool's. */
async function configuredProject(
  asked: string,
  environment: Environment,
): Promise<Located | undefined> {
  let root = asked;
  for (let level = 0; level <= 3; level += 1) {
    if (await exists(join(root, "config.yaml"))) {
      const config = await readConfig(root, environment);
      if (root === asked || isWithin(asked, join(root, config.migrationsDirectory))) {
        return { root, config };
      }
    }
    root = dirname(root);
  }
  return undefined;
}

/** Migrations alone: those of one database, or a folder for each of several. */
async function bareProject(asked: string): Promise<Located> {
  const inside = join(asked, "migrations");
  const directory = (await isDirectory(inside)) ? inside : asked;
  const config = { migrationsDirectory: relative(asked, directory), seedsDirectory: "seeds" };
  const { migrations } = await readFolder(directory, asked);
  return { root: asked, config: { ...config, configVersion: migrations.length > 0 ? 2 : 3 } };
}

async function unnamedDatabase(directory: string, root: string): Promise<MigrationFolder> {
  await requireMigrations(directory);
  const path = pathFrom(root, directory);
  return {
    database: "default",
    isNamed: false,
    directory,
    path,
    ...(await readFolder(directory, root)),
  };
}

async function namedDatabases(
  directory: string,
  root: string,
): Promise<Pick<Project, "databases" | "ignored">> {
  await requireMigrations(directory);
  const databases: MigrationFolder[] = [];
  const ignored: IgnoredPath[] = [];
  for (const name of (await readdir(directory)).sort()) {
    const own = join(directory, name);
    const path = pathFrom(root, own);
    const interrupted = await interruptedSwap(own);
    if (interrupted) throw interrupted;
    if (isSwapLeftover(name))
      ignored.push({ path, why: "left by an interrupted squash; it can be removed" });
    else if (!(await isDirectory(own)))
      ignored.push({ path, why: "not in the folder of a database" });
    else if (await isMigration(own))
      ignored.push({ path, why: "a migration that is not in the folder of a database" });
    else
      databases.push({
        database: name,
        isNamed: true,
        directory: own,
        path,
        ...(await readFolder(own, root)),
      });
  }
  return { databases, ignored };
}

/** A migration left where config v2 had it. */
async function isMigration(directory: string): Promise<boolean> {
  if (!/^[0-9]+_/.test(basename(directory))) return false;
  const names = await readdir(directory);
  return names.includes("up.sql") || names.includes("down.sql");
}

async function requireMigrations(directory: string): Promise<void> {
  const interrupted = await interruptedSwap(directory);
  if (interrupted) throw interrupted;
  if (await isDirectory(directory)) return;
  throw notHasura(
    directory,
    "there is no such folder, and it is where config.yaml has the migrations",
  );
}

function notHasura(directory: string, why: string): DadosferaError {
  return new DadosferaError({
    code: "MIGRATIONS_UNREADABLE",
    happened: `${directory} is not a folder of Hasura's: ${why}.`,
    now: "Nothing was changed.",
    next: "Name the folder that holds Hasura's config.yaml, as `../hasura`, or its migrations, as `../hasura/migrations`.",
  });
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory + sep);
}

function pathFrom(root: string, directory: string): string {
  return relative(root, directory).split(sep).join("/");
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

async function isDirectory(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
