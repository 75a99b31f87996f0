import { type JournalEntry, lastEntry } from "#src/domain/journal.js";
import type { JournalledChange } from "#src/warehouse/journal.js";
import { asTheSql } from "./baseline.js";
import { CURSOR, KEY, pairOf, type Row } from "./rows.js";
import type { ModelWorld } from "./world.js";

/**
 * The versions that must stand at the destination, whatever happens: every version that was ever loaded, but for those
 * that a change which ended well may let go, and those that a full load replaced.
 */
export class Obligations {
  readonly #world: ModelWorld;
  readonly #owed = new Map<string, Row>();

  constructor(world: ModelWorld) {
    this.#world = world;
  }

  get owed(): readonly Row[] {
    return [...this.#owed.values()];
  }

  onWritten(isReplaced: boolean): void {
    // A full load that begins once rows are put back replaces the table as on any other day.
    const isOrdinary = isReplaced && this.#world.isRestored;
    if (this.#world.isChanging && !isOrdinary) return;
    if (isReplaced) this.#owed.clear();
    this.#add(this.#world.rows);
  }

  onEntry(change: JournalledChange, entry: JournalEntry): void {
    // Whatever is deleted first was backed up.
    const deletions = change.entries.filter(({ step }) => step === "deleted").length;
    if (entry.step === "deleted" && deletions === 1) this.#add(this.#world.storage.removed);
    if (entry.step !== "finished") return;
    if (entry.outcome === "done") this.#letGo(change);
    this.#add(this.#world.rows);
  }

  #add(rows: readonly Row[]): void {
    for (const row of rows) this.#owed.set(pairOf(row), row);
  }

  /** What an undisturbed change leaves out as well: superseded versions, and without keys whatever the source lacks. */
  #letGo(change: JournalledChange): void {
    const request = lastEntry(change, "started")?.request;
    if (request?.window === undefined) return;
    if (request.loadType === "full_load") {
      this.#owed.clear();
      return;
    }
    const isKeyed = request.identity.keys.length > 0;
    if (isKeyed && request.keepVersions) return;
    const { rows } = this.#world;
    for (const [pair, row] of this.#owed) {
      if (!asTheSql(row, request.window)) continue;
      const isDue = isKeyed ? !isSuperseded(row, rows) : this.#world.isAtSource(row);
      if (!isDue) this.#owed.delete(pair);
    }
  }
}

/** True if a newer version of the row's key stands in the table. */
function isSuperseded({ cells }: Row, rows: readonly Row[]): boolean {
  const [key, cursor] = [cells[KEY], cells[CURSOR] ?? null];
  return rows.some((other) => {
    const newer = other.cells[CURSOR] ?? null;
    if (other.cells[KEY] !== key || newer === cursor) return false;
    return cursor === null || (newer !== null && newer > cursor);
  });
}
