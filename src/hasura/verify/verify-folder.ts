import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import type { Migration } from "../../domain/migration.js";
import type { Verdict } from "../../domain/verdict.js";
import type { Engine, Scratch } from "../scratch/scratch.js";
import type { Ground } from "./stage.js";
import { cutStretch, type Played, playStretch, type Stretch } from "./stretch.js";
import { playInThread, type ThreadTask } from "./threads.js";
import type { Judged, VerdictCache } from "./verdict-cache.js";

export interface VerifyRequest extends Ground {
  /** All that stand in the folder, in their order. */
  readonly migrations: readonly Migration[];
  /** Those to judge; the others are only played through. */
  readonly isJudged: (migration: Migration) => boolean;
  /** Starts an engine; asked for only if something is not known yet, and once for each job. */
  readonly start: () => Promise<Scratch>;
  readonly cache: VerdictCache;
  /** How many parts of the folder are judged side by side, 1 to 4; without it, as many as seem worth it. */
  readonly jobs?: number | undefined;
  /** The same engine by its name, for jobs that need threads: one that runs within the process keeps a thread busy. */
  readonly inThreads?: Omit<ThreadTask, "stretch"> | undefined;
  /** Hears of each migration before it is judged: how many were begun before it, and how many there are. */
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
  const asked = migrations.filter(isJudged).map(({ version }) => version);
  const keys = keysOf(migrations, request);
  const known = await cache.read(asked.map((version) => keyOf(keys, version)));
  const missing = asked.filter((version) => !known.has(keyOf(keys, version)));
  const played = missing.length === 0 ? [] : await playAll(request, new Set(missing));
  const fresh = new Map(
    played.flatMap(({ judged }) =>
      [...judged].map(([version, one]) => [keyOf(keys, version), one] as const),
    ),
  );
  await cache.write(fresh);
  const all = asked
    .map((version) => known.get(keyOf(keys, version)) ?? fresh.get(keyOf(keys, version)))
    .filter((judged): judged is Judged => judged !== undefined);
  return {
    verdicts: all.map(({ verdict }) => verdict),
    engine: played[0]?.engine,
    made: [...new Set(all.flatMap(({ made }) => made))],
  };
}

async function playAll(
  request: VerifyRequest,
  judged: ReadonlySet<string>,
): Promise<readonly Played[]> {
  const { migrations, prelude, seeds, start, inThreads, onProgress } = request;
  const stretches = cutStretch({ migrations, judged, prelude, seeds }, jobsFor(request, judged));
  let begun = 0;
  const onJudging = (label: string) => onProgress?.(label, begun++, judged.size);
  const failing = new AbortController();
  const play = (stretch: Stretch) =>
    inThreads === undefined || stretches.length === 1
      ? playStretch(start, stretch, onJudging, failing.signal)
      : playInThread({ ...inThreads, stretch }, onJudging, failing.signal);
  const playing = stretches.map(async (stretch) => {
    try {
      return await play(stretch);
    } catch (error) {
      failing.abort(error);
      throw error;
    }
  });
  // All have ended, and put away what they started, before the first failure is told.
  await Promise.allSettled(playing);
  return Promise.all(playing);
}

/** A second engine takes seconds to start: fewer migrations are judged sooner by one. */
const WORTH_A_SECOND = 100;
const MOST_JOBS = 4;

function jobsFor({ jobs }: VerifyRequest, { size }: ReadonlySet<string>): number {
  if (jobs !== undefined) return Math.min(jobs, size, MOST_JOBS);
  return size < WORTH_A_SECOND ? 1 : Math.min(2, availableParallelism());
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
