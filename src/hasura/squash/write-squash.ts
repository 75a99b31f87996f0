import { lstat, mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { DadosferaError } from "../../domain/errors.js";
import { type Migration, migrationLabel, type SqlFile } from "../../domain/migration.js";
import type { Squash } from "../../domain/squash-plan.js";
import type { SquashRecord } from "../../domain/squash-record.js";
import { type MigrationFolder, readFolder } from "../folder/folder.js";
import { type GitFolder, requireCommitted } from "../folder/git.js";
import { hashOf, squashRecordText } from "./squash-file.js";
import { swapFolder } from "./swap-folder.js";

export interface ProvenSquash {
  readonly squash: Squash;
  readonly record: SquashRecord;
}

export interface WrittenSquash {
  /** Names of the folders that are new, in the migrations folder. */
  readonly written: readonly string[];
  /** Names of what is gone from it. */
  readonly removed: readonly string[];
}

/**
 * Puts squashes in the place of their parts, all in one swap of the folder. Every byte that goes is in the commit of `git`, files
 * that Hasura does not read too. Before the swap the new folder is read as Hasura's CLI would read it, and must come out as meant.
 * Throws MIGRATION_EDITED, TREE_DIRTY or SQUASH_REFUSED, and the folder is as it was.
 */
export async function writeSquashes(
  folder: MigrationFolder,
  squashes: readonly ProvenSquash[],
  git: Pick<GitFolder, "root" | "commit">,
): Promise<WrittenSquash> {
  const parts = squashes.flatMap(({ squash }) => squash.parts);
  const removed = [...new Set(parts.flatMap((part) => entriesOf(part, folder)))];
  const files = await Promise.all(removed.map((entry) => filesIn(join(folder.directory, entry))));
  await requireCommitted(git, files.flat());
  await swapFolder(folder.directory, async (copy) => {
    await requireContent(copy, folder.migrations, "MIGRATION_EDITED");
    for (const entry of removed) await rm(join(copy, entry), { recursive: true });
    for (const squash of squashes) await writeOne(copy, squash);
    await requireContent(copy, after(folder.migrations, squashes), "SQUASH_REFUSED");
    await requireContent(folder.directory, folder.migrations, "MIGRATION_EDITED");
  });
  return { written: squashes.map(({ squash }) => migrationLabel(squash)), removed };
}

/** What of the migrations folder goes with a migration: its own folder, or two, or flat files. */
function entriesOf({ up, down }: Migration, folder: MigrationFolder): readonly string[] {
  return [up, down]
    .filter((file): file is SqlFile => file !== undefined)
    .map((file) => posix.relative(folder.path, file.path).split("/")[0] ?? "");
}

/** Every file that is removed with an entry. A link goes, and what it points to stays; its files must be in git all the same. */
async function filesIn(path: string): Promise<readonly string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const entries = await readdir(path);
  return (await Promise.all(entries.map((entry) => filesIn(join(path, entry))))).flat();
}

async function writeOne(directory: string, { squash, record }: ProvenSquash): Promise<void> {
  const own = join(directory, migrationLabel(squash));
  if (await lstat(own).catch(() => undefined)) throw inTheWay(migrationLabel(squash));
  await mkdir(own);
  await writeFile(join(own, "up.sql"), squash.up);
  await writeFile(join(own, "down.sql"), squash.down);
  await writeFile(join(own, "squash.json"), squashRecordText(record));
}

async function writeFile(path: string, text: string): Promise<void> {
  const handle = await open(path, "wx");
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function inTheWay(name: string): DadosferaError {
  return new DadosferaError({
    code: "SQUASH_REFUSED",
    happened: `Did not write the squash: a folder ${name} is there already.`,
    now: "Nothing was changed.",
    next: "Remove it if nothing needs it, or give the squash another name with `--name`.",
  });
}

function after(
  migrations: readonly Migration[],
  squashes: readonly ProvenSquash[],
): readonly Pick<Migration, "version" | "name" | "up" | "down">[] {
  const folded = new Set(squashes.flatMap(({ squash }) => squash.parts.map((one) => one.version)));
  const staying = migrations.filter(({ version }) => !folded.has(version));
  return [...staying, ...squashes.map(({ squash }) => asMigration(squash))];
}

function asMigration({ version, name, up, down }: Squash): Migration {
  const file = (path: string, sql: string): SqlFile => ({ path, sql, hash: hashOf(sql) });
  return { version, name, up: file("up.sql", up), down: file("down.sql", down) };
}

/** Throws unless Hasura's CLI would find just these migrations with these bytes. */
async function requireContent(
  directory: string,
  expected: readonly Migration[],
  code: "MIGRATION_EDITED" | "SQUASH_REFUSED",
): Promise<void> {
  const { migrations } = await readFolder(directory, dirname(directory));
  const found = migrations.map(inBrief);
  const wanted = expected.map(inBrief);
  const differing = [
    ...found.filter((one) => !wanted.includes(one)),
    ...wanted.filter((one) => !found.includes(one)),
  ];
  const [first] = differing;
  if (first === undefined) return;
  throw new DadosferaError({
    code,
    happened:
      code === "MIGRATION_EDITED"
        ? `Migration ${first.split(" ")[0]} changed while the squash was being proven.`
        : `Did not write the squash: Hasura would find migration ${first.split(" ")[0]} otherwise than it was proven.`,
    now: "Nothing was changed.",
    next: "Commit the folder as it is meant to be, then squash again.",
  });
}

function inBrief({ version, name, up, down }: Migration): string {
  return `${version}_${name} ${up?.hash} ${down?.hash}`;
}
