import { createHash } from "node:crypto";
import { isDadosferaError } from "#src/domain/errors.js";
import type { Migration, SqlFile } from "#src/domain/migration.js";
import type { Verdict } from "#src/domain/verdict.js";
import { startPglite } from "#src/hasura/scratch/pglite.js";
import { startPostgres } from "#src/hasura/scratch/postgres.js";
import type { Scratch } from "#src/hasura/scratch/scratch.js";
import { noCache } from "#src/hasura/verify/verdict-cache.js";
import {
  type FolderReport,
  type VerifyRequest,
  verifyFolder,
} from "#src/hasura/verify/verify-folder.js";

/** One server for all tests of a file: a real PostgreSQL where this machine has one, since it copies databases at a tenth of the cost. */
export function sharedScratch(): () => Promise<Scratch> {
  let scratch: Scratch | undefined;
  before(async function () {
    this.timeout(60_000);
    scratch = await startAny();
  });
  after(() => scratch?.[Symbol.asyncDispose]());
  return async () => {
    if (scratch === undefined) throw new Error("The server runs only while tests do");
    const { engine } = scratch;
    const database = scratch.database.bind(scratch);
    return { engine, database, [Symbol.asyncDispose]: async () => undefined };
  };
}

async function startAny(): Promise<Scratch> {
  try {
    return await startPostgres({ major: 15 });
  } catch (error) {
    if (!isDadosferaError(error)) throw error;
    return startPglite({ extensions: ["pgcrypto", "citext"] });
  }
}

/** Up and down of migrations 1, 2, 3 and so on; undefined for a file that is not there. */
export type Pair = readonly [up: string | undefined, down: string | undefined];

export function migrationsOf(...pairs: readonly Pair[]): readonly Migration[] {
  return pairs.map(([up, down], index) => {
    const version = String(index + 1);
    return {
      version,
      name: "m",
      ...(up !== undefined && { up: file(version, "up", up) }),
      ...(down !== undefined && { down: file(version, "down", down) }),
    };
  });
}

function file(version: string, direction: string, sql: string): SqlFile {
  return fileOf(`migrations/default/${version}_m/${direction}.sql`, sql);
}

export function fileOf(path: string, sql: string): SqlFile {
  return { path, sql, hash: createHash("sha256").update(sql).digest("hex") };
}

export function verified(
  start: () => Promise<Scratch>,
  migrations: readonly Migration[],
  request: Partial<VerifyRequest> = {},
): Promise<FolderReport> {
  const ground = { prelude: undefined, seeds: [], isJudged: () => true, cache: noCache };
  return verifyFolder({ ...ground, start, migrations, ...request });
}

/** `1 lossy`, then its findings, each as `rule: words`. */
export function told({ verdicts }: Pick<FolderReport, "verdicts">): readonly string[] {
  return verdicts.flatMap(({ version, status, findings }) => [
    `${version} ${status}`,
    ...findings.map(({ rule, words }) => `${rule}: ${words}`),
  ]);
}

export function statusesOf(verdicts: readonly Verdict[]): readonly string[] {
  return verdicts.map(({ status }) => status);
}
