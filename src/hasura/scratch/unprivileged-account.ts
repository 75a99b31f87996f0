import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

/** An account of this machine, by its numbers. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root: then `postgres`, or else `nobody`. Nothing if we are not root. */
export async function unprivilegedAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = await readFile("/etc/passwd", "utf8").catch(() => "");
  const line = /^postgres:[^:]*:(\d+):(\d+):/m.exec(accounts);
  return line === null ? NOBODY : { uid: Number(line[1]), gid: Number(line[2]) };
}

const NOBODY: Account = { uid: 65_534, gid: 65_534 };

/** Whether that account may read and run a program. */
export async function canRun(program: string, account: Account | undefined): Promise<boolean> {
  if (account === undefined) return true;
  return promisify(execFile)(program, ["--version"], { cwd: "/", ...account }).then(
    () => true,
    () => false,
  );
}
