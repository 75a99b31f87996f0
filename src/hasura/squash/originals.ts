import { posix } from "node:path";
import { DadosferaError, isDadosferaError } from "../../domain/errors.js";
import type { Migration, SqlFile } from "../../domain/migration.js";
import type { ReplacedMigration, SquashRecord } from "../../domain/squash-record.js";
import { filesAt, hasCommit, readAt } from "../folder/git.js";
import { migrationFileName } from "../folder/migration-file-name.js";
import { hashOf, parseSquashRecord } from "./squash-file.js";

/**
 * Reads the migrations that a squash replaced back from the commit its record names. `root` is the repository. Throws
 * MIGRATION_NOT_FOUND if the commit is not there or does not hold them as the record has them.
 */
export async function readOriginals(
  root: string,
  record: SquashRecord,
): Promise<readonly Migration[]> {
  if (!(await hasCommit(root, record.commit))) throw notThere(record, "any of its migrations");
  const files = await filesOf(root, record);
  const read = async (
    version: string,
    direction: "up" | "down",
    hash: string,
  ): Promise<SqlFile> => {
    const found = files.filter((file) => file.version === version && file.direction === direction);
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

/**
 * The same, and behind each squash among them what that one replaced: its record stands beside its up in the same commit, and names the
 * commit of its own parts. Those that git lacks are left out.
 */
export async function readEveryOriginal(
  root: string,
  record: SquashRecord,
): Promise<readonly Migration[]> {
  const own = await readOriginals(root, record);
  const squashes = record.replaces.filter(({ replaces = [] }) => replaces.length > 0);
  const inner = await Promise.all(
    squashes.map(async ({ version, up }) => {
      const path = own.find((one) => one.version === version)?.up?.path ?? "";
      const beside = await readAt(root, record.commit, posix.join(posix.dirname(path), RECORD));
      const reading = parseSquashRecord(beside?.toString("utf8") ?? "");
      if (reading.kind !== "record" || reading.record.up !== up) return [];
      return readEveryOriginal(root, reading.record).catch(unlessNotThere);
    }),
  );
  return [...own, ...inner.flat()];
}

const RECORD = "squash.json";

function unlessNotThere(error: unknown): readonly Migration[] {
  if (isDadosferaError(error) && error.code === "MIGRATION_NOT_FOUND") return [];
  throw error;
}

async function filesOf(root: string, { commit, folder }: SquashRecord) {
  const paths = await filesAt(root, commit, folder);
  return paths.flatMap((path) => {
    const meaning = meaningOf(path, folder);
    return meaning === undefined ? [] : [{ path, ...meaning }];
  });
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
