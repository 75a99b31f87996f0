import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { isDadosferaError } from "#src/domain/errors.js";
import { type Binaries, findBinaries } from "#src/hasura/scratch/postgres-binaries.js";
import { type Server, startServer } from "#src/hasura/scratch/postgres-server.js";
import type { ScratchDatabase } from "#src/hasura/scratch/scratch.js";
import { ServerDatabases } from "#src/hasura/scratch/server-databases.js";
import { sweep } from "./swept-scratch.js";

/** What `pg_dump` writes of a database. */
export interface Dump {
  /** As `--schema-only` writes it, without the random `\restrict` lines. */
  readonly schema: string;
  /** An INSERT for each row, and where each sequence stands; sorted, since the order of rows means nothing. */
  readonly rows: readonly string[];
}

/** A real PostgreSQL 15 with the `pg_dump` of its version, on which nothing was proven. */
export class DumpServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #databases: ServerDatabases;
  readonly #database: ScratchDatabase;

  private constructor(server: Server, databases: ServerDatabases, database: ScratchDatabase) {
    this.#server = server;
    this.#databases = databases;
    this.#database = database;
  }

  /** Nothing where the machine lacks the binaries or the `pg_dump`. */
  static async find(): Promise<DumpServer | undefined> {
    const binaries = await findBinaries15();
    if (binaries === undefined || !existsSync(PG_DUMP)) return undefined;
    const server = await startServer(binaries);
    const { address } = server;
    const databases = await ServerDatabases.open({ address, maintenance: "postgres" });
    return new DumpServer(server, databases, await databases.create(undefined));
  }

  /** Its database with nothing in it. */
  async empty(): Promise<ScratchDatabase> {
    await sweep(this.#database);
    return this.#database;
  }

  /** What is in its database. */
  async dump(): Promise<Dump> {
    const [row] = await this.#database.query("SELECT current_database() AS name");
    const { host = "", port = 0, user = "" } = this.#server.address;
    const { stdout } = await run(
      PG_DUMP,
      ["--inserts", "-h", host, "-p", String(port), "-U", user, row?.["name"] ?? ""],
      { maxBuffer: 64_000_000 },
    );
    const lines = stdout.split("\n").filter((line) => !/^\\(un)?restrict /.test(line));
    const isRow = (line: string) => /^INSERT INTO |^SELECT pg_catalog\.setval/.test(line);
    return {
      schema: lines.filter((line) => !isRow(line)).join("\n"),
      rows: lines.filter(isRow).sort(),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#databases[Symbol.asyncDispose]();
    await this.#server[Symbol.asyncDispose]();
  }
}

/** Debian's: the packages of npm have none. */
const PG_DUMP = join("/usr/lib/postgresql/15/bin", "pg_dump");

const run = promisify(execFile);

async function findBinaries15(): Promise<Binaries | undefined> {
  try {
    return await findBinaries(15);
  } catch (error) {
    if (isDadosferaError(error)) return undefined;
    throw error;
  }
}
