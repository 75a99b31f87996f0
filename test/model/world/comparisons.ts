import type { Compared } from "#src/domain/destination.js";
import type { Tables } from "#src/warehouse/tables.js";
import { baseline, type Seen, sameIn, textIn } from "./baseline.js";
import { textOf } from "./cursors.js";
import type { Cell, Row } from "./rows.js";

type Comparisons = Pick<
  Tables,
  | "compareByKey"
  | "compareByRow"
  | "countDoubled"
  | "countOutside"
  | "measureFill"
  | "countDeduplicated"
  | "countBehind"
>;

/** What `verification.ts` asks. */
export function comparisons(seen: Seen): Comparisons {
  const standing = ({ table, window }: Pick<Compared, "table" | "window">) =>
    seen.rowsOf(table).filter((row) => seen.beyond(row, window));
  return {
    compareByKey: async (compared) => compareByKey(seen, compared, standing(compared)),
    async compareByRow(compared) {
      const columns = compared.backUps[0]?.columns ?? [];
      const before = baseline(seen, compared);
      const table = seen.rowsOf(compared.table);
      return {
        kind: "by-row",
        rowsBefore: before.length,
        rowsNow: standing(compared).length,
        notUnchanged: before.filter((row) => !table.some((each) => sameIn(columns, each, row)))
          .length,
      };
    },
    countDoubled: async (compared) => countDoubled(seen, compared, standing(compared)),
    async countOutside({ table, backUps: [saved], window }) {
      if (window.kind === "all" || saved === undefined) return { before: 0, now: 0 };
      const outside = (rows: readonly Row[]) =>
        rows.filter((row) => !seen.beyond(row, window)).length;
      return { before: outside(seen.rowsOf(saved.table)), now: outside(seen.rowsOf(table)) };
    },
    async measureFill(compared, columns) {
      const rows = standing(compared);
      const { cursor } = compared.identity;
      const cells = rows.map((row) => (cursor && row.cells[cursor.column]) ?? null);
      const newest = newestOf(cells);
      const filled = (column: string) =>
        rows.filter(({ cells }) => (cells[column] ?? null) !== null).length;
      return {
        rows: rows.length,
        filled: Object.fromEntries(columns.map((column) => [column, filled(column)])),
        ...(cursor !== undefined && newest !== undefined && { newest: textOf(newest, cursor) }),
      };
    },
    async countDeduplicated(object, keys) {
      const rows = seen.rowsOf(object);
      return { rows: rows.length, keys: new Set(rows.map((row) => textIn(keys, row))).size };
    },
    // Reported and not judged.
    countBehind: async () => 0,
  };
}

function compareByKey(seen: Seen, compared: Compared, standing: readonly Row[]) {
  const { keys } = compared.identity;
  const before = baseline(seen, compared);
  const lost = new Set(
    before.filter((row) => isLost(seen, compared, row)).map((row) => textIn(keys, row)),
  );
  return {
    kind: "by-key" as const,
    keysBefore: new Set(before.map((row) => textIn(keys, row))).size,
    lostKeys: lost.size,
    lostExamples: [...lost].sort().slice(0, 5),
    doubled: countDoubled(seen, compared, standing),
  };
}

/** Pairs of key and cursor that stand in the window more often than in the back-ups. */
function countDoubled(seen: Seen, compared: Compared, standing: readonly Row[]): number {
  const { keys, cursor } = compared.identity;
  const told = cursor === undefined ? keys : [...keys, cursor.column];
  const before = timesOf(baseline(seen, compared), told);
  return [...timesOf(standing, told)].filter(
    ([pair, times]) => times > Math.max(1, before.get(pair) ?? 0),
  ).length;
}

/** True if no row of the row's key stands in the table with a cursor as new as the key's newest of the back-ups. */
export function isLost(seen: Seen, compared: Compared, row: Row): boolean {
  const { table, identity } = compared;
  const ofKey = (each: Row) => sameIn(identity.keys, each, row);
  const cursorOf = ({ cells }: Row): Cell =>
    identity.cursor === undefined ? null : (cells[identity.cursor.column] ?? null);
  const newest = newestOf(baseline(seen, compared).filter(ofKey).map(cursorOf));
  return !seen.rowsOf(table).some((each) => {
    const cursor = cursorOf(each);
    return ofKey(each) && (newest === undefined || (cursor !== null && Number(cursor) >= newest));
  });
}

/** True if the row's pair of key and cursor does not stand in the table. */
export function isAbsent(seen: Seen, { table, identity }: Compared, row: Row): boolean {
  const { keys, cursor } = identity;
  const told = cursor === undefined ? keys : [...keys, cursor.column];
  return !seen.rowsOf(table).some((each) => sameIn(told, each, row));
}

export function newestOf(cells: readonly Cell[]): number | undefined {
  const known = cells.filter((cell) => cell !== null).map(Number);
  return known.length === 0 ? undefined : Math.max(...known);
}

function timesOf(rows: readonly Row[], columns: readonly string[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const row of rows) {
    const text = textIn(columns, row);
    times.set(text, (times.get(text) ?? 0) + 1);
  }
  return times;
}
