import { randomUUID } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir, hostname, userInfo } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { EngineError, refuseFeature } from "./engine-error.js";

/** The folder of a `file://` backend, and where it keeps one stack. */
export interface Backend {
  /** Text of the stack's state file, or undefined if there is none. */
  readonly read: () => string | undefined;
  /** Replaces the state file in one step, so that a reader never sees half of it. */
  readonly write: (text: string) => void;
  /** Holds the stack for one command. Throws if another command holds it. */
  readonly lock: () => Disposable;
  /** Frees the stack, whoever holds it. */
  readonly dropLocks: () => void;
  readonly path: string;
}

/** `url` is a `file://` URL; `~` and relative folders are taken as the Pulumi CLI takes them. */
export function openBackend(url: string, project: string, stack: string): Backend {
  const root = join(folderOf(url), ".pulumi");
  const path = join(root, "stacks", project, `${stack}.json`);
  const locks = join(root, "locks", "organization", project, stack);
  return {
    path,
    read: () => (existsSync(path) ? readFileSync(path, "utf8") : undefined),
    write: (text) => {
      writeWhole(path, text);
      // Without this file the Pulumi CLI takes the folder for one of an older layout.
      const meta = join(root, "meta.yaml");
      if (!existsSync(meta)) writeWhole(meta, "version: 1\n");
    },
    lock: () => takeLock(locks),
    dropLocks: () => rmSync(locks, { recursive: true, force: true }),
  };
}

function folderOf(url: string): string {
  if (!url.startsWith("file://"))
    throw refuseFeature(`backends other than file:// (${schemeOf(url)})`);
  const path = url.slice("file://".length);
  if (path.startsWith("~")) return join(homedir(), path.slice(1));
  return path.startsWith("/") ? fileURLToPath(url) : resolve(path);
}

// Only the scheme is shown: the rest of a backend's address may hold a password.
function schemeOf(url: string): string {
  return url.split("://")[0] ?? url;
}

function writeWhole(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}.tmp`;
  writeFileSync(beside, text);
  renameSync(beside, path);
}

// The Pulumi CLI keeps a file of attributes beside each of its own.
function isLock(name: string): boolean {
  return name.endsWith(".json");
}

function takeLock(folder: string): Disposable {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${randomUUID()}.json`);
  const holder = { pid: process.pid, username: userInfo().username, hostname: hostname() };
  writeFileSync(path, JSON.stringify({ ...holder, timestamp: new Date().toISOString() }));
  const others = readdirSync(folder).filter((name) => isLock(name) && join(folder, name) !== path);
  if (others.length === 0) return { [Symbol.dispose]: () => rmSync(path, { force: true }) };
  rmSync(path, { force: true });
  throw new EngineError({
    happened: `Could not start: the stack is locked by ${others.length} other command(s).`,
    now: "Nothing was changed.",
    next: `Wait for it to end. If it was killed, run \`dadosfera engine cancel --yes\`, which deletes ${others.map((name) => join(folder, name)).join(", ")}.`,
    exitCode: 1,
  });
}
