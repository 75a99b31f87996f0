import { cp, lstat, open, realpath, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { DadosferaError } from "../../domain/errors.js";

/**
 * Changes a folder as a whole: `change` works on a copy beside it, then the copy takes the folder's place by two renames. If
 * `change` throws, or the process is killed before the first rename, the folder is as it was. Between the two there is no folder
 * of that name: Hasura's CLI stops, and `interruptedSwap` says what to do. There is never a mixture of before and after.
 */
export async function swapFolder(
  directory: string,
  change: (copy: string) => Promise<void>,
): Promise<void> {
  // The folder may be a link; what is renamed is what it points to.
  const folder = await realpath(directory);
  const { next, before } = neighbours(folder);
  await rm(next, { recursive: true, force: true });
  await rm(before, { recursive: true, force: true });
  try {
    await cp(folder, next, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    await change(next);
    await reachDisk(next);
  } catch (error) {
    await rm(next, { recursive: true, force: true });
    throw error;
  }
  await rename(folder, before);
  try {
    await rename(next, folder);
  } catch (error) {
    await rename(before, folder);
    throw error;
  }
  await reachDisk(dirname(folder));
  await rm(before, { recursive: true, force: true });
}

/** What to say of a folder that is not there because a swap was killed between its two renames. */
export async function interruptedSwap(directory: string): Promise<DadosferaError | undefined> {
  const name = basename(directory);
  const folder = isSwapLeftover(name) ? join(dirname(directory), folderOf(name)) : directory;
  const { next, before } = neighbours(folder);
  if ((await exists(folder)) || !(await exists(before))) return undefined;
  return new DadosferaError({
    code: "MIGRATIONS_UNREADABLE",
    happened: `A squash in ${folder} was interrupted at its last step.`,
    now: `The folder is there under two other names: with the squash as ${next}, and as it was as ${before}.`,
    next: `Finish it with \`mv ${quoted(next)} ${quoted(folder)}\`, or take it back with \`mv ${quoted(before)} ${quoted(folder)}\`.`,
  });
}

/** True for the name of a folder that a killed swap may leave. Hasura's CLI takes neither for a migration. */
export function isSwapLeftover(name: string): boolean {
  return /^\..+\.squash-(next|before)$/.test(name);
}

function folderOf(name: string): string {
  return name.replace(/^\./, "").replace(/\.squash-(next|before)$/, "");
}

/** On the same level, so that relative links in the folder go on pointing to the same things. */
function neighbours(folder: string): { readonly next: string; readonly before: string } {
  const path = join(dirname(folder), `.${basename(folder)}`);
  return { next: `${path}.squash-next`, before: `${path}.squash-before` };
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

/** A name that was not written to disk may be lost with the power. */
async function reachDisk(directory: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(directory);
  await handle.sync().finally(() => handle.close());
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}
