import type { TurnableClock } from "./clock.js";
import { hasuraEnvironment, maestroEnvironment, snowflakeEnvironment } from "./environment.js";
import type { Faults } from "./faults.js";
import type { HasuraServer } from "./hasura/hasura.js";
import type { HasuraOptions } from "./hasura/settings.js";
import { type Handler, type Listener, listen } from "./listener.js";
import type { Account } from "./maestro/accounts.js";
import type { Runs } from "./maestro/runs.js";
import type { Switches } from "./maestro/switches.js";
import type { RequestRecord } from "./message.js";
import { rowsOf } from "./postgres/postgres.js";
import type { SeedName } from "./seeds.js";
import type { Source } from "./source.js";
import type { Login } from "./warehouse/logins.js";
import type { EmulatedWarehouse } from "./warehouse/warehouse.js";
import { openWorld, type World } from "./world.js";

export interface EmulatorOptions {
  /** 0, the default, takes a free one. */
  readonly maestroPort?: number;
  readonly snowflakePort?: number;
  readonly hasuraPort?: number;
  /** Hasura too, over a PostgreSQL that is then also the pipelines' source: a job whose table it holds extracts from there. */
  readonly hasura?: HasuraOptions;
  /** Who may sign in to Maestro; the first is the one of `environment`. */
  readonly accounts?: readonly [Account, ...Account[]];
  /** In base 32; makes the default account ask for a one-time code. */
  readonly totpSecret?: string;
  /** The default account's key for `x-api-key`. */
  readonly apiKey?: string;
  /** Who may sign in to the warehouse, with what, as which roles; the first is the one of `environment`. */
  readonly snowflakeLogins?: readonly [Login, ...Login[]];
  readonly switches?: Partial<Switches>;
  /** How long each run lasts, by the emulator's clock; 0 by default. */
  readonly runMs?: number;
  /** Above so many requests to Maestro in one second, 429 with Retry-After; unlimited by default. */
  readonly requestsPerSecond?: number;
  /** How many statements may wait for one table of the warehouse before it refuses; 20 by default, as Snowflake. */
  readonly waitersPerTable?: number;
  /** What the source holds at first; nothing by default. */
  readonly seed?: SeedName;
  /**
   * A server that pipelines extract from, `postgres://…`, `mysql://…` or `mariadb://…`: a job whose table it holds extracts from there,
   * and nothing is written to it. Neither `seed` nor `hasura` goes with it. Rejects with `SourceUnavailable` if it cannot be used.
   */
  readonly source?: string;
  /** Hears of each request to Maestro as it arrives. */
  readonly onRequest?: (request: RequestRecord) => void;
}

/** Dadosfera on this machine: Maestro's API, a source to extract from, and a warehouse that speaks Snowflake's protocol. */
export interface Emulator extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`. */
  readonly maestroUrl: string;
  readonly snowflakeUrl: string;
  /** Everything that the provider, the CLI or a Snowflake client needs to find this emulator. */
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: TurnableClock;
  readonly source: Source;
  readonly warehouse: EmulatedWarehouse;
  /** Throws if the emulator was started without `hasura`. */
  readonly hasura: EmulatedHasura;
  readonly runs: Runs;
  /** Faults of Maestro's requests; those of the warehouse are `warehouse.faults`. */
  readonly faults: Faults;
  /** Maestro's requests since the start or the last reset, oldest first. */
  readonly requests: readonly RequestRecord[];
  /** The newest cursor that a job has seen, as text; undefined: its next run extracts everything. */
  bookmark(jobId: string): string | undefined;
  /** From now on, above so many requests to Maestro in one second, 429 with Retry-After. */
  limit(requestsPerSecond: number): void;
  /** Makes every token worthless, as if each had expired. */
  revokeTokens(): void;
  /** A new world behind the same ports: no pipelines, tokens or faults, an empty warehouse, real time, the source as seeded. */
  reset(): Promise<void>;
}

/** Hasura on this machine. Behind a URL its database outlives a `reset`. */
export interface EmulatedHasura {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly faults: Faults;
  /** Hasura's requests since the start or the last reset, oldest first. */
  readonly requests: readonly RequestRecord[];
  /** Runs statements in its database, behind Hasura's back, and answers the rows of the last one, each value as text. */
  query(sql: string): Promise<readonly Readonly<Record<string, string | null>>[]>;
}

const HOST = "127.0.0.1";
const DATABASE = "DADOSFERA";
const DEFAULT_LOGIN: Login = {
  user: "ROBO_ETL",
  roles: ["LOADER"],
  credential: { kind: "password", password: "emulated-snowflake" },
};

/** Starts an emulator on 127.0.0.1; dispose of it to close its ports. Rejects with `EADDRINUSE` for a port that is taken. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const accounts = options.accounts ?? [defaultAccount(options)];
  const logins = options.snowflakeLogins ?? [DEFAULT_LOGIN];
  const open = () => openWorld({ ...options, accounts, logins, database: DATABASE });
  let world = await open();
  const listeners = await openPorts(options, () => world);
  const close = async () => {
    for (const listener of listeners) await listener[Symbol.asyncDispose]();
    await world[Symbol.asyncDispose]();
  };
  const [maestroPort = 0, snowflakePort = 0, hasuraPort] = listeners.map(
    (listener) => listener.port,
  );
  const maestroUrl = `http://${HOST}:${maestroPort}`;
  return {
    maestroUrl,
    snowflakeUrl: `http://${HOST}:${snowflakePort}`,
    environment: {
      ...maestroEnvironment(accounts[0], maestroUrl),
      ...snowflakeEnvironment(logins[0], { host: HOST, port: snowflakePort, database: DATABASE }),
      ...hasuraEnvironment(options.hasura, `http://${HOST}:${hasuraPort}`),
    },
    get clock() {
      return world.clock;
    },
    get source() {
      return world.source;
    },
    get warehouse() {
      return world.warehouse;
    },
    get hasura() {
      return shownOf(world.hasura, hasuraPort);
    },
    get runs() {
      return world.maestro.runs;
    },
    get faults() {
      return world.faults;
    },
    get requests() {
      return world.requests;
    },
    bookmark: (jobId) => world.maestro.bookmark(jobId),
    limit: (requestsPerSecond) => world.maestro.limit(requestsPerSecond),
    revokeTokens: () => world.maestro.accounts.revokeAll(),
    async reset() {
      const old = world;
      world = await open();
      await old[Symbol.asyncDispose]();
    },
    [Symbol.asyncDispose]: close,
  };
}

/** One port for each service, whatever world stands behind it by then. Closes everything if one of them cannot be had. */
async function openPorts(
  { maestroPort = 0, snowflakePort = 0, hasuraPort = 0, hasura }: EmulatorOptions,
  world: () => World,
): Promise<readonly Listener[]> {
  const services: readonly (readonly [number, Handler])[] = [
    [maestroPort, (...wire) => world().maestro.handle(...wire)],
    [snowflakePort, (...wire) => world().warehouse.handle(...wire)],
    [hasuraPort, (...wire) => world().hasura?.handle(...wire)],
  ];
  const asked = hasura === undefined ? services.slice(0, 2) : services;
  const listeners: Listener[] = [];
  try {
    for (const [port, handle] of asked) listeners.push(await listen(HOST, port, handle));
  } catch (error) {
    for (const listener of listeners) await listener[Symbol.asyncDispose]();
    await world()[Symbol.asyncDispose]();
    throw error;
  }
  return listeners;
}

function defaultAccount({ totpSecret, apiKey }: EmulatorOptions): Account {
  return {
    username: "robo.etl@exemplo.com.br",
    password: "emulated-maestro",
    customerName: "exemplo-varejo",
    ...(totpSecret === undefined ? {} : { totpSecret }),
    ...(apiKey === undefined ? {} : { apiKey }),
  };
}

function shownOf(server: HasuraServer | undefined, port: number | undefined): EmulatedHasura {
  if (server === undefined) throw new Error("This emulator was started without `hasura`");
  return {
    url: `http://${HOST}:${port}`,
    faults: server.faults,
    requests: server.requests,
    query: (sql) => server.postgres.session((run) => rowsOf(run, sql)),
  };
}
