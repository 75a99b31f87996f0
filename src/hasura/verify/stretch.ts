import { type Migration, migrationLabel } from "../../domain/migration.js";
import type { Engine, Scratch } from "../scratch/scratch.js";
import { type Ground, Stage } from "./stage.js";
import type { Judged } from "./verdict-cache.js";
import { passMigration, verifyMigration } from "./verify-migration.js";

/** A part of a folder to be judged, with all that stands before it. */
export interface Stretch extends Ground {
  /** From the folder's first to the last that is judged. */
  readonly migrations: readonly Migration[];
  /** The versions to judge; the others are only played through. */
  readonly judged: ReadonlySet<string>;
}

export interface Played {
  readonly engine: Engine;
  /** By version. */
  readonly judged: ReadonlyMap<string, Judged>;
}

/** Plays a stretch on one scratch database: each verdict is the same whichever others are asked for. Throws when the signal says so. */
export async function playStretch(
  start: () => Promise<Scratch>,
  { migrations, judged, ...ground }: Stretch,
  onJudging: (label: string) => void,
  signal?: AbortSignal,
): Promise<Played> {
  await using scratch = await start();
  await using stage = await Stage.open(scratch, ground);
  const found = new Map<string, Judged>();
  for (const migration of migrations) {
    signal?.throwIfAborted();
    if (judged.has(migration.version)) {
      onJudging(migrationLabel(migration));
      const verdict = await verifyMigration(stage, migration);
      found.set(migration.version, { verdict, made: [...stage.made] });
    } else await passMigration(stage, migration);
  }
  return { engine: scratch.engine, judged: found };
}

/** What it costs to play a migration through, if to judge it costs 1; measured on folders like public ones. */
const PASSING = 0.4;

/**
 * Cuts a stretch into parts that take equally long, each with all that stands before it: the later a part begins, the fewer
 * migrations it judges.
 */
export function cutStretch(stretch: Stretch, count: number): readonly Stretch[] {
  const judged = stretch.migrations.filter(({ version }) => stretch.judged.has(version));
  const shares = Array.from({ length: count }, (_, part) => (1 - PASSING) ** part);
  const total = shares.reduce((sum, share) => sum + share, 0);
  let begin = 0;
  let share = 0;
  return shares.flatMap((one) => {
    share += one;
    const end = Math.round((judged.length * share) / total);
    const own = judged.slice(begin, end);
    begin = end;
    return own.length === 0 ? [] : [partOf(stretch, own)];
  });
}

function partOf({ migrations, prelude, seeds }: Stretch, judged: readonly Migration[]): Stretch {
  const last = judged.at(-1);
  const upTo = last === undefined ? 0 : migrations.indexOf(last) + 1;
  return {
    migrations: migrations.slice(0, upTo),
    judged: new Set(judged.map(({ version }) => version)),
    prelude,
    seeds,
  };
}
