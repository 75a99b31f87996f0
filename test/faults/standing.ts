import { pipelineId } from "#src/domain/job-id.js";
import type { ChangeWorld } from "../support/change-world.js";
import { JOB, PIPELINE } from "../support/world.js";

/** What stands after a change, wherever it is kept: the table row by row, the schedule, the bookmark, the journal, the lease. */
export interface Standing {
  /** Each row as text, sorted. */
  readonly rows: readonly string[];
  readonly cron: string | null | undefined;
  readonly bookmark: string | undefined;
  /** Changes that the journal says have not ended. */
  readonly unfinished: number;
  /** Leases that somebody owns, or that keep a schedule. */
  readonly leases: number;
}

export async function standingOf({ emulator, process, rows }: ChangeWorld): Promise<Standing> {
  const { maestro, warehouse } = process.contextOf("").doors;
  const pipeline = await maestro.findPipeline(pipelineId.parse(PIPELINE));
  const unfinished = await warehouse?.journal.unfinished();
  const lease = await warehouse?.leases.find(PIPELINE);
  const isLeased = lease?.owner !== undefined || lease?.isHeld === true;
  return {
    rows: (await rows()).map((row) => JSON.stringify(row)).sort(),
    cron: pipeline?.cron,
    bookmark: emulator.bookmark(JOB),
    unfinished: unfinished?.length ?? 0,
    leases: isLeased ? 1 : 0,
  };
}

/** How what stands differs from what an undisturbed change leaves. */
export interface Damage {
  readonly lost: number;
  readonly doubled: number;
  /** 1 if the schedule is not as last wanted. */
  readonly held: number;
  /** Anything else that is not as it should be, in words. */
  readonly other: readonly string[];
}

export function damageOf(standing: Standing, wanted: Standing): Damage {
  const missing = without(wanted.rows, standing.rows);
  const extra = without(standing.rows, wanted.rows);
  const other = (["bookmark", "unfinished", "leases"] as const)
    .filter((part) => standing[part] !== wanted[part])
    .map((part) => `${part} ${standing[part]} in place of ${wanted[part]}`);
  return {
    lost: missing.length,
    doubled: extra.length,
    held: standing.cron === wanted.cron ? 0 : 1,
    other,
  };
}

/** The rows of one table less those of another, each as often as it stands there. */
function without(rows: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const row of others) left.set(row, (left.get(row) ?? 0) + 1);
  return rows.filter((row) => {
    const count = left.get(row) ?? 0;
    left.set(row, count - 1);
    return count <= 0;
  });
}

export function isDamaged({ lost, doubled, held, other }: Damage): boolean {
  return lost + doubled + held + other.length > 0;
}
