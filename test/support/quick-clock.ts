/** A clock that stands still until someone waits, and is then at once where they wanted it. */
export class QuickClock {
  /** Every wait asked for, in milliseconds. */
  readonly waits: number[] = [];
  #now: number;

  constructor(now = Date.UTC(2026, 2, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  elapsed(): number {
    return this.#now;
  }

  async wait(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.waits.push(ms);
    this.#now += ms;
  }

  advance(ms: number): void {
    this.#now += ms;
  }
}
