import { setImmediate } from "node:timers/promises";
import type { Checkpoint } from "./checkpoint.js";
import { orderByReferences } from "./integrity.js";
import type { PendingKind, PendingOperation, ResourceState } from "./resource-state.js";

/**
 * The state while it changes. What this run has settled stands first, in the order in which it was
 * settled; what it has not come to yet follows as it was. So a resource always stands after all that
 * it refers to, at whatever point the run is cut off.
 */
export class Snapshot {
  readonly #settled: ResourceState[] = [];
  #rest: ResourceState[];
  #pending: PendingOperation[];
  readonly #replaced = new Map<ResourceState, ResourceState>();
  readonly #save: (checkpoint: Checkpoint) => Promise<void>;
  #saving: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  #isFrozen = false;
  #hasUntouched = false;

  /** `save` is called after every change, one call at a time; in a preview it does nothing. */
  constructor(loaded: Checkpoint, save: (checkpoint: Checkpoint) => Promise<void>) {
    this.#rest = [...loaded.resources];
    // An update or a delete that was cut off is told by the next read; a create is not.
    this.#pending = loaded.pendingOperations.filter(({ type }) => type === "creating");
    this.#save = save;
  }

  /** What the run has not come to yet. */
  get rest(): readonly ResourceState[] {
    return this.#rest;
  }

  /** Every entry, in the order of the state file. */
  get all(): readonly ResourceState[] {
    const all = [...this.#settled, ...this.#rest];
    // What is left as it was may refer to what the program no longer registers.
    return this.#hasUntouched ? orderByReferences(all) : all;
  }

  /** The entry that a registration of this URN continues. */
  findOld(urn: string): ResourceState | undefined {
    return this.#rest.find((state) => state.urn === urn && state.delete !== true);
  }

  findSettled(urn: string): ResourceState | undefined {
    return this.#settled.find((state) => state.urn === urn);
  }

  /** What this run has put in the place of an entry that waits to be deleted. */
  findReplacement(old: ResourceState): ResourceState | undefined {
    return this.#replaced.get(old);
  }

  /** Settles `next`, in the place of `old` if there is one. */
  async settle(next: ResourceState, old?: ResourceState): Promise<void> {
    if (old !== undefined) this.#rest = this.#rest.filter((state) => state !== old);
    this.#settled.push(next);
    await this.save();
  }

  /** Settles all that is left as it is, but for what waits to be deleted. */
  async settleRest(): Promise<void> {
    const isWaiting = (state: ResourceState): boolean => state.delete === true;
    this.#settled.push(...this.#rest.filter((state) => !isWaiting(state)));
    await this.replaceRest(this.#rest.filter(isWaiting));
  }

  /** Settles an entry as it is, whatever the program says of it. */
  async settleUntouched(old: ResourceState): Promise<void> {
    this.#hasUntouched = true;
    await this.settle(old, old);
  }

  /** Settles `next` while `old` waits to be deleted: both are there under one URN. */
  async settleBeside(next: ResourceState, old: ResourceState): Promise<void> {
    const waiting = { ...old, delete: true };
    this.#settled.push(next);
    this.#replaced.set(waiting, next);
    await this.change(old, waiting);
  }

  /** Changes an entry where it stands. */
  async change(old: ResourceState, next: ResourceState): Promise<void> {
    this.#rest = this.#rest.map((state) => (state === old ? next : state));
    const at = this.#settled.indexOf(old);
    if (at >= 0) this.#settled[at] = next;
    await this.save();
  }

  /** Takes out an entry that no other entry refers to. */
  async remove(old: ResourceState): Promise<void> {
    this.#rest = this.#rest.filter((state) => state !== old);
    await this.save();
  }

  /** Puts other entries in the place of all that the run has not come to. */
  async replaceRest(next: readonly ResourceState[]): Promise<void> {
    this.#rest = [...next];
    await this.save();
  }

  /** Writes down that a provider call is under way, for as long as `work` takes. */
  async during<Result>(
    type: PendingKind,
    resource: ResourceState,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const operation = { type, resource };
    this.#pending.push(operation);
    await this.save();
    try {
      return await work();
    } finally {
      this.#pending = this.#pending.filter((each) => each !== operation);
      await this.save();
    }
  }

  async forgetPending(): Promise<void> {
    this.#pending = [];
    await this.save();
  }

  /** Ends when what is true now has been written. Changes made while a write is under way share the next one. */
  async save(): Promise<void> {
    if (this.#next === undefined) {
      // What has arrived by now is dealt with first, so that it shares this write.
      this.#next = this.#saving.then(setImmediate).then(() => this.#write());
      this.#saving = this.#next;
    }
    await this.#next;
  }

  async #write(): Promise<void> {
    this.#next = undefined;
    if (this.#isFrozen) return;
    await this.#save({ resources: this.all, pendingOperations: [...this.#pending] });
  }

  /** From now on the file stays as it is: what the run still hears is no longer the truth. */
  freeze(): void {
    this.#isFrozen = true;
  }
}
