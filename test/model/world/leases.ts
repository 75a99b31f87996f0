import { LEASE_SECONDS } from "#src/warehouse/leases.js";
import type { WorldClock } from "./clock.js";
import type { Statements } from "./storage.js";

interface LeaseRow {
  readonly owner: string | undefined;
  readonly epoch: number;
  readonly takenAt: number;
  readonly expiresAt: number;
  readonly isHeld: boolean;
  readonly heldCron: string | null;
}

/** The row of the one pipeline in PULUMI_DADOSFERA_LEASES, by the warehouse's clock. */
export class MemoryLeases {
  readonly #clock: WorldClock;
  #row: LeaseRow | undefined;

  constructor(clock: WorldClock) {
    this.#clock = clock;
  }

  get row(): LeaseRow | undefined {
    return this.#row;
  }

  find() {
    const row = this.#row;
    return (
      row && {
        owner: row.owner,
        epoch: row.epoch,
        takenAt: String(row.takenAt),
        isExpired: row.expiresAt < this.#clock.now(),
        isHeld: row.isHeld,
        heldCron: row.heldCron ?? undefined,
      }
    );
  }

  async take(statements: Statements, owner: string): Promise<void> {
    await statements.lock(LOCK);
    const now = this.#clock.now();
    const row = this.#row ?? NOBODYS;
    const isFree = row.owner === undefined || row.owner === owner || row.expiresAt < now;
    if (!isFree) return;
    const expiresAt = now + LEASE_SECONDS * 1000;
    await statements.atCommit(LOCK, () => {
      this.#row = { ...row, owner, epoch: row.epoch + 1, takenAt: now, expiresAt };
    });
  }

  /** Extends the lease, and locks its row until the transaction ends. */
  async fence(statements: Statements, owner: string, epoch: number): Promise<number> {
    const expiresAt = this.#clock.now() + LEASE_SECONDS * 1000;
    return this.#change(statements, owner, epoch, { expiresAt });
  }

  async hold(statements: Statements, owner: string, epoch: number, cron: string): Promise<boolean> {
    const held = { isHeld: true, heldCron: cron };
    return (await this.#change(statements, owner, epoch, held)) === 1;
  }

  async changeHeldCron(statements: Statements, cron: string | null): Promise<boolean> {
    await statements.lock(LOCK);
    if (this.#row?.isHeld !== true) return false;
    await statements.atCommit(LOCK, () => {
      if (this.#row !== undefined) this.#row = { ...this.#row, heldCron: cron };
    });
    return true;
  }

  async giveBack(
    statements: Statements,
    owner: string,
    epoch: number,
    isHeld: boolean,
  ): Promise<void> {
    const hold = isHeld ? {} : { isHeld: false, heldCron: null };
    await this.#change(statements, owner, epoch, { owner: undefined, expiresAt: 0, ...hold });
  }

  isOf(owner: string, epoch: number): boolean {
    return this.#row?.owner === owner && this.#row.epoch === epoch;
  }

  async #change(
    statements: Statements,
    owner: string,
    epoch: number,
    change: Partial<LeaseRow>,
  ): Promise<number> {
    await statements.lock(LOCK);
    if (!this.isOf(owner, epoch)) return 0;
    await statements.atCommit(LOCK, () => {
      if (this.#row !== undefined) this.#row = { ...this.#row, ...change };
    });
    return 1;
  }
}

const LOCK = "the lease's row";
const NOBODYS: LeaseRow = {
  owner: undefined,
  epoch: 0,
  takenAt: 0,
  expiresAt: 0,
  isHeld: false,
  heldCron: null,
};
