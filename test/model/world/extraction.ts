import type { MaestroWorld, MemoryJob } from "./maestro.js";
import { CURSOR, type Excuse, KEY, pairOf, type Row } from "./rows.js";
import type { SourceRow } from "./source.js";
import type { ModelSwitches } from "./switches.js";

/** What one job of a run would write, and where it would leave the bookmark. */
export interface Extraction {
  /** The destination's columns. */
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  /** The newest cursor among the rows, by the clock of the bookmark; undefined without rows, and for a full load. */
  readonly newest: number | undefined;
  /** The rows, each that stands among the given ones already with the reason why Maestro brings it again. */
  mark(standing: readonly Row[]): readonly Row[];
}

/** As the emulator's `extraction.ts`: `SELECT columns FROM source WHERE cursor > bookmark`. */
export function extract(
  job: MemoryJob,
  { switches, cursorKind }: Pick<MaestroWorld, "switches" | "cursorKind">,
): Extraction {
  const offset = cursorKind === "timestamp" ? switches.sourceClockOffsetMs : 0;
  const stored = ({ cursor }: SourceRow) => (cursor === null ? null : cursor + offset);
  const compared = (row: SourceRow) =>
    switches.bookmarkClock === "destination" ? stored(row) : row.cursor;
  const chosen = job.source.rows.filter((row) => isChosen(compared(row), job, switches));
  const cursors = chosen.map(compared).filter((cursor) => cursor !== null);
  const isIncremental = job.loadType !== "full_load";
  return {
    columns: job.columns.map((column) => column.toUpperCase()),
    rows: chosen.map((row) => rowOf(row, job, isIncremental ? stored(row) : row.cursor)),
    newest: isIncremental && cursors.length > 0 ? Math.max(...cursors) : undefined,
    mark(standing) {
      const pairs = new Set(standing.map(pairOf));
      return chosen.map((row) => {
        const loaded = rowOf(row, job, isIncremental ? stored(row) : row.cursor);
        const isWithout = standing.every(({ cells }) => cells[CURSOR] === null);
        const excuse = isWithout ? "ordinary" : excuseOf(compared(row), job);
        if (!pairs.has(pairOf(loaded))) return loaded;
        return { ...loaded, excuse };
      });
    },
  };
}

function isChosen(cursor: number | null, job: MemoryJob, switches: ModelSwitches): boolean {
  const { at } = job.bookmark;
  if (job.loadType === "full_load") return true;
  if (at === undefined) return cursor !== null || !switches.fullExtractionSkipsNullCursors;
  return cursor !== null && (switches.resumeAt === ">" ? cursor > at : cursor >= at);
}

/** A run brings again what failed runs left, and the row at the bookmark if it resumes there. */
function excuseOf(cursor: number | null, { bookmark }: MemoryJob): Excuse | undefined {
  if (bookmark.by === "run" || cursor === bookmark.at) return "ordinary";
  return bookmark.by === "reset" || bookmark.by === "undo" ? undefined : bookmark.by;
}

function rowOf(row: SourceRow, job: MemoryJob, cursor: number | null): Row {
  const held: Readonly<Record<string, number | null>> = {
    [KEY]: row.id,
    [CURSOR]: cursor,
    VALOR: row.valor,
    TELEFONE: row.telefone,
    EMAIL: row.email,
  };
  const columns = job.columns.map((column) => column.toUpperCase());
  return { cells: Object.fromEntries(columns.map((column) => [column, held[column] ?? null])) };
}
