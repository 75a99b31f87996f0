import { createHash } from "node:crypto";
import type { Migration } from "../../domain/migration.js";
import { migrationLabel } from "../../domain/migration.js";
import type { Verdict } from "../../domain/verdict.js";
import type { Engine, Scratch } from "../scratch/scratch.js";
import { type Ground, Stage } from "./stage.js";
import type { VerdictCache } from "./verdict-cache.js";
import { passMigration, verifyMigration } from "./verify-migration.js";

export interface VerifyRequest extends Ground {
  /** All that stand in the folder, in their order. */
  readonly migrations: readonly Migration[];
  /** Those to judge; the others are only played through. */
  readonly isJudged: (migration: Migration) => boolean;
  /** Starts an engine; asked for only if something is not known yet. */
  readonly start: () => Promise<Scratch>;
  readonly cache: VerdictCache;
  /** Hears of each migration before it is played. */
  readonly onProgress?: (label: string, index: number, count: number) => void;
}

export interface FolderReport {
  readonly verdicts: readonly Verdict[];
  /** Undefined where every verdict was known from before. */
  readonly engine: Engine | undefined;
  /** What the folder needs and nobody makes: lines that a prelude should hold. */
  readonly made: readonly string[];
}

/** Plays a folder from its first migration to the last one in question, and judges those asked for. */
export async function verifyFolder(request: VerifyRequest): Promise<FolderReport> {
  const { migrations, isJudged, cache } = request;
  const keys = keysOf(migrations, request);
  const known = await cache.read(
    migrations.filter(isJudged).map(({ version }) => keyOf(keys, version)),
  );
  const missing = migrations.filter(
    (migration) => isJudged(migration) && !known.has(keyOf(keys, migration.version)),
  );
  const last = missing.at(-1);
  const played =
    last === undefined
      ? { fresh: new Map<string, Verdict>(), engine: undefined, made: [] }
      : await play(request, new Set(missing), migrations.indexOf(last) + 1);
  const fresh = [...played.fresh].map(
    ([version, verdict]) => [keyOf(keys, version), verdict] as const,
  );
  await cache.write(new Map(fresh));
  const all = new Map([...known, ...fresh]);
  const verdicts = migrations
    .filter(isJudged)
    .map(({ version }) => all.get(keyOf(keys, version)))
    .filter((verdict) => verdict !== undefined);
  return { verdicts, engine: played.engine, made: played.made };
}

async function play(
  { migrations, prelude, seeds, start, onProgress }: VerifyRequest,
  judged: ReadonlySet<Migration>,
  count: number,
) {
  await using scratch = await start();
  await using stage = await Stage.open(scratch, { prelude, seeds });
  const fresh = new Map<string, Verdict>();
  for (const [index, migration] of migrations.slice(0, count).entries()) {
    onProgress?.(migrationLabel(migration), index, count);
    if (judged.has(migration))
      fresh.set(migration.version, await verifyMigration(stage, migration));
    else await passMigration(stage, migration);
  }
  return { fresh, engine: scratch.engine, made: stage.made };
}

/** A verdict depends on what stood there before, on the ups until then and on its own down. */
function keysOf(
  migrations: readonly Migration[],
  { prelude, seeds }: Ground,
): ReadonlyMap<string, string> {
  let ups = hashOf(prelude?.hash ?? "", ...seeds.flatMap(({ path, sql }) => [path, sql]));
  return new Map(
    migrations.map(({ version, name, up, down }) => {
      ups = hashOf(ups, version, up?.hash ?? "");
      return [version, hashOf(ups, name, down?.hash ?? "")] as const;
    }),
  );
}

function keyOf(keys: ReadonlyMap<string, string>, version: string): string {
  return keys.get(version) ?? version;
}

function hashOf(...parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("hex");
}
