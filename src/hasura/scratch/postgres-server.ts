import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, rmSync } from "node:fs";
import { cp, mkdtemp, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { ClientConfig } from "pg";
import { DadosferaError } from "../../domain/errors.js";
import { atExit } from "./at-exit.js";
import type { Binaries } from "./postgres-binaries.js";
import { type Account, canRun, unprivilegedAccount } from "./unprivileged-account.js";

/** A running server, superuser `postgres`, no password, reachable from this machine only. */
export interface Server extends AsyncDisposable {
  readonly address: ClientConfig;
}

/** Makes a cluster and starts a server on it. Throws `SCRATCH_UNAVAILABLE` with what the server said. */
export async function startServer(binaries: Binaries): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), "dadosfera-postgres-"));
  const remove = () => removeFolder(folder);
  const forget = atExit(remove);
  try {
    const account = await unprivilegedAccount();
    if (account !== undefined) chownSync(folder, account.uid, account.gid);
    const programs = await runnablePrograms(binaries, folder, account);
    const place = { folder, programs, account };
    await makeCluster(place);
    const server = await launch(place);
    forget();
    return server;
  } catch (error) {
    forget();
    remove();
    throw unavailable(binaries, error);
  }
}

interface Place {
  readonly folder: string;
  /** Where `initdb` and `postgres` are. */
  readonly programs: string;
  /** Whom to run as; ourselves if absent. */
  readonly account: Account | undefined;
}

/** The packages may lie where only root can read, as under /root. */
async function runnablePrograms(
  { folder }: Binaries,
  temporary: string,
  account: Account | undefined,
): Promise<string> {
  if (await canRun(join(folder, "bin", "postgres"), account)) return join(folder, "bin");
  const copy = join(temporary, "postgresql");
  await cp(folder, copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, "bin");
}

async function makeCluster(place: Place): Promise<void> {
  const process = start(place, "initdb", [
    `--pgdata=${join(place.folder, "data")}`,
    "--username=postgres",
    "--auth=trust",
    "--encoding=UTF8",
    LOCALE,
    "--no-sync",
  ]);
  const said = collect(process);
  const [code] = await once(process, "close");
  if (code !== 0) throw new Error(said().trim().split("\n").at(-1));
}

/** Names sort by their bytes and letters beyond ASCII have cases, as in PGlite. Only Linux knows C.UTF-8. */
const LOCALE = process.platform === "linux" ? "--locale=C.UTF-8" : "--locale=C";

async function launch(place: Place): Promise<Server> {
  const address = await freeAddress(place.folder);
  const server = start(place, "postgres", [
    "-D",
    join(place.folder, "data"),
    ...SETTINGS.flatMap((one) => ["-c", one]),
    ...listening(address),
  ]);
  const said = collect(server);
  const stop = () => {
    server.kill("SIGQUIT");
    removeFolder(place.folder);
  };
  const forget = atExit(stop);
  try {
    await untilReady(place.folder, server, said);
  } catch (error) {
    forget();
    await end(server);
    throw error;
  }
  return {
    address: { ...address, user: "postgres" },
    [Symbol.asyncDispose]: async () => {
      await end(server);
      forget();
      removeFolder(place.folder);
    },
  };
}

/** Nothing here outlives the process, so nothing need reach the disk. */
const SETTINGS = [
  "fsync=off",
  "full_page_writes=off",
  "synchronous_commit=off",
  "autovacuum=off",
  "max_connections=50",
  "shared_buffers=64MB",
  "wal_level=minimal",
  "max_wal_senders=0",
  "lc_messages=C",
  "log_min_messages=fatal",
];

interface Address {
  readonly host: string;
  readonly port: number;
}

/** A socket in the folder cannot be taken by others; Windows has none, and a path of over 100 bytes is refused. */
async function freeAddress(folder: string): Promise<Address> {
  if (process.platform !== "win32" && folder.length < 80) return { host: folder, port: 5432 };
  const probe = createServer();
  probe.listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  return {
    host: "127.0.0.1",
    port: address !== null && typeof address === "object" ? address.port : 5432,
  };
}

function listening({ host, port }: Address): readonly string[] {
  return host === "127.0.0.1"
    ? ["-h", host, "-p", String(port), "-c", "unix_socket_directories="]
    : ["-k", host, "-p", String(port), "-c", "listen_addresses="];
}

function start(place: Place, program: string, flags: readonly string[]): ChildProcess {
  return spawn(join(place.programs, program), flags, {
    cwd: place.folder,
    // A ^C at the terminal goes to the whole group; the server is ended by us, after what still uses it.
    detached: true,
    env: { PATH: process.env["PATH"] ?? "", LC_ALL: "C", TZ: "UTC" },
    stdio: ["ignore", "pipe", "pipe"],
    ...place.account,
  });
}

/** What the process says, its last lines. */
function collect(process: ChildProcess): () => string {
  let said = "";
  for (const stream of [process.stdout, process.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4000);
    });
  }
  process.on("error", (error) => {
    said += error.message;
  });
  return () => said;
}

const START_TIMEOUT_MS = 60_000;

/** The last line of `postmaster.pid` becomes `ready` when connections are taken. */
async function untilReady(folder: string, server: ChildProcess, said: () => string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (server.exitCode !== null || server.pid === undefined) throw new Error(said().trim());
    const state = await readFile(join(folder, "data", "postmaster.pid"), "utf8").catch(() => "");
    if (/^ready\s*$/m.test(state)) return;
    await wait(20);
  }
  throw new Error(`It did not answer within ${START_TIMEOUT_MS / 1000} s. ${said().trim()}`);
}

const REMOVAL_ATTEMPTS = 200;

/**
 * A server that is about to end may still write, and Node's removal then leaves a part without a word. At the end of a process
 * nothing can be awaited, so this sleeps in between.
 */
function removeFolder(folder: string): void {
  for (let attempt = 1; attempt <= REMOVAL_ATTEMPTS; attempt += 1) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Tried again below.
    }
    if (!existsSync(folder)) return;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  }
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) return;
  const ended = once(server, "close");
  server.kill("SIGQUIT");
  await ended;
}

function unavailable({ version }: Binaries, error: unknown): DadosferaError {
  return new DadosferaError(
    {
      code: "SCRATCH_UNAVAILABLE",
      happened: `Could not start PostgreSQL ${version}: ${error instanceof Error ? error.message : String(error)}`,
      now: "No server is running and its folder was removed; no file of yours was changed.",
      next: "Name another engine, as `--engine pglite`, or a development database by its URL.",
    },
    { cause: error },
  );
}
