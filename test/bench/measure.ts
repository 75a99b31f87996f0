/** One line of the benchmark's table. */
export interface Measure {
  readonly what: string;
  readonly measured: string;
  /** What it must keep to; only reported without one. */
  readonly bound?: { readonly text: string; readonly isHeld: boolean };
}

/** A part of the benchmark: what it measured, in the order of the table. */
export type Part = (sizes: Sizes) => Promise<readonly Measure[]>;

/** How much is measured; small numbers are for trying. */
export interface Sizes {
  readonly jobs: number;
  readonly columns: number;
  readonly rows: number;
  /** How often each of a pair is measured. */
  readonly repeats: number;
}

/** What was measured of both in one turn. */
export type Pair = readonly [one: number, other: number];

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}

/** `2.1 s (1.9 to 2.4)`: the median, the least and the most; `2.1 s` if there is only one. */
export function spread(values: readonly number[], unit: string): string {
  return `${shortNumber(median(values))} ${unit}${range(values.map(shortNumber), values)}`;
}

/** ` (1.9 to 2.4)`, from the texts of these values; nothing if there is only one. */
function range(texts: readonly string[], values: readonly number[]): string {
  if (values.length < 2) return "";
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return ` (${texts[values.indexOf(least)]} to ${texts[values.indexOf(most)]})`;
}

/** How many times the second of each pair is the first, by their medians; least and most are those of single pairs. */
export function ratioOf(pairs: readonly Pair[]): {
  readonly ratio: number;
  readonly text: string;
} {
  const ratios = pairs.map(([one, other]) => other / one);
  const ratio = median(pairs.map(([, other]) => other)) / median(pairs.map(([one]) => one));
  const texts = ratios.map((each) => each.toFixed(2));
  return { ratio, text: `${ratio.toFixed(2)} ×${range(texts, ratios)}` };
}

/** Three figures, and thousands with commas. */
export function shortNumber(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(3)));
}

/** Measures both of a pair in turn, so often, after one turn that does not count. */
export async function inTurn(
  repeats: number,
  one: () => Promise<number>,
  other: () => Promise<number>,
): Promise<readonly Pair[]> {
  const [, ...pairs] = await pairsOf(repeats + 1, one, other);
  return pairs;
}

/** The same, where every turn counts. */
export async function pairsOf(
  repeats: number,
  one: () => Promise<number>,
  other: () => Promise<number>,
): Promise<readonly Pair[]> {
  const pairs: Pair[] = [];
  for (let turn = 0; turn < repeats; turn += 1) pairs.push([await one(), await other()]);
  return pairs;
}
