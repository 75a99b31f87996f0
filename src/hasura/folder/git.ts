import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, realpath } from "node:fs/promises";
import { relative, sep } from "node:path";
import { promisify } from "node:util";
import { DadosferaError } from "../../domain/errors.js";

/** A folder in a git repository. */
export interface GitFolder {
  /** The repository's root, absolute, without links. */
  readonly root: string;
  /** The folder in it, with forward slashes; empty for the root. */
  readonly path: string;
  /** What HEAD points to. */
  readonly commit: string;
  /** Files of the folder that are changed, added, removed or unknown to git, relative to the repository. */
  readonly changed: readonly string[];
}

/** Looks at a folder with git. Throws TREE_DIRTY if no commit holds it: no git, no repository, no commit. */
export async function gitFolder(directory: string): Promise<GitFolder> {
  const folder = await realpath(directory);
  const root = await realpath(await firstLine(folder, ["rev-parse", "--show-toplevel"]));
  const commit = await firstLine(folder, ["rev-parse", "--verify", "HEAD^{commit}"]);
  const status = await run(folder, [
    "status",
    "--porcelain",
    "-z",
    "--untracked-files=all",
    "--",
    ".",
  ]);
  return { root, path: pathFrom(root, folder), commit, changed: changedPaths(status.toString()) };
}

/** Throws TREE_DIRTY if anything in the folder is not as the commit has it. */
export function requireClean({ changed, root, path }: GitFolder): void {
  if (changed.length === 0) return;
  throw new DadosferaError({
    code: "TREE_DIRTY",
    happened: `Git has ${changed.length} uncommitted ${changed.length === 1 ? "file" : "files"} in ${path || root}: ${listed(changed)}.`,
    now: "Nothing was changed.",
    next: "Commit or remove them, then run the command again: the originals of a squash must be found in git.",
  });
}

/**
 * Throws TREE_DIRTY unless the commit holds each file with the very bytes it has on disk. It finds more than `requireClean`: what
 * git ignores, and what a filter or a setting for line ends changes on its way into git.
 */
export async function requireCommitted(
  { root, commit }: Pick<GitFolder, "root" | "commit">,
  files: readonly string[],
): Promise<void> {
  const blobs = await blobsOf(root, commit);
  const missing: string[] = [];
  for (const file of files) {
    const path = pathFrom(root, await realpath(file));
    const blob = blobs.get(path);
    if (blob === undefined || blob !== blobId(await readFile(file), blob.length))
      missing.push(path);
  }
  if (missing.length === 0) return;
  throw new DadosferaError({
    code: "TREE_DIRTY",
    happened: `Git's commit ${commit.slice(0, 12)} does not hold ${listed(missing)} with these bytes.`,
    now: "Nothing was changed.",
    next: "Commit what is missing; see to it that `.gitignore`, `.gitattributes` and `core.autocrlf` leave these files alone.",
  });
}

/** Whether this clone has the commit; a shallow one may not. Throws TREE_DIRTY if git cannot look. */
export async function hasCommit(root: string, commit: string): Promise<boolean> {
  try {
    await run(root, ["cat-file", "-e", `${commit}^{commit}`]);
    return true;
  } catch (error) {
    const cause: unknown = error instanceof Error ? error.cause : undefined;
    // A number is git's own exit code.
    if (cause instanceof Error && "code" in cause && typeof cause.code === "number") return false;
    throw error;
  }
}

/** The bytes of a file as a commit has it; undefined if it has no such file. `path` is relative to the repository. */
export async function readAt(
  root: string,
  commit: string,
  path: string,
): Promise<Buffer | undefined> {
  const blob = (await blobsOf(root, commit, path)).get(path);
  return blob === undefined ? undefined : run(root, ["cat-file", "blob", blob]);
}

/** The files that a commit has in a folder, relative to the repository. */
export async function filesAt(
  root: string,
  commit: string,
  path: string,
): Promise<readonly string[]> {
  return [...(await blobsOf(root, commit, path)).keys()];
}

async function blobsOf(
  root: string,
  commit: string,
  ...paths: readonly string[]
): Promise<ReadonlyMap<string, string>> {
  const named = paths.filter((path) => path !== "");
  const tree = ["ls-tree", "-r", "-z", "--full-tree", commit];
  const listing = await run(root, [...tree, ...(named.length > 0 ? ["--", ...named] : [])]);
  const entries = listing
    .toString()
    .split("\0")
    .filter((entry) => entry !== "");
  return new Map(
    entries.flatMap((entry) => {
      const [facts = "", path = ""] = splitOnce(entry, "\t");
      const [, type, id = ""] = facts.split(" ");
      return type === "blob" ? [[path, id] as const] : [];
    }),
  );
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return [text.slice(0, at), text.slice(at + separator.length)];
}

/** How git names bytes: SHA-1, or SHA-256 in a repository whose names are that long. */
function blobId(bytes: Buffer, length: number): string {
  const hash = createHash(length === 64 ? "sha256" : "sha1");
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}

/** `XY path`, and for a file that was renamed or copied a second entry with its old name. */
function changedPaths(status: string): readonly string[] {
  const entries = status.split("\0");
  const paths: string[] = [];
  for (let at = 0; at < entries.length; at += 1) {
    const entry = entries[at] ?? "";
    if (entry === "") continue;
    paths.push(entry.slice(3));
    if (/[RC]/.test(entry.slice(0, 2))) at += 1;
  }
  return paths;
}

function listed(paths: readonly string[]): string {
  const shown = paths.slice(0, 5).join(", ");
  return paths.length > 5 ? `${shown} and ${paths.length - 5} more` : shown;
}

function pathFrom(root: string, path: string): string {
  return relative(root, path).split(sep).join("/");
}

async function firstLine(directory: string, command: readonly string[]): Promise<string> {
  return (await run(directory, command)).toString().trimEnd();
}

async function run(directory: string, command: readonly string[]): Promise<Buffer> {
  try {
    const { stdout } = await execute("git", command, {
      cwd: directory,
      encoding: "buffer",
      maxBuffer: 1 << 30,
      env: environment(),
    });
    return stdout;
  } catch (error) {
    throw noCommit(directory, error);
  }
}

const execute = promisify(execFile);

/** Within a hook git sets variables that lead it to another repository than the folder's own. */
function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) =>
      !/^GIT_(DIR|WORK_TREE|INDEX_FILE|PREFIX|COMMON_DIR|OBJECT_DIRECTORY|NAMESPACE)$/.test(name),
  );
  return {
    ...Object.fromEntries(own),
    LC_ALL: "C",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_LITERAL_PATHSPECS: "1",
  };
}

function noCommit(directory: string, cause: unknown): DadosferaError {
  const absent = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
  return new DadosferaError(
    {
      code: "TREE_DIRTY",
      happened: `Could not find ${directory} in a git commit: ${absent ? "git is not installed" : complaint(cause)}.`,
      now: "Nothing was changed.",
      next: absent
        ? "Install git: a squash removes the originals only where a commit holds them."
        : `Make a commit that holds the migrations: \`git -C ${directory} add . && git -C ${directory} commit\`.`,
    },
    { cause },
  );
}

/** Git's own words, as `not a git repository (or any of the parent directories): .git`. */
function complaint(cause: unknown): string {
  const text = cause instanceof Error && "stderr" in cause ? String(cause.stderr) : String(cause);
  const line = text.split("\n").find((one) => one.trim() !== "") ?? "it answered nothing";
  return line.replace(/^(fatal|error): /, "").trim();
}
