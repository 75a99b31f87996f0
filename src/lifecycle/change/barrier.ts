import type { Clock } from "../../maestro/clock.js";

/** How long the first at a barrier waits for others to come in at all. */
const GATHERING_MS = 2000;

/** What a member brings to the barrier: work that is done once for all who meet there. */
export interface Errand<T> {
  /** What each does for itself as soon as the barrier opens. Whoever fails here has no part in the work. */
  prepare(): Promise<void>;
  /** The work itself: done by the most patient of those who are prepared, and its outcome is everybody's. */
  work(): Promise<T>;
  /** How long the member would wait for the work. */
  readonly patienceSeconds: number;
}

interface Waiting<T> extends Errand<T> {
  resolve(outcome: Promise<T>): void;
  reject(reason: unknown): void;
}

/**
 * Where members wait until nobody present stands in the way of a piece of work, and then have it done once. It opens
 * when every member that is present waits, and two seconds have passed since the first came, or nobody else can come.
 *
 * A member is present from `enter` to `leave`, whatever it does in between: what it does while it does not wait is never
 * overtaken by the work. Nobody waits for ever, because a member that does not wait at the barrier either comes to it,
 * or leaves, or waits for work under way (`quiet`), which needs no member that does not take part in it.
 */
export class Barrier<Member, T> {
  /** How many members there can be. */
  mostMembers = Number.POSITIVE_INFINITY;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #present = new Set<Member>();
  readonly #waiting = new Set<Waiting<T>>();
  #underWay: Promise<void> | undefined;
  #gathering: AbortController | undefined;
  #hasGathered = false;

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
  }

  get size(): number {
    return this.#present.size;
  }

  /** True while the shared work is being done. */
  get isBusy(): boolean {
    return this.#underWay !== undefined;
  }

  enter(member: Member): void {
    this.#present.add(member);
  }

  /** From now on nobody waits for the member. */
  leave(member: Member): void {
    this.#present.delete(member);
    this.#openIfAllWait();
  }

  /** Ends when no shared work is under way: none begins before a member that is present comes to the barrier. */
  async quiet(): Promise<void> {
    await this.#underWay;
  }

  /** Waits for the others, and for the work. @throws what the work throws; the signal's reason if it aborts before that */
  meet(errand: Errand<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#signal.throwIfAborted();
      this.#waiting.add({
        prepare: () => errand.prepare(),
        work: () => errand.work(),
        patienceSeconds: errand.patienceSeconds,
        resolve,
        reject,
      });
      this.#openIfAllWait();
      if (this.#waiting.size > 0 && this.#gathering === undefined) this.#gather();
    });
  }

  #gather(): void {
    const gathering = new AbortController();
    const signal = AbortSignal.any([this.#signal, gathering.signal]);
    signal.addEventListener("abort", () => this.#dismiss(signal.reason), { once: true });
    this.#gathering = gathering;
    this.#clock.wait(GATHERING_MS, signal).then(
      () => {
        this.#hasGathered ||= this.#gathering === gathering;
        this.#openIfAllWait();
      },
      () => undefined,
    );
  }

  #openIfAllWait(): void {
    const count = this.#waiting.size;
    const isComplete = this.#hasGathered || count >= this.mostMembers;
    if (count === 0 || count < this.#present.size || !isComplete || this.isBusy) return;
    const together = [...this.#waiting];
    this.#waiting.clear();
    this.#hasGathered = false;
    this.#gathering?.abort();
    this.#gathering = undefined;
    this.#underWay = carryOut(together).finally(() => {
      this.#underWay = undefined;
      this.#openIfAllWait();
    });
  }

  #dismiss(reason: unknown): void {
    for (const { reject } of this.#waiting) reject(reason);
    this.#waiting.clear();
  }
}

async function carryOut<T>(together: readonly Waiting<T>[]): Promise<void> {
  const asked = await Promise.allSettled(together.map((each) => each.prepare()));
  const prepared = together.filter((each, index) => {
    const outcome = asked[index];
    if (outcome?.status === "rejected") each.reject(outcome.reason);
    return outcome?.status === "fulfilled";
  });
  const [first] = prepared.toSorted((one, other) => other.patienceSeconds - one.patienceSeconds);
  const done = first?.work();
  for (const { resolve } of prepared) if (done !== undefined) resolve(done);
  await done?.catch(() => undefined);
}
