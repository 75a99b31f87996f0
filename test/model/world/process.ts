import type { WorldClock } from "./clock.js";
import { type Call, type Fault, gaveUp } from "./faults.js";
import type { Transaction } from "./storage.js";

/** What happens to a process: at which of its calls something goes wrong, and what goes on around it. */
export interface Fate {
  readonly faults: ReadonlyMap<number, Fault>;
  /** Called before the nth call. */
  readonly around: (nth: number) => void;
  /** How many turns of the event loop's queue pass before each call, in turn, while other processes are at work. */
  readonly rhythm: readonly number[];
}

export const CALM: Fate = { faults: new Map(), around: () => undefined, rhythm: [0] };

/** What the processes of a world share. */
export interface Stage {
  readonly clock: WorldClock;
  /** Milliseconds that pass with each call. */
  readonly callMs: number;
  processesAtWork: number;
}

/** A provider process: all its requests and statements pass here, to be cut off, lost, repeated or delayed. */
export class ModelProcess {
  readonly owner: string;
  readonly stage: Stage;
  readonly #fate: Fate;
  readonly #interrupt = new AbortController();
  readonly #open = new Set<Transaction>();
  #calls = 0;
  #turns = 0;
  #isDead = false;
  #isStalled = false;
  #die: () => void = () => undefined;
  /** Resolves when the process is killed. */
  readonly killed = new Promise<void>((resolve) => {
    this.#die = resolve;
  });

  constructor(owner: string, stage: Stage, fate: Fate) {
    this.owner = owner;
    this.stage = stage;
    this.#fate = fate;
  }

  get signal(): AbortSignal {
    return this.#interrupt.signal;
  }

  /** False while nothing of this process moves, its renewal of the lease neither. */
  get isMoving(): boolean {
    return !this.#isDead && !this.#isStalled;
  }

  get calls(): number {
    return this.#calls;
  }

  kill(): void {
    this.#isDead = true;
    for (const transaction of this.#open) transaction.rollBack();
    this.#die();
  }

  /** Ends with the process: what it leaves open is rolled back. */
  open(transaction: Transaction): void {
    this.#open.add(transaction);
  }

  close(transaction: Transaction): void {
    this.#open.delete(transaction);
  }

  async wait(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await this.#turn();
    this.stage.clock.advance(ms);
    if (this.#isDead) await forever();
    signal?.throwIfAborted();
  }

  /** @param twice What comes of a statement that is sent twice, where that is not the effect twice. */
  async ask<T>(
    call: Call,
    effect: () => T | Promise<T>,
    twice: () => T | Promise<T> = () => inTurn(effect),
  ): Promise<T> {
    await this.#turn();
    const nth = this.#calls;
    this.#calls += 1;
    this.#fate.around(nth);
    this.stage.clock.advance(this.stage.callMs);
    const answer = await this.#meet(call, this.#fate.faults.get(nth), effect, twice);
    if (this.#isDead) await forever();
    return answer;
  }

  async #turn(): Promise<void> {
    if (this.#isDead) await forever();
    if (this.stage.processesAtWork < 2) return;
    const { rhythm } = this.#fate;
    const turns = rhythm[this.#turns % rhythm.length] ?? 0;
    this.#turns += 1;
    for (let turn = 0; turn < turns; turn += 1) await undefined;
    if (this.#isDead) await forever();
  }

  async #meet<T>(
    call: Call,
    fault: Fault | undefined,
    effect: () => T | Promise<T>,
    twice: () => T | Promise<T>,
  ): Promise<T> {
    switch (fault?.kind) {
      case undefined:
        break;
      case "interrupt":
        this.#interrupt.abort();
        break;
      case "stall":
        this.#isStalled = true;
        this.stage.clock.advance(fault.ms);
        this.#isStalled = false;
        break;
      case "twice":
        if (call.door === "maestro" || call.kind === "commit") break;
        return twice();
      case "kill":
        await this.#have(call, fault.effect, effect);
        this.kill();
        return forever();
      case "lost":
        await this.#have(call, fault.effect, effect);
        if (!isSentAgain(call)) throw gaveUp(call);
        return this.#sendAgain(call, effect);
      case "outage":
        await this.#have(call, fault.effect, effect);
        this.stage.clock.advance(fault.ms);
        throw gaveUp(call);
    }
    call.beforeSend?.();
    return effect();
  }

  /**
   * The request leaves: it has its effect at once, late, or never. Only Maestro carries out what nobody waits for any more,
   * and only what is sent under a lease is waited for: anything else comes as if it were in time.
   */
  async #have<T>(
    call: Call,
    when: "none" | "done" | number,
    effect: () => T | Promise<T>,
  ): Promise<void> {
    if (call.kind === "read") return;
    call.beforeSend?.();
    const isLate = typeof when === "number" && call.door === "maestro";
    const { clock } = this.stage;
    if (when === "done" || (isLate && call.beforeSend === undefined)) await effect();
    else if (isLate) clock.alarm(clock.now() + when, () => void effect());
  }

  async #sendAgain<T>(call: Call, effect: () => T | Promise<T>): Promise<T> {
    this.stage.clock.advance(BACK_OFF_MS);
    try {
      call.beforeSend?.();
    } catch (cause) {
      throw gaveUp(call, cause);
    }
    return effect();
  }
}

async function inTurn<T>(effect: () => T | Promise<T>): Promise<T> {
  await effect();
  return effect();
}

const BACK_OFF_MS = 700;

/** What a dead process was doing never ends. A promise of its own each time: one that all share would keep them all. */
function forever(): Promise<never> {
  return new Promise<never>(() => undefined);
}

/** The door to Maestro repeats what can be repeated; the one to the warehouse leaves it to its driver. */
function isSentAgain({ door, kind }: Call): boolean {
  return door === "maestro" && kind !== "once";
}
