import { type Binaries, findBinaries } from "./postgres-binaries.js";
import { type Server, startServer } from "./postgres-server.js";
import type { Scratch, ScratchDatabase } from "./scratch.js";
import { ServerDatabases } from "./server-databases.js";

export interface PostgresSettings {
  /** 12 to 18; without it, whatever is installed. */
  readonly major?: number | undefined;
}

/**
 * A real PostgreSQL from binaries on this machine, on data of its own under the folder for temporary files. It ends with this
 * process at the latest. Throws `SCRATCH_UNAVAILABLE`.
 */
export async function startPostgres({ major }: PostgresSettings = {}): Promise<Scratch> {
  const binaries = await findBinaries(major);
  const server = await startServer(binaries);
  try {
    const databases = await ServerDatabases.open({
      address: server.address,
      maintenance: "postgres",
    });
    return new PostgresScratch(binaries, server, databases);
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

class PostgresScratch implements Scratch {
  readonly engine;
  readonly #server: Server;
  readonly #databases: ServerDatabases;

  constructor({ version, major }: Binaries, server: Server, databases: ServerDatabases) {
    this.engine = { kind: "postgres", name: `PostgreSQL ${version}`, major } as const;
    this.#server = server;
    this.#databases = databases;
  }

  async database(copyOf?: ScratchDatabase): Promise<ScratchDatabase> {
    return this.#databases.create(copyOf);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#databases[Symbol.asyncDispose]();
    } finally {
      await this.#server[Symbol.asyncDispose]();
    }
  }
}
