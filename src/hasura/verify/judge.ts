import type { Difference, Snapshot } from "../../domain/catalogue.js";
import { compareSnapshots } from "../../domain/catalogue-comparison.js";
import { withoutAdvance } from "../../domain/sequence-values.js";
import { type Finding, findingsOfDown } from "../../domain/verdict.js";
import type { Lowered } from "./lower.js";

/** What was seen of one migration: before it, after its up, after its down, after its up once more. */
export interface Seen extends Pick<Lowered, "afterDown" | "afterUpAgain"> {
  readonly before: Snapshot;
  readonly afterUp: Snapshot;
}

/** In what the down left something otherwise than it was. */
export function judgeDown({ before, afterDown }: Seen, file: string): readonly Finding[] {
  if (afterDown === undefined) return [];
  return findingsOfDown(compareSnapshots(before, withoutAdvance(before, afterDown)), file);
}

/**
 * In what the second up led elsewhere than the first. Rows count only where the down gave schema and rows back: otherwise what they lost
 * is said already. What differs between two such ups as well comes from a clock or by chance, and from no down.
 *
 * @param playOnce Takes the down and the up once more.
 */
export async function judgeUpAgain(
  seen: Seen,
  file: string,
  playOnce: () => Promise<Pick<Lowered, "afterUpAgain">>,
): Promise<readonly Finding[]> {
  const { before, afterUp, afterDown, afterUpAgain } = seen;
  if (afterDown === undefined || afterUpAgain === undefined) return [];
  const isBack = compareSnapshots(before, withoutAdvance(before, afterDown)).every(
    ({ aspect }) => aspect === "position",
  );
  const differences = compareSnapshots(afterUp, withoutAdvance(afterUp, afterUpAgain)).filter(
    ({ aspect }) => aspect === "schema" || (aspect === "rows" && isBack),
  );
  return (await withoutChance(differences, afterUpAgain, playOnce)).map(({ words, object }) => ({
    rule: "up-again-differs" as const,
    words: `after up, down and up, ${words}`,
    file,
    object,
  }));
}

async function withoutChance(
  differences: readonly Difference[],
  afterUpAgain: Snapshot,
  playOnce: () => Promise<Pick<Lowered, "afterUpAgain">>,
): Promise<readonly Difference[]> {
  if (differences.every(({ aspect }) => aspect !== "rows")) return differences;
  const { afterUpAgain: another } = await playOnce();
  if (another === undefined) return differences;
  return beyondChance(differences, compareSnapshots(afterUpAgain, another));
}

/** The differences that two equal plays do not show: in which rows, and how many of them. */
export function beyondChance(
  differences: readonly Difference[],
  ofEqualPlays: readonly Difference[],
): readonly Difference[] {
  const isOfChance = ({ object, count, of }: Difference) =>
    ofEqualPlays.some((one) => one.object === object && one.count === count && one.of === of);
  return differences.filter((one) => one.aspect !== "rows" || !isOfChance(one));
}
