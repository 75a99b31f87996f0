import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, rmSync } from "node:fs";
import { access, constants, mkdtemp } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { connectMysql } from "#src/emulator/mysql/connection.js";
import { atExit } from "#src/hasura/scratch/at-exit.js";
import { type Account, unprivilegedAccount } from "#src/hasura/scratch/unprivileged-account.js";

/** A running MariaDB, reachable from this machine only. */
export interface Mariadb extends AsyncDisposable {
  /** Of `root`, without a password and a database. */
  readonly url: string;
}

/** A MariaDB on data of its own; nothing where its programs are not installed. It ends with this process at the latest. */
export async function findMariadb(): Promise<Mariadb | undefined> {
  const [server, installer] = [await find("mariadbd"), await find("mariadb-install-db")];
  if (server === undefined || installer === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), "dadosfera-mariadb-"));
  const account = await unprivilegedAccount();
  if (account !== undefined) chownSync(folder, account.uid, account.gid);
  const flags = ["--no-defaults", `--datadir=${join(folder, "data")}`];
  let child: ChildProcess | undefined;
  const stop = () => {
    child?.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
  };
  const forget = atExit(stop);
  const close = async () => {
    if (child !== undefined) await end(child);
    forget();
    stop();
  };
  try {
    await promisify(execFile)(installer, [...flags, ...INSTALLING], place(folder, account));
    const port = await freePort();
    child = spawn(
      server,
      [...flags, ...SETTINGS, `--port=${port}`, `--socket=${join(folder, "socket")}`],
      { ...place(folder, account), detached: true, stdio: "ignore" },
    );
    const url = `mysql://root@127.0.0.1:${port}`;
    await untilReady(url, child);
    return { url, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

const INSTALLING = ["--auth-root-authentication-method=normal", "--skip-test-db"];

/** Nothing here outlives the process. Its own time zone is not UTC, so that what hangs on it shows. */
const SETTINGS = [
  "--bind-address=127.0.0.1",
  "--default-time-zone=-03:00",
  "--character-set-server=utf8mb4",
  "--innodb-buffer-pool-size=16M",
  "--innodb-log-file-size=8M",
  "--innodb-flush-log-at-trx-commit=0",
  "--max-allowed-packet=64M",
  "--skip-log-bin",
];

const FOLDERS = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"];

async function find(program: string): Promise<string | undefined> {
  for (const folder of FOLDERS) {
    const path = join(folder, program);
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
}

/** A working directory of the server's own: ours may be closed to its account. */
function place(folder: string, account: Account | undefined) {
  return { cwd: folder, ...account };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  return address !== null && typeof address === "object" ? address.port : 0;
}

const START_TIMEOUT_MS = 60_000;

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      await using _ = await connectMysql(url);
      return;
    } catch (error) {
      if (child.exitCode !== null || Date.now() > deadline) throw error;
    }
    await wait(50);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}
