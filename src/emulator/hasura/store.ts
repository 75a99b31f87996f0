import { type EmulatedPostgres, inTransaction, type Run } from "../postgres/postgres.js";
import { type Catalogue, EMPTY_METADATA, type Metadata } from "./metadata.js";

/** What Hasura remembers, in the schema `hdb_catalog` of its database: several servers on one database agree. */
export class Store {
  readonly #postgres: EmulatedPostgres;
  #isPrepared: Promise<void> | undefined;

  constructor(postgres: EmulatedPostgres) {
    this.#postgres = postgres;
  }

  async catalogState(): Promise<unknown> {
    const [row] = await this.#rows(
      "SELECT hasura_uuid, cli_state, console_state FROM hdb_catalog.hdb_version",
    );
    const [id, cliState, consoleState] = row ?? [];
    return { id, cli_state: parsed(cliState), console_state: parsed(consoleState) };
  }

  /** The whole state is replaced; nobody is told that it had changed meanwhile. */
  async replaceState(type: "cli" | "console", state: unknown): Promise<void> {
    await this.#rows(`UPDATE hdb_catalog.hdb_version SET ${type}_state = ${jsonLiteral(state)}`);
  }

  async metadata(): Promise<Metadata> {
    const [row] = await this.#rows("SELECT metadata FROM hdb_catalog.hdb_metadata");
    return parsed(row?.[0]) as Metadata;
  }

  /** Reads the metadata and writes what `change` makes of it, with nobody in between. */
  async changeMetadata(change: (metadata: Metadata) => Metadata): Promise<Metadata> {
    await this.#prepare();
    return this.#postgres.session((run) =>
      inTransaction(run, async () => {
        const result = await run("SELECT metadata FROM hdb_catalog.hdb_metadata FOR UPDATE");
        const before = result.kind === "tuples" ? parsed(result.rows[0]?.[0]) : undefined;
        const after = change(before as Metadata);
        await run(
          `UPDATE hdb_catalog.hdb_metadata SET metadata = ${jsonLiteral(after)}, resource_version = resource_version + 1`,
        );
        return after;
      }),
    );
  }

  async #rows(sql: string): Promise<readonly (readonly (string | null)[])[]> {
    await this.#prepare();
    const result = await this.#postgres.session((run) => run(sql));
    return result.kind === "tuples" ? result.rows : [];
  }

  async #prepare(): Promise<void> {
    this.#isPrepared ??= this.#postgres.session((run) => inTransaction(run, () => prepare(run)));
    try {
      await this.#isPrepared;
    } catch (error) {
      this.#isPrepared = undefined;
      throw error;
    }
  }
}

/** Every table and view of a database that metadata could name, with its columns. */
export async function readCatalogue(run: Run): Promise<Catalogue> {
  const result = await run(CATALOGUE);
  const found = new Map<string, Set<string>>();
  for (const [table, column] of result.kind === "tuples" ? result.rows : []) {
    const columns = found.get(String(table)) ?? new Set();
    if (column !== null) columns.add(String(column));
    found.set(String(table), columns);
  }
  return found;
}

const CATALOGUE = `
SELECT n.nspname || '.' || c.relname, a.attname
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'hdb_catalog')`;

async function prepare(run: Run): Promise<void> {
  // Two servers that start at once must not make the same schema.
  await run("SELECT pg_advisory_xact_lock(1638852925395)");
  await run(HDB_CATALOG);
  await run(`
    INSERT INTO hdb_catalog.hdb_version (version) SELECT '48' WHERE NOT EXISTS (SELECT FROM hdb_catalog.hdb_version);
    INSERT INTO hdb_catalog.hdb_metadata (id, metadata) VALUES (1, ${jsonLiteral(EMPTY_METADATA)}) ON CONFLICT DO NOTHING`);
}

/** As Hasura makes them, as far as views and triggers of users may refer to them. Without `gen_random_uuid`, which 12 lacks. */
const HDB_CATALOG = `
CREATE SCHEMA IF NOT EXISTS hdb_catalog;
CREATE OR REPLACE FUNCTION hdb_catalog.gen_hasura_uuid() RETURNS uuid LANGUAGE sql AS
  $$ SELECT md5(random()::text || clock_timestamp()::text)::uuid $$;
CREATE TABLE IF NOT EXISTS hdb_catalog.hdb_version (
  hasura_uuid uuid PRIMARY KEY DEFAULT hdb_catalog.gen_hasura_uuid(),
  version text NOT NULL,
  upgraded_on timestamptz NOT NULL DEFAULT now(),
  cli_state jsonb NOT NULL DEFAULT '{}',
  console_state jsonb NOT NULL DEFAULT '{}',
  ee_client_id text,
  ee_client_secret text
);
CREATE TABLE IF NOT EXISTS hdb_catalog.hdb_metadata (
  id integer PRIMARY KEY,
  metadata json NOT NULL,
  resource_version integer NOT NULL DEFAULT 1
);
CREATE TABLE IF NOT EXISTS hdb_catalog.event_log (
  id text PRIMARY KEY DEFAULT hdb_catalog.gen_hasura_uuid(),
  schema_name text NOT NULL,
  table_name text NOT NULL,
  trigger_name text NOT NULL,
  payload jsonb NOT NULL,
  delivered boolean NOT NULL DEFAULT false,
  error boolean NOT NULL DEFAULT false,
  tries integer NOT NULL DEFAULT 0,
  created_at timestamp DEFAULT now(),
  locked timestamptz,
  next_retry_at timestamp,
  archived boolean NOT NULL DEFAULT false
);`;

function jsonLiteral(value: unknown): string {
  return `'${JSON.stringify(value).replaceAll("'", "''")}'`;
}

function parsed(text: string | null | undefined): unknown {
  return JSON.parse(text ?? "null");
}
