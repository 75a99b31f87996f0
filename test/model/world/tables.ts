import type { Compared, Identity, TableName, Window } from "#src/domain/destination.js";
import type { DestinationTable } from "#src/warehouse/destination.js";
import { expectCount } from "#src/warehouse/effects.js";
import type { Tables } from "#src/warehouse/tables.js";
import { baseline, type Beyond, columnsSaved, identifying, type Seen, sameIn } from "./baseline.js";
import { comparisons, isAbsent, isLost, newestOf } from "./comparisons.js";
import { msOf, textOf } from "./moments.js";
import type { Cell, Row } from "./rows.js";
import type { Statements, Storage } from "./storage.js";

const SECONDS_LOOKED_AT = 2000;

/** The tables of the model, as far as the SQL of `src/warehouse` would see and change them. */
export function memoryTables(storage: Storage, statements: Statements, beyond: Beyond): Tables {
  const seen: Seen = { rowsOf: (table) => statements.rowsOf(table), beyond };
  const inWindow = (table: TableName, window: Window) =>
    statements.rowsOf(table).filter((row) => beyond(row, window));
  return {
    ...comparisons(seen),
    find: async (_database, schema, name) => describe(storage, { schema, name }),
    countWindow: async (table, window, identity) => count(seen, table, window, identity),
    occupiedSeconds: async (table, window) => occupied(statements.rowsOf(table), window),
    async takeBackUp(source, copy) {
      const taken = storage.find(copy) ?? { ...cloneOf(storage, source), name: copy };
      storage.put(taken);
      return { table: copy, columns: taken.columns };
    },
    dropBackUp: async (copy) => storage.drop(copy),
    async countUnsaved({ table, backUps, window, identity }) {
      const saved = backUps.map((backUp) => ({
        rows: statements.rowsOf(backUp.table),
        by: identifying(identity, backUp),
      }));
      return inWindow(table, window).filter(
        (row) => !saved.some(({ rows, by }) => rows.some((each) => sameIn(by, each, row))),
      ).length;
    },
    async deleteWindow(table, window) {
      const rows = inWindow(table, window);
      await statements.remove(table, rows);
      return rows.length;
    },
    restoreWindow: (compared, reach) => restore(statements, seen, compared, reach),
    async putBackLost(compared) {
      const lost = baseline(seen, compared).filter(
        (row) => isLost(seen, compared, row) && isAbsent(seen, compared, row),
      );
      return insertCounted(statements, compared, lost);
    },
    async putBackVersions(compared) {
      const superseded = baseline(seen, compared).filter((row) => isAbsent(seen, compared, row));
      return insertCounted(statements, compared, superseded);
    },
  };
}

function describe(
  storage: Storage,
  name: Pick<TableName, "schema" | "name">,
): DestinationTable | undefined {
  const table = storage.find(name);
  return (
    table && {
      table: table.name,
      isTransient: false,
      columns: table.columns.map((column) => ({
        name: column,
        type: column === "UPDATED_AT" ? "TIMESTAMP_NTZ" : "NUMBER",
      })),
    }
  );
}

function cloneOf(storage: Storage, source: DestinationTable) {
  const found = storage.find(source.table);
  if (found === undefined) throw new Error(`There is no table ${source.table.name} to clone`);
  return found;
}

function count(seen: Seen, table: TableName, window: Window, identity: Identity) {
  const rows = seen.rowsOf(table);
  const inWindow = rows.filter((row) => seen.beyond(row, window));
  const { cursor, keys } = identity;
  const cursors = (of: readonly Row[]) =>
    cursor === undefined ? [] : of.map(({ cells }) => cells[cursor.column] ?? null);
  const known = cursors(inWindow).filter((cell) => cell !== null);
  const newest = newestOf(cursors(rows));
  const at = window.kind === "after" ? msOf(window.bookmark) : undefined;
  const distinct = new Set(inWindow.map(({ cells }) => keys.map((key) => cells[key]).join("|")));
  return {
    total: rows.length,
    inWindow: inWindow.length,
    nullCursor: cursors(rows).filter((cell) => cell === null).length,
    atBookmark: at === undefined ? 0 : cursors(rows).filter((cell) => cell === at).length,
    superseded: keys.length === 0 ? 0 : inWindow.length - distinct.size,
    ...(known.length > 0 && { oldestInWindow: textOf(Math.min(...known.map(Number))) }),
    ...(newest !== undefined && { newest: textOf(newest) }),
  };
}

function occupied(rows: readonly Row[], { cursor, bookmark }: Window & { kind: "after" }) {
  const below = rows
    .map(({ cells }) => cells[cursor.column])
    .filter((cell): cell is number => typeof cell === "number" && cell < msOf(bookmark) + 2000);
  const seconds = new Set(below.map((cell) => Math.floor(cell / 1000)));
  return [...seconds].sort((one, other) => other - one).slice(0, SECONDS_LOOKED_AT);
}

type Reach = Parameters<Tables["restoreWindow"]>[1];

async function restore(
  statements: Statements,
  seen: Seen,
  compared: Compared,
  { deletedUpTo, restoredUpTo }: Reach,
): Promise<number> {
  const { table, window, identity } = compared;
  const reaches = (row: Row, upTo: string | undefined) => {
    if (upTo === undefined || identity.cursor === undefined) return true;
    const cell: Cell = row.cells[identity.cursor.column] ?? null;
    return cell === null || Number(cell) <= msOf(upTo);
  };
  const standing = () => statements.rowsOf(table).filter((row) => seen.beyond(row, window));
  const saved = baseline(seen, compared).filter((row) => reaches(row, restoredUpTo));
  await statements.remove(
    table,
    standing().filter((row) => reaches(row, deletedUpTo)),
  );
  const kept = standing().length;
  await statements.insert(table, filledTo(columnsSaved(compared), saved));
  expectCount("after the restore", kept + saved.length, standing().length);
  return saved.length;
}

async function insertCounted(
  statements: Statements,
  compared: Compared,
  rows: readonly Row[],
): Promise<number> {
  if (rows.length === 0) return 0;
  const before = statements.rowsOf(compared.table).length;
  await statements.insert(compared.table, filledTo(columnsSaved(compared), rows));
  const now = statements.rowsOf(compared.table).length;
  expectCount("after putting rows back", before + rows.length, now);
  return rows.length;
}

/** Rows as an INSERT of these columns leaves them. */
function filledTo(columns: readonly string[], rows: readonly Row[]): readonly Row[] {
  return rows.map(({ cells, excuse }) => ({
    excuse,
    cells: Object.fromEntries(columns.map((column) => [column, cells[column] ?? null])),
  }));
}
