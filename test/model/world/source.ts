import type { CursorKind } from "./cursors.js";

/** A row at the source. The cursor is in milliseconds since 1970, or a number, or null. */
export interface SourceRow {
  readonly id: number;
  readonly cursor: number | null;
  readonly valor: number;
  readonly telefone: number;
  readonly email: number;
}

/** Moments lie ten seconds apart, so that a bookmark between two of them has a free second on either side. */
const SPACING = {
  timestamp: { first: Date.parse("2025-12-17T12:00:00Z"), step: 10_000, fraction: 500 },
  number: { first: 0, step: 1, fraction: 0 },
};

/** A source table: what it holds now, and every version that it ever held. */
export class Source {
  readonly #rows = new Map<number, SourceRow>();
  readonly #versions = new Map<string, SourceRow[]>();
  readonly #spacing: (typeof SPACING)[CursorKind];
  #lastId = 0;
  #lastStep = 0;
  #lastValue = 0;

  constructor(kind: CursorKind) {
    this.#spacing = SPACING[kind];
  }

  get rows(): readonly SourceRow[] {
    return [...this.#rows.values()];
  }

  /** The cursor values given so far, oldest first. */
  get cursors(): readonly number[] {
    return Array.from({ length: this.#lastStep }, (_, index) => this.#cursorAt(index + 1));
  }

  /** Everything that a row held while it had this cursor. */
  versionsOf(id: number, cursor: number | null): readonly SourceRow[] {
    return this.#versions.get(`${id}@${cursor}`) ?? [];
  }

  find(id: number): SourceRow | undefined {
    return this.#rows.get(id);
  }

  insert(hasFraction: boolean): void {
    this.#lastId += 1;
    this.#put(this.#lastId, this.#nextCursor(hasFraction));
  }

  insertWithoutCursor(): void {
    this.#lastId += 1;
    this.#put(this.#lastId, null);
  }

  /** A new version of the nth row. */
  update(nth: number, hasFraction: boolean): void {
    const row = this.#nth(nth);
    if (row !== undefined) this.#put(row.id, this.#nextCursor(hasFraction));
  }

  /** Changes the nth row and leaves its cursor as it is. */
  edit(nth: number): void {
    const row = this.#nth(nth);
    if (row !== undefined) this.#put(row.id, row.cursor);
  }

  delete(nth: number): void {
    const row = this.#nth(nth);
    if (row !== undefined) this.#rows.delete(row.id);
  }

  #nth(nth: number): SourceRow | undefined {
    const rows = this.rows;
    return rows[nth % Math.max(rows.length, 1)];
  }

  #nextCursor(hasFraction: boolean): number {
    this.#lastStep += 1;
    return this.#cursorAt(this.#lastStep) + (hasFraction ? this.#spacing.fraction : 0);
  }

  #cursorAt(step: number): number {
    return this.#spacing.first + step * this.#spacing.step;
  }

  #put(id: number, cursor: number | null): void {
    this.#lastValue += 1;
    const value = this.#lastValue;
    const row = { id, cursor, valor: value, telefone: 1000 + value, email: 2000 + value };
    this.#rows.set(id, row);
    const version = `${id}@${cursor}`;
    this.#versions.set(version, [...(this.#versions.get(version) ?? []), row]);
  }
}
