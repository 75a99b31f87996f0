import type { Values } from "./scalar-values.js";

/** How much a row hurts: 0 plain values, 1 values that come back changed, 2 values that a change of type is likely to refuse. */
export type Rank = 0 | 1 | 2;

/** A column whose values are chosen here. */
export interface ChosenColumn {
  readonly name: string;
  readonly isNullable: boolean;
  readonly values: Values;
}

/** For each column by name its value in each row: no clock, no chance, the same for ever. */
export type Choice = ReadonlyMap<string, readonly (string | null)[]>;

/** The rank of each row of a table: more rows than usual where an enum has more labels. */
export function ranksFor(columns: readonly ChosenColumn[]): readonly Rank[] {
  const labels = columns.filter(({ values }) => values.plain === values.harsh);
  const most = Math.max(0, ...labels.map(({ values }) => new Set(values.plain).size + 1));
  const more = Math.min(most, MOST_ROWS) - USUAL_RANKS.length;
  return [...USUAL_RANKS, ...Array.from({ length: Math.max(0, more) }, (): Rank => 0)];
}

/** The rank of a row of a table whose rows nobody ranked. */
export function rankAt(number: number): Rank {
  return USUAL_RANKS[number % USUAL_RANKS.length] ?? 0;
}

const USUAL_RANKS: readonly Rank[] = [0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2];
const MOST_ROWS = 100;

/**
 * Row by row each column takes the next value of its list. Where it starts depends on the column's name, and no two columns of a
 * table that could differ are equal in all rows: swapping two of them is seen. `others` are what the table's other columns hold.
 */
export function chooseValues(
  columns: readonly ChosenColumn[],
  ranks: readonly Rank[],
  others: readonly (readonly (string | null)[])[] = [],
): Choice {
  const taken = others.map((list) => partsOf(list, ranks));
  const choice = new Map<string, readonly (string | null)[]>();
  for (const column of columns) {
    const chosen = leastLike(taken, column, ranks);
    taken.push(partsOf(chosen, ranks));
    choice.set(column.name, chosen);
  }
  return choice;
}

/** What a column holds, in the rows of each rank. */
type Parts = readonly [plain: string, tricky: string, harsh: string];

function partsOf(list: readonly (string | null)[], ranks: readonly Rank[]): Parts {
  const of = (rank: Rank) => JSON.stringify(list.filter((_, row) => ranks[row] === rank));
  return [of(0), of(1), of(2)];
}

/**
 * A column should differ from all others even in the rows of one rank, since those of another may be let go of. Where a type has
 * too few values for that, it differs in as many ranks as it can.
 */
function leastLike(
  taken: readonly Parts[],
  column: ChosenColumn,
  ranks: readonly Rank[],
): readonly (string | null)[] {
  const start = startOf(column.name);
  let best = valuesFrom(start, column, ranks);
  let bestLikeness = likenessOf(partsOf(best, ranks), taken);
  for (let turn = 1; turn < TURNS && bestLikeness > (turn < 24 ? 0 : 2); turn++) {
    const chosen = valuesFrom(start + turn, column, ranks);
    const likeness = likenessOf(partsOf(chosen, ranks), taken);
    if (likeness < bestLikeness) [best, bestLikeness] = [chosen, likeness];
  }
  return best;
}

/** The number of ranks in which some column holds the same; 3 if one does in all of them. */
function likenessOf(parts: Parts, taken: readonly Parts[]): number {
  if (taken.some((other) => parts.every((part, rank) => part === other[rank]))) return 3;
  const alike = parts.filter((part, rank) => taken.some((other) => part === other[rank]));
  return Math.min(2, alike.length);
}

const TURNS = 200;

/** A number below `TURNS` from a name (FNV-1a). */
export function startOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash % TURNS;
}

function valuesFrom(
  start: number,
  { values, isNullable }: ChosenColumn,
  ranks: readonly Rank[],
): readonly (string | null)[] {
  const nullRow = isNullable ? nullRowOf(start, ranks) : undefined;
  const places: Record<Rank, number> = { 0: 0, 1: 0, 2: 0 };
  return ranks.map((rank, row) => {
    if (row === nullRow) return null;
    const place = places[rank]++;
    const passed = nullRow !== undefined && row > nullRow ? row - 1 : row;
    return valueAt(values, rank, { start, place, row: passed });
  });
}

/** The row in which a nullable column is null: one of the worst, or else the last. */
export function nullRowOf(start: number, ranks: readonly Rank[]): number {
  const harsh = ranks.flatMap((rank, row) => (rank === 2 ? [row] : []));
  return harsh[start % harsh.length] ?? ranks.length - 1;
}

interface Place {
  readonly start: number;
  /** Counted among the rows of this rank. */
  readonly place: number;
  /** Counted among all rows that are not null. */
  readonly row: number;
}

/** A value of the rank's list; of the plain ones once that list has been used up, so that values stay distinct. */
function valueAt(values: Values, rank: Rank, { start, place, row }: Place): string | null {
  const list = [values.plain, values.tricky, values.harsh][rank] ?? [];
  const plain = plainAt(values.plain, start, row);
  if (rank === 0 || list === values.plain || place >= list.length) return plain;
  return list[(start + Math.floor(start / values.plain.length) + place) % list.length] ?? plain;
}

/** Each lap through the list begins elsewhere, so that a short list (an enum's) can be gone through in many ways. */
function plainAt(plain: readonly string[], start: number, row: number): string | null {
  const lap = Math.floor(row / plain.length);
  return plain[(start + row + lap * Math.floor(start / plain.length)) % plain.length] ?? null;
}
