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
  const taken = new Set(others.map((list) => JSON.stringify(list)));
  const choice = new Map<string, readonly (string | null)[]>();
  for (const column of columns) {
    const chosen = firstUntaken(column, ranks, taken);
    taken.add(JSON.stringify(chosen));
    choice.set(column.name, chosen);
  }
  return choice;
}

function firstUntaken(
  column: ChosenColumn,
  ranks: readonly Rank[],
  taken: ReadonlySet<string>,
): readonly (string | null)[] {
  const start = startOf(column.name);
  const first = valuesFrom(start, column, ranks);
  for (let turn = 0; turn < TURNS; turn++) {
    const chosen = turn === 0 ? first : valuesFrom(start + turn, column, ranks);
    if (!taken.has(JSON.stringify(chosen))) return chosen;
  }
  return first;
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
  const plain = values.plain[(start + row) % values.plain.length] ?? null;
  if (rank === 0 || list === values.plain || place >= list.length) return plain;
  return list[(start + Math.floor(start / values.plain.length) + place) % list.length] ?? plain;
}
