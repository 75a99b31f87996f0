import { DuckDBInstance } from "@duckdb/node-api";
import { TurnableClock } from "./clock.js";
import { extractor } from "./extraction.js";
import { Faults } from "./faults.js";
import type { HasuraServer } from "./hasura/hasura.js";
import type { HasuraOptions } from "./hasura/settings.js";
import type { Account } from "./maestro/accounts.js";
import { type EmulatedMaestro, openMaestro } from "./maestro/maestro.js";
import { defaultSwitches, type Switches } from "./maestro/switches.js";
import type { RequestRecord } from "./message.js";
import { openSourceServer } from "./open-source-server.js";
import { postgresSource } from "./postgres/source.js";
import { SEEDS, type SeedName } from "./seeds.js";
import { Source } from "./source.js";
import type { SourceServer } from "./source-server.js";
import type { Login } from "./warehouse/logins.js";
import { type EmulatedWarehouse, openWarehouse } from "./warehouse/warehouse.js";

export interface WorldOptions {
  readonly accounts: readonly Account[];
  readonly logins: readonly Login[];
  readonly database: string;
  readonly switches?: Partial<Switches>;
  readonly runMs?: number;
  readonly requestsPerSecond?: number;
  readonly waitersPerTable?: number;
  readonly seed?: SeedName;
  readonly hasura?: HasuraOptions;
  readonly source?: string;
  readonly onRequest?: (request: RequestRecord) => void;
}

/** Everything that an emulator remembers, and forgets when it is reset. */
export interface World extends AsyncDisposable {
  readonly clock: TurnableClock;
  readonly source: Source;
  readonly warehouse: EmulatedWarehouse;
  readonly maestro: EmulatedMaestro;
  readonly hasura: HasuraServer | undefined;
  readonly faults: Faults;
  readonly requests: readonly RequestRecord[];
}

/** More of them cost a sixth more time, for tables as small as those of a demo or a test. */
const THREADS = "1";

export async function openWorld(options: WorldOptions): Promise<World> {
  const clock = new TurnableClock();
  const server = await openSourceIfAsked(options);
  const duckdb = await DuckDBInstance.create(":memory:", { threads: THREADS });
  const source = await Source.attach(duckdb);
  const { accounts, requestsPerSecond, waitersPerTable } = options;
  const warehouse = await openWarehouse({
    duckdb,
    ...(waitersPerTable === undefined ? {} : { waitersPerTable }),
    database: options.database,
    logins: options.logins,
    clock: () => new Date(clock.now()),
  });
  const switches = { ...defaultSwitches, ...options.switches };
  const faults = new Faults();
  const hasura = await openHasuraIfAsked(options, clock);
  const requests: RequestRecord[] = [];
  const maestro = openMaestro({
    clock,
    extract: extractor(
      source,
      warehouse.loader,
      switches,
      server ?? (hasura && postgresSource(hasura.postgres)),
    ),
    accounts,
    faults,
    switches,
    runMs: options.runMs ?? 0,
    ...(requestsPerSecond === undefined ? {} : { requestsPerSecond }),
    onRequest: (request) => {
      requests.push(request);
      options.onRequest?.(request);
    },
  });
  if (options.seed !== undefined) await SEEDS[options.seed](source);
  return {
    clock,
    source,
    warehouse,
    maestro,
    hasura,
    faults,
    requests,
    async [Symbol.asyncDispose]() {
      await maestro[Symbol.asyncDispose]();
      await hasura?.[Symbol.asyncDispose]();
      await server?.[Symbol.asyncDispose]();
      await warehouse[Symbol.asyncDispose]();
      source[Symbol.dispose]();
      duckdb.closeSync();
    },
  };
}

/** Loaded only where it is asked for. */
async function openHasuraIfAsked(
  { hasura }: WorldOptions,
  clock: TurnableClock,
): Promise<HasuraServer | undefined> {
  if (hasura === undefined) return undefined;
  const { openHasura } = await import("./hasura/hasura.js");
  return openHasura(hasura, clock);
}

async function openSourceIfAsked({
  source,
  hasura,
  seed,
}: WorldOptions): Promise<(SourceServer & AsyncDisposable) | undefined> {
  if (source === undefined) return undefined;
  if (hasura !== undefined)
    throw new Error("The pipelines' source is Hasura's database, or `source`: not both");
  if (seed !== undefined)
    throw new Error("A `seed` fills the emulator's own source, not a server's");
  return openSourceServer(source);
}
