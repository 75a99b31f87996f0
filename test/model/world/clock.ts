interface Alarm {
  readonly at: number;
  readonly order: number;
  readonly ring: () => void;
}

/** Virtual time: it moves when somebody waits, and what falls due meanwhile happens in its order. */
export class WorldClock {
  readonly #alarms = new Set<Alarm>();
  #now: number;
  #order = 0;

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  advance(ms: number): void {
    const until = this.#now + ms;
    for (let next = this.#nextUntil(until); next !== undefined; next = this.#nextUntil(until)) {
      this.#alarms.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.ring();
    }
    this.#now = Math.max(this.#now, until);
  }

  /** Rings once; the answer cancels it. */
  alarm(at: number, ring: () => void): () => void {
    this.#order += 1;
    const alarm = { at, order: this.#order, ring };
    this.#alarms.add(alarm);
    return () => void this.#alarms.delete(alarm);
  }

  #nextUntil(until: number): Alarm | undefined {
    let first: Alarm | undefined;
    for (const alarm of this.#alarms) {
      if (alarm.at <= until && (first === undefined || isBefore(alarm, first))) first = alarm;
    }
    return first;
  }
}

function isBefore(one: Alarm, other: Alarm): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
