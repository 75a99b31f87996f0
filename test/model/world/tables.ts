import type { Compared, Identity, TableName, Window } from "#src/domain/destination.js";
import type { DestinationTable } from "#src/warehouse/destination.js";
import type { Tables } from "#src/warehouse/tables.js";
import { type Beyond, baseline, identifying, type Seen, sameIn } from "./baseline.js";
import { comparisons, isAbsent, isLost, newestOf } from "./comparisons.js";
import { type CursorKind, cellOf, textOf, typeOf } from "./cursors.js";
import { collectArrived, exchange, replaceBoundary } from "./replacement.js";
import { putBack, restore } from "./restore.js";
import { CURSOR, type Row } from "./rows.js";
import type { Statements, Storage } from "./storage.js";

const SECONDS_LOOKED_AT = 2000;

/** The tables of the model, as far as the SQL of `src/warehouse` would see and change them. */
export function memoryTables(
  storage: Storage,
  statements: Statements,
  beyond: Beyond,
  cursorKind: CursorKind,
): Tables {
  const seen: Seen = { rowsOf: (table) => statements.rowsOf(table), beyond };
  const inWindow = (table: TableName, window: Window) =>
    statements.rowsOf(table).filter((row) => beyond(row, window));
  const absent = (compared: Compared) =>
    baseline(seen, compared).filter((row) => isAbsent(seen, compared, row));
  const putVersionsBack = async (compared: Compared) =>
    putBack(statements, seen, compared, absent(compared));
  const putLostBack = async (compared: Compared) =>
    putBack(
      statements,
      seen,
      compared,
      absent(compared).filter((row) => isLost(seen, compared, row)),
    );
  return {
    ...comparisons(seen),
    find: async (_database, schema, name) => describe(storage, { schema, name }, cursorKind),
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
    putBackLost: putLostBack,
    putBackVersions: putVersionsBack,
    collectArrived: (compared, reach, into) => collectArrived(storage, seen, compared, reach, into),
    async replaceWindow(compared, arrived, { keepsVersions }) {
      const deleted = await exchange(statements, seen, compared, arrived);
      const isKeyed = compared.identity.keys.length > 0;
      const lost = isKeyed ? await putLostBack(compared) : 0;
      const versions = isKeyed && keepsVersions ? await putVersionsBack(compared) : 0;
      return { deleted, inserted: arrived.rows, putBack: lost, versions };
    },
    replaceBoundary: (compared, arrived) => replaceBoundary(statements, seen, compared, arrived),
  };
}

function describe(
  storage: Storage,
  name: Pick<TableName, "schema" | "name">,
  cursorKind: CursorKind,
): DestinationTable | undefined {
  const table = storage.find(name);
  return (
    table && {
      table: table.name,
      isTransient: false,
      columns: table.columns.map((column) => ({
        name: column,
        type: column === CURSOR ? typeOf(cursorKind) : "NUMBER",
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
  const at = window.kind === "after" ? cellOf(window.bookmark, window.cursor) : undefined;
  const distinct = new Set(inWindow.map(({ cells }) => keys.map((key) => cells[key]).join("|")));
  return {
    total: rows.length,
    inWindow: inWindow.length,
    nullCursor: cursors(rows).filter((cell) => cell === null).length,
    atBookmark: at === undefined ? 0 : cursors(rows).filter((cell) => cell === at).length,
    superseded: keys.length === 0 ? 0 : inWindow.length - distinct.size,
    ...(cursor !== undefined &&
      known.length > 0 && { oldestInWindow: textOf(Math.min(...known.map(Number)), cursor) }),
    ...(cursor !== undefined && newest !== undefined && { newest: textOf(newest, cursor) }),
  };
}

function occupied(rows: readonly Row[], { cursor, bookmark }: Window & { kind: "after" }) {
  const below = rows
    .map(({ cells }) => cells[cursor.column])
    .filter(
      (cell): cell is number => typeof cell === "number" && cell < cellOf(bookmark, cursor) + 2000,
    );
  const seconds = new Set(below.map((cell) => Math.floor(cell / 1000)));
  return [...seconds].sort((one, other) => other - one).slice(0, SECONDS_LOOKED_AT);
}
