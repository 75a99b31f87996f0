/** The emulator's time: real time plus an offset that tests turn, so that no test sleeps. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
}

interface Alarm {
  at: number;
  readonly ring: () => void;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A clock with alarms: they ring when real time reaches them, or at once when the clock is turned past them. */
export class TurnableClock implements Clock {
  readonly #alarms = new Set<Alarm>();
  readonly #onTurnedBack = new Set<() => void>();
  #offsetMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  now(): number {
    return Date.now() + this.#offsetMs;
  }

  /**
   * Turns the clock forward; what falls due meanwhile has begun when this returns. A negative number turns it back, and
   * whoever waits waits as long as before.
   */
  advance(ms: number): void {
    this.#offsetMs += ms;
    if (ms < 0) this.#turnBack(ms);
    this.#ringDue();
  }

  /** Turns the clock to a moment; it goes on from there. */
  set(moment: Date | number): void {
    this.advance(moment.valueOf() - this.now());
  }

  /** Rings once, when the clock reaches `at`; the answer cancels it. */
  alarm(at: number, ring: () => void): () => void {
    const alarm = { at, ring };
    this.#alarms.add(alarm);
    this.#arm();
    return () => {
      this.#alarms.delete(alarm);
      this.#arm();
    };
  }

  /** Ends after so many milliseconds of this clock, or when the clock stops for good. */
  async wait(ms: number): Promise<void> {
    if (ms <= 0 || this.#isStopped) return;
    await new Promise<void>((resolve) => this.alarm(this.now() + ms, resolve));
  }

  /** Stops for good: alarms ring no more, and whoever waits is let go. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    const waiting = [...this.#alarms];
    this.#alarms.clear();
    for (const alarm of waiting) alarm.ring();
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Tells when the clock was turned back: alarms for a moment, rather than after a while, are to be set anew. */
  onTurnedBack(listener: () => void): void {
    this.#onTurnedBack.add(listener);
  }

  #turnBack(ms: number): void {
    for (const alarm of this.#alarms) alarm.at += ms;
    for (const listener of this.#onTurnedBack) listener();
  }

  /** In the order of time; what rings may set new alarms, and those may be due already. */
  #ringDue(): void {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      if (next.at > this.now()) break;
      this.#alarms.delete(next);
      next.ring();
    }
    this.#arm();
  }

  #next(): Alarm | undefined {
    let first: Alarm | undefined;
    for (const alarm of this.#alarms) if (first === undefined || alarm.at < first.at) first = alarm;
    return first;
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const next = this.#next();
    if (next === undefined || this.#isStopped) return;
    const delayMs = Math.min(Math.max(next.at - this.now(), 0), LONGEST_TIMER_MS);
    this.#timer = setTimeout(() => this.#ringDue(), delayMs);
  }
}
