import { randomBytes } from "node:crypto";
import type { Client, ClientConfig } from "pg";
import { connect } from "./postgres-driver.js";
import { type ScratchDatabase, SqlError } from "./scratch.js";
import { readSqlError } from "./sql-error.js";

export interface ServerSettings {
  readonly address: ClientConfig;
  /** The database to be connected to while others are made and dropped. Nothing is written there. */
  readonly maintenance: string;
}

/** The databases made on one server: each with a name of its own, none but these are touched. */
export class ServerDatabases implements AsyncDisposable {
  readonly #address: ClientConfig;
  readonly #client: Client;
  readonly #databases = new Set<ServerDatabase>();
  /** PostgreSQL copies a template once at a time, and only while nobody is connected to it. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(address: ClientConfig, client: Client) {
    this.#address = address;
    this.#client = client;
  }

  static async open({ address, maintenance }: ServerSettings): Promise<ServerDatabases> {
    return new ServerDatabases(address, await connect({ ...address, database: maintenance }));
  }

  /** The rows of one statement in the maintenance database. */
  async query(sql: string): Promise<readonly Readonly<Record<string, string | null>>[]> {
    return rowsOf(this.#client, sql);
  }

  /** @param afterRun Called with each text that was run in the new database. */
  async create(
    copyOf: ScratchDatabase | undefined,
    afterRun: (sql: string) => Promise<void> = async () => undefined,
  ): Promise<ScratchDatabase> {
    const made = this.#last.then(() => this.#create(copyOf, afterRun));
    this.#last = made.catch(() => undefined);
    return made;
  }

  /** Drops those that are left. */
  async dropAll(): Promise<void> {
    await this.#last;
    for (const database of [...this.#databases]) await database[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.dropAll();
    } finally {
      await this.#client.end();
    }
  }

  async #create(
    copyOf: ScratchDatabase | undefined,
    afterRun: (sql: string) => Promise<void>,
  ): Promise<ScratchDatabase> {
    const name = `dadosfera_scratch_${randomBytes(6).toString("hex")}`;
    if (copyOf instanceof ServerDatabase) {
      await copyOf.without(() => this.query(`CREATE DATABASE ${name} TEMPLATE ${copyOf.name}`));
    } else {
      await this.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
    }
    const address = { ...this.#address, database: name };
    const database = new ServerDatabase(name, address, {
      afterRun,
      drop: async () => {
        this.#databases.delete(database);
        await this.query(`DROP DATABASE IF EXISTS ${name}`);
      },
    });
    this.#databases.add(database);
    await database.open();
    return database;
  }
}

interface Hooks {
  readonly afterRun: (sql: string) => Promise<void>;
  readonly drop: () => Promise<void>;
}

class ServerDatabase implements ScratchDatabase {
  readonly name: string;
  readonly #address: ClientConfig;
  readonly #hooks: Hooks;
  #client: Client | undefined;

  constructor(name: string, address: ClientConfig, hooks: Hooks) {
    this.name = name;
    this.#address = address;
    this.#hooks = hooks;
  }

  async open(): Promise<void> {
    this.#client = await connect(this.#address);
  }

  async run(sql: string): Promise<void> {
    await rowsOf(this.#connected, sql);
    await this.#hooks.afterRun(sql);
  }

  async query(sql: string): Promise<readonly Readonly<Record<string, string | null>>[]> {
    return rowsOf(this.#connected, sql);
  }

  /** Does something while nobody is connected. What the session had set or begun is lost by it. */
  async without(act: () => Promise<unknown>): Promise<void> {
    await this.#connected.end();
    try {
      await act();
    } finally {
      await this.open();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#client === undefined) return;
    await this.#client.end();
    this.#client = undefined;
    await this.#hooks.drop();
  }

  get #connected(): Client {
    if (this.#client === undefined) throw new Error(`The scratch database ${this.name} is closed.`);
    return this.#client;
  }
}

/** One message of the simple protocol; of several statements, the rows of the last. */
async function rowsOf(
  client: Client,
  sql: string,
): Promise<readonly Readonly<Record<string, string | null>>[]> {
  if (sql.includes("\0")) {
    throw new SqlError('invalid byte sequence for encoding "UTF8": 0x00', { sqlState: "22021" });
  }
  try {
    const answer: unknown = await client.query(sql);
    const last: unknown = Array.isArray(answer) ? answer.at(-1) : answer;
    return hasRows(last) ? last.rows : [];
  } catch (error) {
    throw readSqlError(error);
  }
}

function hasRows(
  answer: unknown,
): answer is { readonly rows: readonly Readonly<Record<string, string | null>>[] } {
  return typeof answer === "object" && answer !== null && "rows" in answer;
}
