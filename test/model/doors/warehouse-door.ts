import type { WarehouseDoors } from "#src/lifecycle/context.js";
import type { Runner } from "#src/warehouse/session.js";
import type { Tables } from "#src/warehouse/tables.js";
import type { Beyond } from "../world/baseline.js";
import type { CursorKind } from "../world/cursors.js";
import type { Call } from "../world/faults.js";
import type { MemoryJournal } from "../world/journal.js";
import type { MemoryLeases } from "../world/leases.js";
import type { ModelProcess } from "../world/process.js";
import { type Storage, Transaction } from "../world/storage.js";
import { memoryTables } from "../world/tables.js";

/** What stands in Snowflake. */
export interface Destination {
  readonly storage: Storage;
  readonly journal: MemoryJournal;
  readonly leases: MemoryLeases;
  /** True while the renewal of a lease asks, which waits for nobody's turn. */
  readonly isRenewing: () => boolean;
  readonly nature: { readonly cursorKind: CursorKind };
}

const READ: Call = { door: "warehouse", kind: "read" };
const EFFECT: Call = { door: "warehouse", kind: "effect" };
const COMMIT: Call = { door: "warehouse", kind: "commit" };
const SETTINGS = {
  account: "model",
  user: "model",
  login: { kind: "password", password: "model" },
  database: "DADOSFERA",
  schema: "PUBLIC",
  journalSchema: "PUBLIC",
} as const;

/** Snowflake as one process sees it. */
export function warehouseDoors(
  destination: Destination,
  process: ModelProcess,
  beyond: Beyond,
): WarehouseDoors {
  const alone = <T>(work: (transaction: Transaction) => T | Promise<T>) =>
    committed(destination.storage.begin(), work);
  return {
    warehouse: warehouse(destination, process),
    tables: tablesOf(destination, process, beyond, undefined),
    tablesIn: (runner) => tablesOf(destination, process, beyond, transactionOf(runner)),
    journal: journalDoor(destination, process, alone),
    leases: leasesDoor(destination, process, alone),
  };
}

/** The work of one statement that commits by itself. */
type Alone = <T>(work: (transaction: Transaction) => T | Promise<T>) => Promise<T>;

async function committed<T>(
  transaction: Transaction,
  work: (transaction: Transaction) => T | Promise<T>,
): Promise<T> {
  try {
    const result = await work(transaction);
    transaction.commit();
    return result;
  } finally {
    transaction.rollBack();
  }
}

function warehouse({ storage }: Destination, process: ModelProcess): WarehouseDoors["warehouse"] {
  return {
    settings: SETTINGS,
    compile: () => process.ask(READ, () => undefined),
    rows: refuse,
    run: refuse,
    close: async () => undefined,
    async transaction(work) {
      const transaction = await process.ask(READ, () => storage.begin());
      process.open(transaction);
      try {
        const result = await work(transaction);
        await process.ask(COMMIT, () => transaction.commit());
        return result;
      } finally {
        transaction.rollBack();
        process.close(transaction);
      }
    },
  };
}

const READS = [
  "find",
  "countWindow",
  "occupiedSeconds",
  "countUnsaved",
  "compareByKey",
  "compareByRow",
  "countDoubled",
  "countOutside",
  "measureFill",
  "countDeduplicated",
  "countBehind",
] as const satisfies readonly (keyof Tables)[];
const EFFECTS = [
  "takeBackUp",
  "dropBackUp",
  "deleteWindow",
  "restoreWindow",
  "putBackLost",
  "putBackVersions",
  "collectArrived",
  "replaceWindow",
  "replaceBoundary",
] as const satisfies readonly (keyof Tables)[];

/** Each method of the memory's tables as one call; a new method needs its name in one of the two lists. */
function tablesOf(
  { storage, nature }: Destination,
  process: ModelProcess,
  beyond: Beyond,
  transaction: Transaction | undefined,
): Tables {
  type Method = (...args: readonly unknown[]) => Promise<unknown>;
  const wrap = (name: keyof Tables, call: Call, attempts: readonly number[]): [string, Method] => [
    name,
    (...args) => {
      const once = (insertions: number) =>
        perform(storage, transaction, insertions, (statements) => {
          const tables = memoryTables(storage, statements, beyond, nature.cursorKind);
          return (tables[name] as Method)(...args);
        });
      const twice = async () => {
        let last: unknown;
        for (const insertions of attempts) last = await once(insertions);
        return last;
      };
      return process.ask(call, () => once(1), twice);
    },
  ];
  // Of several statements, the INSERT is the one that is sent twice.
  const attempts = (name: keyof Tables) => (/^(restore|putBack|replace)/.test(name) ? [2] : [1, 1]);
  return Object.fromEntries([
    ...READS.map((name) => wrap(name, READ, [1])),
    ...EFFECTS.map((name) => wrap(name, EFFECT, attempts(name))),
  ]) as unknown as Tables;
}

async function perform<T>(
  storage: Storage,
  transaction: Transaction | undefined,
  insertions: number,
  work: (statements: Transaction) => Promise<T>,
): Promise<T> {
  if (transaction === undefined) return committed(storage.begin(), work);
  transaction.insertions = insertions;
  const result = await work(transaction);
  transaction.insertions = 1;
  return result;
}

function journalDoor(
  { journal, leases, storage }: Destination,
  process: ModelProcess,
  alone: Alone,
): WarehouseDoors["journal"] {
  return {
    prepare: () => process.ask(EFFECT, () => undefined),
    append: (identity, position, entry, runner) =>
      process.ask(EFFECT, () => {
        const given = transactionOf(runner);
        if (given !== undefined) return journal.append(given, identity, position, entry);
        return committed(storage.begin(), (own) => journal.append(own, identity, position, entry));
      }),
    appendUnder: (epoch, identity, position, entry) =>
      process.ask(EFFECT, () =>
        alone(async (statements) => {
          if (!leases.isOf(identity.owner, epoch)) return false;
          await journal.append(statements, identity, position, entry);
          return true;
        }),
      ),
    unfinished: (jobId) => process.ask(READ, () => journal.unfinished(jobId)),
    read: (changeId) =>
      process.ask(READ, () => journal.read(changeId) ?? { changeId, entries: [] }),
    lastDone: (jobId) => process.ask(READ, () => journal.lastDone(jobId)),
    expiredBackUps: (jobId, keepDays) =>
      process.ask(READ, () => journal.expiredBackUps(jobId, keepDays)),
  };
}

function leasesDoor(
  { leases, isRenewing }: Destination,
  process: ModelProcess,
  alone: Alone,
): WarehouseDoors["leases"] {
  const find = () => leases.find();
  return {
    find: () => process.ask(READ, find),
    async take(_pipelineId, owner) {
      await process.ask(EFFECT, () => alone((statements) => leases.take(statements, owner)));
      return (await process.ask(READ, find)) ?? NOBODYS;
    },
    async renew(_pipelineId, owner, epoch) {
      const renew = () =>
        alone(async (statements) => (await leases.fence(statements, owner, epoch)) === 1);
      if (!isRenewing()) return process.ask(EFFECT, renew);
      return process.isMoving ? renew() : new Promise(() => undefined);
    },
    fence: (runner, _pipelineId, owner, epoch) =>
      process.ask(EFFECT, () => leases.fence(required(runner), owner, epoch)),
    hold: (_pipelineId, owner, epoch, cron) =>
      process.ask(EFFECT, () => alone((own) => leases.hold(own, owner, epoch, cron))),
    changeHeldCron: (_pipelineId, cron) =>
      process.ask(EFFECT, () => alone((own) => leases.changeHeldCron(own, cron))),
    giveBack: (runner, _pipelineId, owner, epoch, isHeld) =>
      process.ask(EFFECT, () => {
        const given = transactionOf(runner);
        if (given !== undefined) return leases.giveBack(given, owner, epoch, isHeld);
        return alone((own) => leases.giveBack(own, owner, epoch, isHeld));
      }),
  };
}

const NOBODYS = {
  owner: undefined,
  epoch: 0,
  takenAt: undefined,
  isExpired: true,
  isHeld: false,
  heldCron: undefined,
};

function transactionOf(runner: Runner): Transaction | undefined {
  return runner instanceof Transaction ? runner : undefined;
}

function required(runner: Runner): Transaction {
  const transaction = transactionOf(runner);
  if (transaction === undefined) throw new Error("A fence stands in a transaction");
  return transaction;
}

function refuse(): Promise<never> {
  return Promise.reject(new Error("The model speaks no SQL"));
}
