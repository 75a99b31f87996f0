import { isDadosferaError } from "#src/domain/errors.js";
import { jobIdAt, type PipelineId, pipelineId } from "#src/domain/job-id.js";
import { type EmulatorOptions, startEmulator } from "#src/emulator/emulator.js";
import { MaestroClient } from "#src/maestro/client.js";
import type { JobCreate, PipelineCreate, SyncMode } from "#src/maestro/records.js";
import { parseMaestroSettings } from "#src/maestro/settings.js";
import { type Exchange, startRecorder } from "./exchange.js";

/** A client at work, with all that went over its wire. */
export interface PlayedClient extends AsyncDisposable {
  readonly client: MaestroClient;
  readonly exchanges: readonly Exchange[];
  /** Names of the client's methods that were called. */
  readonly called: ReadonlySet<string>;
  /** The code of the error that a call ends with, or `done`. */
  outcome(call: Promise<unknown>): Promise<string>;
  /** Ends when no run is in progress. */
  idle(): Promise<void>;
  /** The access token is no good any more, the refresh token still is. */
  expireToken(): void;
}

export async function startPlayedClient(
  options: EmulatorOptions & { readonly password?: string } = {},
): Promise<PlayedClient> {
  const emulator = await startEmulator({ seed: "caso-1", ...options });
  const recorder = await startRecorder(emulator.maestroUrl);
  const { DADOSFERA_USERNAME: username, DADOSFERA_PASSWORD } = emulator.environment;
  const { apiKey, totpSecret, password = DADOSFERA_PASSWORD } = options;
  const customerName = apiKey === undefined ? undefined : "exemplo-varejo";
  const identity = apiKey === undefined ? { username, password, totpSecret } : { apiKey };
  const client = new MaestroClient(
    parseMaestroSettings({ baseUrl: recorder.url, customerName, ...identity }),
  );
  const called = new Set<string>();
  return {
    client: listened(client, called),
    exchanges: recorder.exchanges,
    called,
    outcome: (call) =>
      call.then(
        () => "done",
        (error: unknown) => (isDadosferaError(error) ? error.code : String(error)),
      ),
    idle: () => emulator.runs.idle(),
    expireToken: () => emulator.clock.advance(31 * 60_000),
    async [Symbol.asyncDispose]() {
      await client.close();
      await recorder[Symbol.asyncDispose]();
      await emulator[Symbol.asyncDispose]();
    },
  };
}

/** Every method that the client offers, but for its end. */
export function methodsOfClient(): readonly string[] {
  return Object.entries(Object.getOwnPropertyDescriptors(MaestroClient.prototype))
    .filter(([name, { value }]) => typeof value === "function" && name !== "constructor")
    .map(([name]) => name)
    .filter((name) => name !== "close");
}

/** An id that nobody has. */
export const UNKNOWN = pipelineId.parse("00000000-0000-4000-8000-000000000000");

export const QUALIFY: SyncMode = {
  targetLoadType: "incremental_with_qualify",
  incrementalColumnName: "updated_at",
  incrementalColumnType: "timestamp",
  primaryKeys: ["id"],
};

/** A pipeline of two jobs on one source: one lists its columns and names its tables, the other takes what there is. */
export function ordersPipeline(id: PipelineId, name: string): PipelineCreate {
  return {
    id,
    name,
    description: "Pedidos por dia",
    cron: "15 3 * * *",
    jobs: [incrementalJob, fullJob],
  };
}

export const firstJobOf = (id: PipelineId) => jobIdAt(id, 0);

const source = {
  connector: "jdbc",
  plugin: "mysql",
  tableSchema: "cadastros",
  tableName: "pedidos",
  authParameters: {
    authType: "connection_manager",
    configId: "1763991009206_kvpd3364_mysql-1.0.0",
  },
} as const;

const incrementalJob: JobCreate = {
  input: {
    ...source,
    loadType: "incremental",
    incrementalColumnName: "updated_at",
    incrementalColumnType: "timestamp",
    columnIncludeList: ["id", "updated_at"],
    memoryAllocationMb: 4096,
    networkConfig: null,
  },
  transformations: [],
  output: {
    plugin: "dadosfera_snowflake",
    raw: { tableName: "PEDIDOS_BRUTO", tableSchema: "BRONZE" },
    qualify: { tableName: "PEDIDOS", tableSchema: "PRATA" },
  },
};

const fullJob: JobCreate = {
  input: { ...source, loadType: "full_load", columnIncludeList: null },
  transformations: [],
  output: { plugin: "dadosfera_snowflake" },
};

function listened(client: MaestroClient, called: Set<string>): MaestroClient {
  return new Proxy(client, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      called.add(String(name));
      return member.bind(target);
    },
  });
}
