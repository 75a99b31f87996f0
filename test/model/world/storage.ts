import type { TableName } from "#src/domain/destination.js";
import type { Runner } from "#src/warehouse/session.js";
import type { Row } from "./rows.js";

/** A table of the destination, a back-up among them. */
export interface MemoryTable {
  readonly name: TableName;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** Where statements read and write: alone, or as part of a transaction. */
export interface Statements extends Runner {
  rowsOf(table: TableName): readonly Row[];
  remove(table: TableName, rows: readonly Row[]): Promise<void>;
  insert(table: TableName, rows: readonly Row[]): Promise<void>;
  /** Does something that nobody sees before COMMIT, under a lock that is kept until then. */
  atCommit(lock: string, work: () => void): Promise<void>;
  /** Waits until no other transaction holds the lock, and takes it. */
  lock(name: string): Promise<void>;
}

/** The tables of the destination's database. */
export class Storage {
  readonly #tables = new Map<string, MemoryTable>();
  readonly #views = new Map<string, () => MemoryTable>();
  readonly #locks = new Map<string, Transaction>();

  find({ schema, name }: Pick<TableName, "schema" | "name">): MemoryTable | undefined {
    const path = `${schema}.${name}`;
    return this.#views.get(path)?.() ?? this.#tables.get(path);
  }

  defineView({ schema, name }: TableName, view: () => MemoryTable): void {
    this.#views.set(`${schema}.${name}`, view);
  }

  put(table: MemoryTable): void {
    this.#tables.set(`${table.name.schema}.${table.name.name}`, table);
  }

  drop({ schema, name }: TableName): void {
    this.#tables.delete(`${schema}.${name}`);
  }

  rowsOf(table: TableName): readonly Row[] {
    return this.find(table)?.rows ?? [];
  }

  change(table: TableName, change: (rows: readonly Row[]) => readonly Row[]): void {
    const found = this.find(table);
    if (found !== undefined) this.put({ ...found, rows: change(found.rows) });
  }

  /** The rows that the last transaction took away. */
  removed: readonly Row[] = [];

  begin(): Transaction {
    return new Transaction(this, this.#locks);
  }
}

/** Changes that others see at COMMIT; what others commit meanwhile is seen at once. */
export class Transaction implements Statements {
  readonly #storage: Storage;
  readonly #locks: Map<string, Transaction>;
  readonly #changes = new Map<string, Change>();
  readonly #work: (() => void)[] = [];
  #end: () => void = () => undefined;
  readonly #ended = new Promise<void>((resolve) => {
    this.#end = resolve;
  });
  /** How often each INSERT is carried out: the driver may send one twice. */
  insertions = 1;

  constructor(storage: Storage, locks: Map<string, Transaction>) {
    this.#storage = storage;
    this.#locks = locks;
  }

  rowsOf(table: TableName): readonly Row[] {
    const change = this.#changes.get(table.name);
    const rows = this.#storage.rowsOf(table);
    return change === undefined ? rows : changed(rows, change);
  }

  async remove(table: TableName, rows: readonly Row[]): Promise<void> {
    await this.lock(table.name);
    const { removed, inserted } = this.#changeOf(table);
    const gone = new Set(rows);
    this.#changes.set(table.name, {
      table,
      removed: new Set([...removed, ...rows]),
      inserted: inserted.filter((row) => !gone.has(row)),
    });
  }

  async insert(table: TableName, rows: readonly Row[]): Promise<void> {
    const { removed, inserted } = this.#changeOf(table);
    const sent = Array.from({ length: this.insertions }, () => rows.map((row) => ({ ...row })));
    this.#changes.set(table.name, { table, removed, inserted: [...inserted, ...sent.flat()] });
  }

  async atCommit(lock: string, work: () => void): Promise<void> {
    await this.lock(lock);
    this.#work.push(work);
  }

  async lock(name: string): Promise<void> {
    for (let holder = this.#locks.get(name); holder !== undefined && holder !== this; ) {
      await holder.#ended;
      holder = this.#locks.get(name);
    }
    this.#locks.set(name, this);
  }

  commit(): void {
    this.#storage.removed = [...this.#changes.values()].flatMap(({ removed }) => [...removed]);
    for (const change of this.#changes.values()) {
      this.#storage.change(change.table, (rows) => changed(rows, change));
    }
    for (const work of this.#work) work();
    this.rollBack();
  }

  rollBack(): void {
    for (const [name, holder] of this.#locks) if (holder === this) this.#locks.delete(name);
    this.#changes.clear();
    this.#work.length = 0;
    this.#end();
  }

  rows(): Promise<never> {
    throw new Error("The model speaks no SQL");
  }

  run(): Promise<never> {
    throw new Error("The model speaks no SQL");
  }

  #changeOf(table: TableName): Change {
    return this.#changes.get(table.name) ?? { table, removed: new Set(), inserted: [] };
  }
}

interface Change {
  readonly table: TableName;
  readonly removed: ReadonlySet<Row>;
  readonly inserted: readonly Row[];
}

function changed(rows: readonly Row[], { removed, inserted }: Change): readonly Row[] {
  return [...rows.filter((row) => !removed.has(row)), ...inserted];
}
