import type { Backfill, JobInputs, LoadType } from "./job.js";
import { loadedColumns } from "./job.js";

/** One thing that an update has to do, in the order in which the parts are listed. */
export type JobChange =
  | {
      readonly kind: "columns";
      readonly added: readonly string[];
      readonly backfill: Backfill;
      /** True where a trigger asks for the backfill once more, and nothing needs adding. */
      readonly repeated: boolean;
    }
  | { readonly kind: "load-type"; readonly from: LoadType; readonly to: LoadType }
  | { readonly kind: "memory"; readonly megabytes: number };

/** The parts of a job that decide whether something has to be done. */
type Compared = Pick<JobInputs, "input" | "retainedColumns" | "memoryMb" | "triggers" | "backfill">;

/**
 * What has to be done so that a job becomes what the program says; nothing for equal inputs, whatever the order of
 * columns or keys. Whether Maestro can do it was decided by `refusalsOfChange` before.
 */
export function planJobChanges(olds: Compared, news: Compared): readonly JobChange[] {
  const changes: JobChange[] = [];
  const columns = columnChange(olds, news);
  if (columns !== undefined) changes.push(columns);
  if (olds.input.loadType !== news.input.loadType) {
    changes.push({ kind: "load-type", from: olds.input.loadType, to: news.input.loadType });
  }
  if (news.memoryMb !== undefined && news.memoryMb !== olds.memoryMb) {
    changes.push({ kind: "memory", megabytes: news.memoryMb });
  }
  return changes;
}

/** Columns that the program lists now and the job does not load yet; none where it loads them all. */
export function addedColumns(
  olds: Pick<JobInputs, "input" | "retainedColumns">,
  news: Pick<JobInputs, "input" | "retainedColumns">,
): readonly string[] {
  const loaded = loadedColumns(olds);
  return loaded === undefined ? [] : missingFrom(loaded, loadedColumns(news) ?? []);
}

/** Columns that the job loads and the program neither lists nor retains any longer. */
export function removedColumns(
  olds: Pick<JobInputs, "input" | "retainedColumns">,
  news: Pick<JobInputs, "input" | "retainedColumns">,
): readonly string[] {
  return missingFrom(loadedColumns(news) ?? [], loadedColumns(olds) ?? []);
}

/** True if both lists hold the same names, in whatever order. */
export function sameColumns(one: readonly string[], other: readonly string[]): boolean {
  return missingFrom(one, other).length === 0 && missingFrom(other, one).length === 0;
}

function columnChange(olds: Compared, news: Compared): JobChange | undefined {
  const added = addedColumns(olds, news);
  const asked = news.backfill;
  if (added.length > 0 && asked !== undefined) {
    return { kind: "columns", added, backfill: asked, repeated: false };
  }
  const isTriggered = !sameTexts(olds.triggers ?? [], news.triggers ?? []);
  return isTriggered && asked !== undefined
    ? { kind: "columns", added: [], backfill: asked, repeated: true }
    : undefined;
}

function missingFrom(have: readonly string[], wanted: readonly string[]): readonly string[] {
  const had = new Set(have);
  return wanted.filter((name) => !had.has(name));
}

function sameTexts(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index]);
}
