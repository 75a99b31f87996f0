import { DadosferaError } from "../domain/errors.js";
import type { Migration, SqlFile } from "../domain/migration.js";
import type { ReplacedMigration, SquashRecord } from "../domain/squash-record.js";
import { filesAt, hasCommit, readAt } from "./git.js";
import { migrationFileName } from "./migration-file-name.js";
import { hashOf } from "./squash-file.js";

/**
 * Reads the migrations that a squash replaced back from the commit its record names. `root` is the repository. Throws
 * MIGRATION_NOT_FOUND if the commit is not there or does not hold them as the record has them.
 */
export async function readOriginals(
  root: string,
  record: SquashRecord,
): Promise<readonly Migration[]> {
  if (!(await hasCommit(root, record.commit))) throw notThere(record, "any of its migrations");
  const paths = await filesAt(root, record.commit, record.folder);
  const meanings = paths.map((path) => ({ path, meaning: meaningOf(path, record.folder) }));
  const read = async (
    version: string,
    direction: "up" | "down",
    hash: string,
  ): Promise<SqlFile> => {
    const found = meanings.filter(
      ({ meaning }) => meaning?.version === version && meaning.direction === direction,
    );
    for (const { path } of found) {
      const bytes = await readAt(root, record.commit, path);
      if (bytes && hashOf(bytes) === hash) return { path, sql: bytes.toString("utf8"), hash };
    }
    throw notThere(record, `migration ${version} (${direction})`);
  };
  return Promise.all(
    record.replaces.map(async ({ version, name, up, down }: ReplacedMigration) => ({
      version,
      name,
      up: await read(version, "up", up),
      ...(down === null ? {} : { down: await read(version, "down", down) }),
    })),
  );
}

function meaningOf(path: string, folder: string) {
  const [first = "", second, third] = path.slice(folder === "" ? 0 : folder.length + 1).split("/");
  if (third !== undefined) return undefined;
  return migrationFileName(second === undefined ? first : `${first}.${second}`);
}

function notThere({ commit, folder }: SquashRecord, what: string): DadosferaError {
  return new DadosferaError({
    code: "MIGRATION_NOT_FOUND",
    happened: `Commit ${commit.slice(0, 12)} does not hold ${what} in ${folder || "its root"} as squash.json has it.`,
    now: "Nothing was changed.",
    next: "Bring the commit that squash.json names into this clone: `git fetch --unshallow`, or `git fetch origin <commit>`.",
  });
}
