import assert from "node:assert/strict";
import type { Emulator } from "pulumi-dadosfera/testing";
import { JOB, TABLE } from "../support/world.js";

/** What stands after a change, wherever it is kept: the table row by row, the schedule, the bookmark, the journal, the lease. */
export interface Standing {
  /** Each row as text, sorted. */
  readonly rows: readonly string[];
  /** Undefined where the pipeline is gone. */
  readonly cron: string | null | undefined;
  readonly bookmark: string | undefined;
  /** Changes that the journal says have not ended. */
  readonly unfinished: number;
  /** Leases that somebody owns. */
  readonly owned: number;
  /** Schedules that are kept to be put back. */
  readonly kept: number;
}

export async function standingOf(
  { warehouse, bookmark }: Emulator,
  cron: Standing["cron"],
): Promise<Standing> {
  const rows = await warehouse.rows(`SELECT * FROM ${TABLE}`);
  return {
    rows: rows.map((row) => JSON.stringify(row)).sort(),
    cron,
    bookmark: bookmark(JOB),
    unfinished: await countOf(warehouse, UNFINISHED),
    owned: await countOf(warehouse, `${LEASES} WHERE OWNER IS NOT NULL`),
    kept: await countOf(warehouse, `${LEASES} WHERE IS_HELD`),
  };
}

const UNFINISHED = `SELECT COUNT(DISTINCT CHANGE_ID) AS N FROM PUBLIC.PULUMI_DADOSFERA_CHANGES
  WHERE CHANGE_ID NOT IN (SELECT CHANGE_ID FROM PUBLIC.PULUMI_DADOSFERA_CHANGES WHERE STEP = 'finished')`;
const LEASES = "SELECT COUNT(*) AS N FROM PUBLIC.PULUMI_DADOSFERA_LEASES";

/** A count; 0 where no change has made its tables yet. */
async function countOf(warehouse: Emulator["warehouse"], sql: string): Promise<number> {
  const [row] = await warehouse.rows(sql).catch((error: unknown) => {
    if (/does not exist/.test(String(error))) return [];
    throw error;
  });
  return Number(row?.["N"] ?? 0);
}

/** What an undisturbed change leaves, which is measured against: nothing unfinished, and the schedule as wanted. */
export function settled(standing: Standing): Standing {
  const { cron, unfinished, owned, kept } = standing;
  assert.deepEqual({ cron, unfinished, owned, kept }, SETTLED);
  return standing;
}

/** A cron that a change has to hold and put back, and that fires in no test. */
export const CRON = "0 3 1 1 *";
const SETTLED = { cron: CRON, unfinished: 0, owned: 0, kept: 0 };

/** The same rows as they were before the table got the column. */
export function withoutColumn(standing: Standing): Standing {
  const rows = standing.rows.map((row) => {
    const { TELEFONE: _telefone, ...rest } = JSON.parse(row) as Readonly<Record<string, unknown>>;
    return JSON.stringify(rest);
  });
  return { ...standing, rows: rows.sort() };
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
  const other = (["bookmark", "unfinished", "owned", "kept"] as const)
    .filter((part) => standing[part] !== wanted[part])
    .map((part) => `${part} ${standing[part]} in place of ${wanted[part]}`);
  return {
    lost: countMissing(wanted.rows, standing.rows),
    doubled: countMissing(standing.rows, wanted.rows),
    held: standing.cron === wanted.cron ? 0 : 1,
    other,
  };
}

/** The damage; a next up that fails is one. */
export function orFailure(damage: Promise<Damage>): Promise<Damage> {
  return damage.catch((error: unknown) => ({
    lost: 0,
    doubled: 0,
    held: 0,
    other: [error instanceof Error ? error.message : String(error)],
  }));
}

export function isDamaged({ lost, doubled, held, other }: Damage): boolean {
  return lost + doubled + held + other.length > 0;
}

/** How many rows of one table the other lacks; equal ones count as often as they stand there. */
function countMissing(rows: readonly string[], others: readonly string[]): number {
  const left = [...others];
  return rows.filter((row) => {
    const found = left.indexOf(row);
    if (found >= 0) left.splice(found, 1);
    return found < 0;
  }).length;
}
