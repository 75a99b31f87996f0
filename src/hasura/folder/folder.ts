import { lstat, readdir, readFile, realpath } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { DadosferaError } from "../../domain/errors.js";
import { byVersion, type Migration, type SqlFile } from "../../domain/migration.js";
import { hashOf, parseSquashRecord, type SquashReading } from "../squash/squash-file.js";
import { type MigrationFileName, migrationFileName, whyIgnored } from "./migration-file-name.js";

/** The migrations of one database. */
export interface MigrationFolder {
  /** Its name in Hasura; `default` for a project of config v2, which does not name it. */
  readonly database: string;
  /** False for a project of config v2: the CLI then names no database, and the state is in a table. */
  readonly isNamed: boolean;
  /** Absolute. */
  readonly directory: string;
  /** Relative to the project, with forward slashes; empty for the project itself. */
  readonly path: string;
  readonly migrations: readonly Migration[];
  /** What `squash.json` beside an `up.sql` says, by version. */
  readonly squashes: ReadonlyMap<string, SquashReading>;
  /** What Hasura's CLI passes over without a word. */
  readonly ignored: readonly IgnoredPath[];
}

export interface IgnoredPath {
  /** Relative to the project, with forward slashes. */
  readonly path: string;
  readonly why: string;
}

export type FolderContent = Pick<MigrationFolder, "migrations" | "squashes" | "ignored">;

/**
 * Reads what Hasura's CLI would read (graphql-engine, cli/migrate/source/file/file.go), by version. `root` is what paths are
 * relative to. Throws MIGRATIONS_UNREADABLE, and MIGRATION_INVALID for what the CLI would stop at or send otherwise than it is.
 */
export async function readFolder(directory: string, root: string): Promise<FolderContent> {
  const reading = new FolderReading(root);
  try {
    for (const entry of await namesIn(directory)) await reading.entry(directory, entry);
  } catch (error) {
    if (error instanceof DadosferaError) throw error;
    throw new DadosferaError(
      {
        code: "MIGRATIONS_UNREADABLE",
        happened: `Could not read the migrations in ${directory}: ${error instanceof Error ? error.message : error}.`,
        now: "Nothing was changed. Hasura's CLI would stop there as well.",
        next: "Make the path readable, or remove it.",
      },
      { cause: error },
    );
  }
  return reading.content();
}

/** In the order in which Go lists a folder. */
async function namesIn(directory: string): Promise<readonly string[]> {
  return (await readdir(directory)).sort();
}

class FolderReading {
  readonly #root: string;
  readonly #found = new Map<
    string,
    { readonly meaning: MigrationFileName; readonly file: SqlFile }
  >();
  readonly #squashes = new Map<string, SquashReading>();
  readonly #ignored: IgnoredPath[] = [];

  constructor(root: string) {
    this.#root = root;
  }

  /** The CLI follows a link, and then looks in the folder for what the link points to, by that one's own name. */
  async entry(directory: string, entry: string): Promise<void> {
    const target = await realpath(join(directory, entry));
    const path = join(directory, basename(target));
    if ((await lstat(target)).isDirectory()) await this.#migrationDirectory(path);
    else await this.#file(path, basename(target));
  }

  async #migrationDirectory(directory: string): Promise<void> {
    const prefix = basename(directory);
    const entries = (await readdir(directory, { withFileTypes: true })).sort((one, other) =>
      one.name < other.name ? -1 : 1,
    );
    for (const { name } of entries.filter((entry) => !entry.isDirectory())) {
      if (name !== "squash.json") await this.#file(join(directory, name), `${prefix}.${name}`);
    }
    const folders = entries.filter((entry) => entry.isDirectory());
    for (const { name } of folders)
      this.#ignore(join(directory, name), "a folder within a migration");
    if (entries.length === 0) this.#ignore(directory, "an empty folder");
    const squash = entries.find(({ name }) => name === "squash.json");
    if (squash) await this.#squash(directory, prefix);
  }

  async #file(path: string, name: string): Promise<void> {
    const meaning = migrationFileName(name);
    if (meaning === undefined) return this.#ignore(path, whyIgnored(name));
    const bytes = await readFile(path);
    if (bytes.length === 0)
      return this.#ignore(path, "it holds no bytes, so that Hasura's CLI takes it for absent");
    const key = `${meaning.version}.${meaning.direction}`;
    const before = this.#found.get(key);
    const file = { path: this.#relative(path), sql: textOf(path, bytes), hash: hashOf(bytes) };
    if (before) throw duplicates(meaning, before.file.path, file.path);
    this.#found.set(key, { meaning, file });
  }

  async #squash(directory: string, prefix: string): Promise<void> {
    const path = join(directory, "squash.json");
    const up = migrationFileName(`${prefix}.up.sql`);
    const own = up && this.#found.get(`${up.version}.up`);
    if (up === undefined || own?.file.path !== this.#relative(join(directory, "up.sql"))) {
      return this.#ignore(path, "no up.sql stands beside it");
    }
    this.#squashes.set(up.version, parseSquashRecord(await readFile(path, "utf8")));
  }

  #ignore(path: string, why: string): void {
    this.#ignored.push({ path: this.#relative(path), why });
  }

  #relative(path: string): string {
    return relative(this.#root, path).split(sep).join("/");
  }

  content(): FolderContent {
    const versions = [...new Set([...this.#found.values()].map(({ meaning }) => meaning.version))];
    const migrations = versions.map((version): Migration => {
      const up = this.#found.get(`${version}.up`);
      const down = this.#found.get(`${version}.down`);
      return {
        version,
        name: (up ?? down)?.meaning.name ?? "",
        ...(up ? { up: up.file } : {}),
        ...(down ? { down: down.file } : {}),
      };
    });
    return {
      migrations: migrations.sort(byVersion),
      squashes: this.#squashes,
      ignored: this.#ignored,
    };
  }
}

/** The CLI puts a file's bytes into JSON, and what is no UTF-8 becomes `\uFFFD` on the way. */
function textOf(path: string, bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new DadosferaError(
      {
        code: "MIGRATION_INVALID",
        happened: `${path} is not UTF-8: line ${lineOfBrokenText(bytes)}.`,
        now: "Nothing was changed. Hasura's CLI would send other characters than the file holds.",
        next: "Save the file as UTF-8.",
      },
      { cause: error },
    );
  }
}

function lineOfBrokenText(bytes: Buffer): number {
  return bytes.toString("utf8").split("\uFFFD", 1)[0]?.split("\n").length ?? 1;
}

function duplicates(meaning: MigrationFileName, one: string, other: string): DadosferaError {
  return new DadosferaError({
    code: "MIGRATION_INVALID",
    happened: `Two files are the ${meaning.direction} of version ${meaning.version}: ${one} and ${other}.`,
    now: "Nothing was changed. Hasura's CLI refuses the whole folder.",
    next: "Remove one of them, or give it a version of its own.",
  });
}
