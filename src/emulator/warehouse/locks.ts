import { SnowflakeError } from "./errors.js";

/** As many statements may wait for one table; Snowflake refuses the next. */
const WAITERS = 20;

/** The table locks of DELETE, UPDATE and MERGE, held until their transaction ends. INSERT takes none. */
export class TableLocks {
  readonly #waiters: number;
  readonly #holders = new Map<string, number>();
  /** By table, in the order of arrival. */
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor(waiters = WAITERS) {
    this.#waiters = waiters;
  }

  /** Waits for the table until the time is over or too many wait already (000625), or the statement is cancelled. */
  async take(stored: string, transaction: number, patience: Patience): Promise<void> {
    if (this.#isTaken(stored, transaction)) return;
    if (this.#waitingFor(stored).size >= this.#waiters) throw tooManyWaiters(stored, this.#waiters);
    const deadline = AbortSignal.any([patience.signal, AbortSignal.timeout(patience.timeoutMs)]);
    do {
      patience.signal.throwIfAborted();
      if (deadline.aborted || patience.timeoutMs === 0) throw lockTimeout(stored);
      await this.#nextRelease(stored, deadline);
    } while (!this.#isTaken(stored, transaction));
  }

  isHeldBy(stored: string, transaction: number): boolean {
    return this.#holders.get(stored) === transaction;
  }

  release(transaction: number): void {
    for (const [stored, holder] of this.#holders) {
      if (holder !== transaction) continue;
      this.#holders.delete(stored);
      for (const wake of this.#waitingFor(stored)) wake();
    }
  }

  /** Takes the lock if nobody else has it; looking and taking are one step, or two who wait would both have it. */
  #isTaken(stored: string, transaction: number): boolean {
    if ((this.#holders.get(stored) ?? transaction) !== transaction) return false;
    this.#holders.set(stored, transaction);
    return true;
  }

  #waitingFor(stored: string): Set<() => void> {
    const waiting = this.#waiting.get(stored) ?? new Set();
    this.#waiting.set(stored, waiting);
    return waiting;
  }

  #nextRelease(stored: string, deadline: AbortSignal): Promise<void> {
    const waiting = this.#waitingFor(stored);
    return new Promise((resolve) => {
      const wake = () => {
        waiting.delete(wake);
        deadline.removeEventListener("abort", wake);
        resolve();
      };
      waiting.add(wake);
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
  return refused(stored, "the lock timeout was reached");
}

function tooManyWaiters(stored: string, waiters: number): SnowflakeError {
  return refused(
    stored,
    `the number of waiters for this lock exceeds the ${waiters} statements limit`,
  );
}

function refused(stored: string, reason: string): SnowflakeError {
  return new SnowflakeError(
    "000625",
    "57014",
    `Another statement has locked table ${stored} in its transaction and this lock has not yet been released. Your statement was aborted because ${reason}.`,
  );
}
