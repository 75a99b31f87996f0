import type { EmulatedPostgres } from "../postgres/postgres.js";
import { openPostgresServer } from "../postgres/server.js";
import { notExists } from "./answers.js";
import type { Metadata, MetadataSource } from "./metadata.js";

/** The databases that Hasura serves: its own as `default`, and those that `pg_add_source` named by URL. */
export class Sources implements AsyncDisposable {
  readonly #own: EmulatedPostgres;
  readonly #opened = new Map<string, Promise<EmulatedPostgres>>();

  constructor(own: EmulatedPostgres) {
    this.#own = own;
  }

  /** The database of a source; throws `not-exists` for a name that metadata lacks. */
  async databaseOf(name: string, metadata: Metadata): Promise<EmulatedPostgres> {
    const url = databaseUrl(findSource(name, metadata));
    if (url === undefined) return this.#own;
    const opened = this.#opened.get(url) ?? openPostgresServer(url);
    this.#opened.set(url, opened);
    return opened;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const opened of this.#opened.values()) await (await opened)[Symbol.asyncDispose]();
  }
}

/** The source of this name; throws `not-exists`. */
export function findSource(name: string, { sources }: Metadata): MetadataSource {
  const source = sources.find((one) => one.name === name);
  if (source === undefined) throw notExists(`source with name "${name}" does not exist`);
  return source;
}

/** A text in `configuration.connection_info.database_url`; without it, the source is Hasura's own database. */
function databaseUrl({ configuration }: MetadataSource): string | undefined {
  const { connection_info: info } = (configuration ?? {}) as {
    readonly connection_info?: { readonly database_url?: unknown };
  };
  return typeof info?.database_url === "string" ? info.database_url : undefined;
}
