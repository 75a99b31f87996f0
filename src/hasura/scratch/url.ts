import type { ClientConfig } from "pg";
import { DadosferaError, isDadosferaError } from "../../domain/errors.js";
import type { Engine, Scratch, ScratchDatabase } from "./scratch.js";
import { ServerDatabases } from "./server-databases.js";

/**
 * Databases of our own, `dadosfera_scratch_…`, on a server by its URL, as `postgres://user:password@host:5432/postgres`. No other
 * database is touched. They are dropped at the end, and with them the roles that their texts made. Throws `SCRATCH_UNAVAILABLE`, or
 * `SCRATCH_REFUSED` where the user may not make databases.
 */
export async function startUrl(url: string): Promise<Scratch> {
  const address = new URL(url);
  const maintenance = decodeURIComponent(address.pathname.slice(1)) || "postgres";
  const databases = await open(address, maintenance);
  try {
    return new UrlScratch(databases, await lookAround(databases, address));
  } catch (error) {
    await databases[Symbol.asyncDispose]();
    throw error;
  }
}

class UrlScratch implements Scratch {
  readonly engine: Engine;
  readonly #databases: ServerDatabases;
  #known: ReadonlySet<string>;
  readonly #made = new Set<string>();

  constructor(databases: ServerDatabases, { engine, roles }: Surroundings) {
    this.engine = engine;
    this.#databases = databases;
    this.#known = roles;
  }

  async database(copyOf?: ScratchDatabase): Promise<ScratchDatabase> {
    return this.#databases.create(copyOf, (sql) => this.#noteRoles(sql));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#databases.dropAll();
    for (const role of this.#made) await this.#databases.query(`DROP ROLE IF EXISTS ${role}`);
    await this.#databases[Symbol.asyncDispose]();
  }

  /** Roles belong to the server. Only those that appear across a text of ours are ours to drop. */
  async #noteRoles(sql: string): Promise<void> {
    if (!/\b(role|user|group)\b/i.test(sql)) return;
    const now = await rolesOf(this.#databases);
    for (const role of now) if (!this.#known.has(role)) this.#made.add(role);
    this.#known = now;
  }
}

interface Surroundings {
  readonly engine: Engine;
  readonly roles: ReadonlySet<string>;
}

async function open(address: URL, maintenance: string): Promise<ServerDatabases> {
  try {
    return await ServerDatabases.open({ address: clientConfig(address), maintenance });
  } catch (error) {
    if (isDadosferaError(error)) throw error;
    throw new DadosferaError(
      {
        code: "SCRATCH_UNAVAILABLE",
        happened: `Could not reach the development database "${maintenance}" at ${address.host}: ${reasonOf(error, address)}`,
        now: "No database was made there and no file was changed.",
        next: "Check the URL, or use the engine that needs no server: `--engine pglite`.",
      },
      { cause: error },
    );
  }
}

function clientConfig(address: URL): ClientConfig {
  const ssl = address.searchParams.get("sslmode");
  return {
    host: address.searchParams.get("host") ?? decodeURIComponent(address.hostname),
    port: Number(address.searchParams.get("port") ?? (address.port || "5432")),
    user: decodeURIComponent(address.username) || "postgres",
    connectionTimeoutMillis: 10_000,
    ...(address.password !== "" && { password: decodeURIComponent(address.password) }),
    ...(ssl === "require" && { ssl: { rejectUnauthorized: false } }),
    ...(ssl?.startsWith("verify-") && { ssl: true }),
  };
}

/** The driver's words, without the password. A refusal of every address of a host has no message of its own. */
function reasonOf(error: unknown, { password }: URL): string {
  const errors = error instanceof AggregateError ? error.errors : [error];
  const words = errors.map((one) => (one instanceof Error ? one.message : String(one))).join("; ");
  return password === "" ? words : words.replaceAll(decodeURIComponent(password), "***");
}

async function lookAround(databases: ServerDatabases, address: URL): Promise<Surroundings> {
  const [row] = await databases.query(`SELECT current_setting('server_version') AS version,
    (rolcreatedb OR rolsuper)::text AS allowed FROM pg_catalog.pg_roles WHERE rolname = current_user`);
  if (row?.["allowed"] !== "true") {
    throw new DadosferaError({
      code: "SCRATCH_REFUSED",
      happened: `Will not use the development database at ${address.host}: the user "${decodeURIComponent(address.username)}" may not make databases there.`,
      now: "No database was made there and no file was changed.",
      next: `Run \`ALTER ROLE "${decodeURIComponent(address.username)}" CREATEDB\` there as a superuser, or use \`--engine pglite\`.`,
    });
  }
  const version = /^[\d.]+/.exec(row["version"] ?? "")?.[0] ?? "";
  return {
    engine: { kind: "url", name: `PostgreSQL ${version}`, major: Number.parseInt(version, 10) },
    roles: await rolesOf(databases),
  };
}

/** Names as SQL takes them. */
async function rolesOf(databases: ServerDatabases): Promise<ReadonlySet<string>> {
  const rows = await databases.query(
    "SELECT quote_ident(rolname) AS name FROM pg_catalog.pg_roles",
  );
  return new Set(rows.map((row) => row["name"] ?? ""));
}
