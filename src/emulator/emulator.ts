import { type Listener, listen } from "./listener.js";
import type { Account } from "./maestro/accounts.js";
import type { TurnableClock } from "./maestro/clock.js";
import type { Faults } from "./maestro/faults.js";
import type { Runs } from "./maestro/runs.js";
import type { RequestRecord } from "./maestro/server.js";
import type { Switches } from "./maestro/switches.js";
import type { SeedName } from "./seeds.js";
import type { Source } from "./source.js";
import type { Login } from "./warehouse/logins.js";
import type { EmulatedWarehouse } from "./warehouse/warehouse.js";
import { openWorld } from "./world.js";

export interface EmulatorOptions {
  /** 0, the default, takes a free one. */
  readonly maestroPort?: number;
  readonly snowflakePort?: number;
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
  const listeners: Listener[] = [];
  const close = async () => {
    for (const listener of listeners) await listener[Symbol.asyncDispose]();
    await world[Symbol.asyncDispose]();
  };
  try {
    listeners.push(
      await listen(HOST, options.maestroPort ?? 0, (...wire) => world.maestro.handle(...wire)),
    );
    listeners.push(
      await listen(HOST, options.snowflakePort ?? 0, (...wire) => world.warehouse.handle(...wire)),
    );
  } catch (error) {
    await close();
    throw error;
  }
  const [maestroPort = 0, snowflakePort = 0] = listeners.map((listener) => listener.port);
  const maestroUrl = `http://${HOST}:${maestroPort}`;
  return {
    maestroUrl,
    snowflakeUrl: `http://${HOST}:${snowflakePort}`,
    environment: {
      ...maestroEnvironment(accounts[0], maestroUrl),
      ...snowflakeEnvironment(logins[0], snowflakePort),
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

function defaultAccount({ totpSecret, apiKey }: EmulatorOptions): Account {
  return {
    username: "robo.etl@exemplo.com.br",
    password: "emulated-maestro",
    customerName: "exemplo-varejo",
    ...(totpSecret === undefined ? {} : { totpSecret }),
    ...(apiKey === undefined ? {} : { apiKey }),
  };
}

function maestroEnvironment(account: Account, url: string): Readonly<Record<string, string>> {
  return {
    DADOSFERA_BASE_URL: url,
    DADOSFERA_USERNAME: account.username,
    DADOSFERA_PASSWORD: account.password,
    DADOSFERA_CUSTOMER_NAME: account.customerName,
    ...(account.totpSecret === undefined ? {} : { DADOSFERA_TOTP_SECRET: account.totpSecret }),
    ...(account.apiKey === undefined ? {} : { DADOSFERA_API_KEY: account.apiKey }),
  };
}

function snowflakeEnvironment(login: Login, port: number): Readonly<Record<string, string>> {
  return {
    SNOWFLAKE_ACCOUNT: "emulator",
    SNOWFLAKE_USER: login.user,
    ...secretOf(login),
    SNOWFLAKE_ROLE: login.roles[0] ?? "LOADER",
    SNOWFLAKE_WAREHOUSE: "EMULATED",
    SNOWFLAKE_DATABASE: DATABASE,
    SNOWFLAKE_SCHEMA: "PUBLIC",
    SNOWFLAKE_HOST: HOST,
    SNOWFLAKE_PORT: String(port),
    SNOWFLAKE_PROTOCOL: "http",
  };
}

/** The private half of a key pair is with whoever made it. */
function secretOf({ credential }: Login): Readonly<Record<string, string>> {
  switch (credential.kind) {
    case "password":
      return { SNOWFLAKE_PASSWORD: credential.password };
    case "oauth":
    case "access-token":
      return { SNOWFLAKE_TOKEN: credential.token };
    case "key-pair":
      return {};
  }
}
