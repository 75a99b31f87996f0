import type { DadosferaErrorCode } from "#src/domain/errors.js";
import type { Backfill } from "#src/domain/job.js";
import { jobOf, type Program, type StackState } from "./program.js";
import { cellOf, cursorOf } from "./world/cursors.js";
import { CURSOR, KEY, type Row } from "./world/rows.js";
import type { ModelWorld } from "./world/world.js";

const KEYS_ALWAYS_ALLOWED = 10;

/** The codes with which an `up` may end although nothing disturbs it, each for a reason that holds now. */
export function justRefusals(
  program: Program,
  state: StackState,
  world: ModelWorld,
): readonly DadosferaErrorCode[] {
  const rows = jobOf(program, state, world).backfill?.rows ?? "all";
  const cursors = world.rows.map(({ cells }) => cells[CURSOR] ?? null);
  const bookmark = bookmarkIn(rows, world);
  const isTaken = cursors.includes(bookmark);
  const isEmpty = !cursors.some((cursor) => cursor !== null && Number(cursor) > bookmark);
  return [
    ...(isTaken ? (["BOOKMARK_TAKEN"] as const) : []),
    ...(isEmpty ? (["BOOKMARK_BEYOND_ROWS"] as const) : []),
    ...(isGoneFromSource(bookmark, world) ? (["VERIFICATION_FAILED"] as const) : []),
  ];
}

function bookmarkIn(rows: Backfill["rows"], { nature }: ModelWorld): number {
  if (typeof rows === "string") return Number.NEGATIVE_INFINITY;
  return cellOf(String(rows.after), cursorOf(nature.cursorKind));
}

/** True if the source holds nothing of the window any more, or too few of its rows or keys. */
function isGoneFromSource(bookmark: number, world: ModelWorld): boolean {
  const isInWindow = (cursor: unknown) =>
    bookmark === Number.NEGATIVE_INFINITY || (cursor !== null && Number(cursor) > bookmark);
  const standing = world.rows.filter(({ cells }) => isInWindow(cells[CURSOR] ?? null));
  const brought = world.source.rows.filter(
    ({ cursor }) =>
      isInWindow(world.stored(cursor)) &&
      !(cursor === null && world.nature.switches.fullExtractionSkipsNullCursors),
  );
  if (brought.length === 0) return true;
  const isGone = (row: Row) => !brought.some(({ id }) => id === row.cells[KEY]);
  const keysGone = new Set(standing.filter(isGone).map(({ cells }) => cells[KEY]));
  const missing = world.nature.isKeyed ? keysGone.size : standing.length - brought.length;
  return missing > KEYS_ALWAYS_ALLOWED;
}
