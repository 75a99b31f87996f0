import type { PGlite, PGliteOptions } from "@electric-sql/pglite" with {
  "resolution-mode": "import",
};
import { DadosferaError } from "../../domain/errors.js";
import { PgliteDatabase } from "./pglite-database.js";
import { loadExtensions } from "./pglite-extensions.js";
import { copyFiles } from "./pglite-files.js";
import type { Scratch, ScratchDatabase } from "./scratch.js";

export interface PgliteSettings {
  /** As `CREATE EXTENSION` spells them. One that PGlite lacks is left out: creating it then fails with SQLSTATE 0A000. */
  readonly extensions: readonly string[];
}

/**
 * PostgreSQL compiled to WebAssembly, inside this process: nothing to install. Each database is a cluster of its own, so a role
 * belongs to one database and its later copies. Throws `SCRATCH_UNAVAILABLE` if the package is missing.
 */
export async function startPglite({ extensions }: PgliteSettings): Promise<Scratch> {
  const module = await importPglite();
  const options: PGliteOptions = {
    extensions: await loadExtensions(extensions),
    startParams: [...module.PGlite.defaultStartParams, ...SETTINGS.flatMap((one) => ["-c", one])],
  };
  // Making a cluster costs ten times what a copy of one costs.
  const empty = new PgliteDatabase(await module.PGlite.create(options), () => undefined);
  const [row] = await empty.query("SELECT current_setting('server_version') AS version");
  return new PgliteScratch(module, options, empty, row?.["version"] ?? "");
}

/** PGlite leaves out `"$user"` in the search path; a server does not. */
const SETTINGS = [
  'search_path="$user", public',
  "TimeZone=UTC",
  "DateStyle=ISO,MDY",
  "IntervalStyle=postgres",
  "lc_messages=C",
  "client_min_messages=warning",
];

type Module = typeof import("@electric-sql/pglite", { with: { "resolution-mode": "import" }});

async function importPglite(): Promise<Module> {
  try {
    return await import("@electric-sql/pglite");
  } catch (error) {
    throw new DadosferaError(
      {
        code: "SCRATCH_UNAVAILABLE",
        happened: "Could not start PGlite: the package @electric-sql/pglite is not installed.",
        now: "No database was started and no file was changed.",
        next: "Run `npm install --save-dev @electric-sql/pglite`, or name another engine, as `--engine postgres@15`.",
      },
      { cause: error },
    );
  }
}

class PgliteScratch implements Scratch {
  readonly #module: Module;
  readonly #options: PGliteOptions;
  readonly #empty: PgliteDatabase;
  readonly #version: string;
  readonly #databases = new Set<PgliteDatabase>();

  constructor(module: Module, options: PGliteOptions, empty: PgliteDatabase, version: string) {
    this.#module = module;
    this.#options = options;
    this.#empty = empty;
    this.#version = version;
  }

  get engine() {
    const name = `PGlite (PostgreSQL ${this.#version})`;
    return { kind: "pglite", name, major: Number.parseInt(this.#version, 10) } as const;
  }

  async database(copyOf?: ScratchDatabase): Promise<ScratchDatabase> {
    const source = copyOf instanceof PgliteDatabase ? copyOf : this.#empty;
    await source.settle();
    const files = new this.#module.MemoryFS();
    // PGlite calls this before it looks for a cluster among its files, and finds the copy there.
    files.initialSyncFs = async () => copyFiles(source.instance, instance);
    const instance: PGlite = new this.#module.PGlite({ ...this.#options, fs: files });
    await instance.waitReady;
    const database = new PgliteDatabase(instance, () => this.#databases.delete(database));
    this.#databases.add(database);
    return database;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const database of [...this.#databases]) await database[Symbol.asyncDispose]();
    await this.#empty[Symbol.asyncDispose]();
  }
}
