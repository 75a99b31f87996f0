import { SnowflakeError } from "./errors.js";

/** The table locks of DELETE, UPDATE and MERGE, held until their transaction ends. INSERT takes none. */
export class TableLocks {
  readonly #holders = new Map<string, number>();
  readonly #waiting = new Set<() => void>();

  /** Waits for the table until the time is over (000625) or the statement is cancelled. */
  async take(stored: string, transaction: number, patience: Patience): Promise<void> {
    if (this.#isHeldByAnother(stored, transaction)) {
      await this.#waitFor(stored, transaction, patience);
    }
    this.#holders.set(stored, transaction);
  }

  async #waitFor(stored: string, transaction: number, patience: Patience): Promise<void> {
    const deadline = AbortSignal.any([patience.signal, AbortSignal.timeout(patience.timeoutMs)]);
    while (this.#isHeldByAnother(stored, transaction)) {
      patience.signal.throwIfAborted();
      if (deadline.aborted || patience.timeoutMs === 0) throw lockTimeout(stored);
      await this.#nextRelease(deadline);
    }
  }

  isHeldBy(stored: string, transaction: number): boolean {
    return this.#holders.get(stored) === transaction;
  }

  release(transaction: number): void {
    for (const [stored, holder] of this.#holders) {
      if (holder === transaction) this.#holders.delete(stored);
    }
    for (const wake of this.#waiting) wake();
  }

  #isHeldByAnother(stored: string, transaction: number): boolean {
    const holder = this.#holders.get(stored);
    return holder !== undefined && holder !== transaction;
  }

  #nextRelease(deadline: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        deadline.removeEventListener("abort", wake);
        resolve();
      };
      this.#waiting.add(wake);
      deadline.addEventListener("abort", wake);
    });
  }
}

export interface Patience {
  readonly timeoutMs: number;
  /** Aborts with the error that the statement shall end with. */
  readonly signal: AbortSignal;
}

function lockTimeout(stored: string): SnowflakeError {
  return new SnowflakeError(
    "000625",
    "57014",
    `Statement has locked table ${stored} in another transaction and the lock timeout was reached; your statement was aborted.`,
  );
}
