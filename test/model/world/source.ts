/** A row at the source. The cursor is in milliseconds since 1970, or null. */
export interface SourceRow {
  readonly id: number;
  readonly cursor: number | null;
  readonly valor: number;
  readonly telefone: number;
  readonly email: number;
}

const FIRST_CURSOR = Date.parse("2025-12-17T12:00:00Z");
/** Cursors lie this far apart, so that a bookmark between two of them has a free second on either side. */
export const CURSOR_STEP_MS = 10_000;

/** A source table: what it holds now, and every version that it ever held. */
export class Source {
  readonly #rows = new Map<number, SourceRow>();
  readonly #versions = new Map<string, SourceRow[]>();
  #lastId = 0;
  #lastStep = 0;
  #lastValue = 0;

  get rows(): readonly SourceRow[] {
    return [...this.#rows.values()];
  }

  /** The cursor values given so far, oldest first. */
  get cursors(): readonly number[] {
    return Array.from(
      { length: this.#lastStep },
      (_, index) => FIRST_CURSOR + (index + 1) * CURSOR_STEP_MS,
    );
  }

  /** Everything that a row held while it had this cursor. */
  versionsOf(id: number, cursor: number | null): readonly SourceRow[] {
    return this.#versions.get(`${id}@${cursor}`) ?? [];
  }

  find(id: number): SourceRow | undefined {
    return this.#rows.get(id);
  }

  insert(fractionMs: number): void {
    this.#lastId += 1;
    this.#put(this.#lastId, this.#nextCursor() + fractionMs);
  }

  insertWithoutCursor(): void {
    this.#lastId += 1;
    this.#put(this.#lastId, null);
  }

  /** A new version of the nth row. */
  update(nth: number, fractionMs: number): void {
    const row = this.#nth(nth);
    if (row !== undefined) this.#put(row.id, this.#nextCursor() + fractionMs);
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

  #nextCursor(): number {
    this.#lastStep += 1;
    return FIRST_CURSOR + this.#lastStep * CURSOR_STEP_MS;
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
