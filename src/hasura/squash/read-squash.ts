import { DadosferaError } from "../../domain/errors.js";
import type { Migration, SqlFile } from "../../domain/migration.js";
import type { SquashRecord } from "../../domain/squash-record.js";
import type { MigrationFolder } from "../folder/folder.js";
import { gitFolder } from "../folder/git.js";
import { readOriginals } from "./originals.js";

/** A squash as it stands in the folder, and its parts as git has them. */
export interface StandingSquash {
  readonly squash: Migration & { readonly up: SqlFile; readonly down: SqlFile };
  readonly record: SquashRecord;
  readonly parts: readonly Migration[];
}

/** Throws MIGRATION_EDITED if the files are not those that squash.json speaks of, MIGRATION_NOT_FOUND if git lacks the parts. */
export async function readSquash(
  folder: MigrationFolder,
  version: string,
): Promise<StandingSquash> {
  const squash = folder.migrations.find((one) => one.version === version);
  const reading = folder.squashes.get(version);
  const where = `${folder.path}, version ${version}`;
  if (reading?.kind !== "record") throw unreadable(where, reading?.why ?? "it is not there");
  const { up, down } = squash ?? {};
  if (squash === undefined || up === undefined || down === undefined) {
    throw unreadable(where, "up.sql or down.sql is not beside it");
  }
  const { record } = reading;
  if (up.hash !== record.up || down.hash !== record.down) throw edited(where);
  const { root } = await gitFolder(folder.directory);
  return { squash: { ...squash, up, down }, record, parts: await readOriginals(root, record) };
}

function unreadable(where: string, why: string): DadosferaError {
  return new DadosferaError({
    code: "MIGRATION_UNPROVEN",
    happened: `Could not read squash.json (${where}): ${why}.`,
    now: "Nothing was proven, and nothing was changed.",
    next: "Take the folder of the squash back from git as it was written.",
  });
}

function edited(where: string): DadosferaError {
  return new DadosferaError({
    code: "MIGRATION_EDITED",
    happened: `The SQL of a squash is not what its squash.json speaks of (${where}).`,
    now: "Nothing was proven, and nothing was changed.",
    next: "Take it back from git, and write what you would change as a migration of its own.",
  });
}
