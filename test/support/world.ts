import type { dynamic } from "@pulumi/pulumi";
import { type Emulator, type EmulatorOptions, startEmulator } from "pulumi-dadosfera/testing";
import { ProviderProcess } from "#src/adapter/process.js";
import { type Providers, providersOf } from "#src/adapter/provider.js";
import { readSettings } from "#src/adapter/settings.js";
import { pipelineId } from "#src/domain/job-id.js";
import { type Clock, systemClock } from "#src/maestro/clock.js";

/** The pipeline of the seed `caso-1`, and where its rows go. */
export const PIPELINE = "7b8b3399-b8c0-4fc5-9116-142cd9f4e7ae";
export const JOB = `${PIPELINE}-0`;
export const TABLE = "PUBLIC.TB__XQFU8G__CADASTROS__PEDIDOS";
const URN = "urn:pulumi:dev::test::pulumi-nodejs:dynamic/dadosfera";

export type Props = Record<string, unknown>;

const SEEDED = { seed: "caso-1" } as const;

/** A message that the provider showed in the engine. */
interface Shown {
  readonly severity: "info" | "warning";
  readonly text: string;
  readonly isEphemeral: boolean;
}

/** One provider process, set to use an emulator: what one `pulumi up` starts. */
interface Up extends AsyncDisposable {
  readonly providers: Providers;
  readonly shown: readonly Shown[];
  readonly process: ProviderProcess;
  /** `check` and then `create`, as the engine does. */
  create(resource: "Pipeline" | "Job", news: Props): Promise<dynamic.CreateResult>;
  /**
   * `check`, `diff`, and then `update` if there is a difference; answers the outputs that the state would hold.
   * The inputs that a state holds beside the outputs need to be given only where they differ.
   */
  update(resource: "Pipeline" | "Job", olds: Props, news: Props, oldInputs?: Props): Promise<Props>;
}

/** An emulator, and a provider that is set to use it: the whole product but Pulumi's engine. */
export interface World extends Up {
  readonly emulator: Emulator;
  /** Another provider process on the same emulator: the next `pulumi up`, or somebody else's with settings of theirs. */
  another(settings?: Readonly<Record<string, string>>): Up;
  /** Runs the pipeline once, as a schedule or a person would. */
  run(): Promise<void>;
  /** Every row of a table, in a stable order. */
  rows(table?: string, order?: string): Promise<Record<string, unknown>[]>;
}

/**
 * Starts a world. Settings given here go before those of the emulator; empty ones are as if not set. `clockOf` gives the
 * provider another clock than the system's.
 */
export async function startWorld(
  options: EmulatorOptions = {},
  settings: Readonly<Record<string, string>> = {},
  clockOf: (emulator: Emulator) => Clock = () => systemClock,
): Promise<World> {
  const emulator = await startEmulator({ ...(options.source === undefined && SEEDED), ...options });
  const environment = { DADOSFERA_POLL_INTERVAL_MS: "5", ...emulator.environment, ...settings };
  const ups: Up[] = [];
  const another = (theirs: Readonly<Record<string, string>> = {}) => {
    const up = openUp({ ...environment, ...theirs }, clockOf(emulator));
    ups.push(up);
    return up;
  };
  const world: World = {
    ...another(),
    emulator,
    another,
    run: () => runOnce(world),
    rows: (table = TABLE, order = "ID, UPDATED_AT") =>
      emulator.warehouse.rows(`SELECT * FROM ${table} ORDER BY ${order}`) as Promise<
        Record<string, unknown>[]
      >,
    async [Symbol.asyncDispose]() {
      for (const up of ups) await up[Symbol.asyncDispose]();
      await emulator[Symbol.asyncDispose]();
    },
  };
  return world;
}

function openUp(environment: Readonly<Record<string, string>>, clock: Clock): Up {
  const shown: Shown[] = [];
  const log = {
    show: (severity: "info" | "warning", text: string, _urn: string, isEphemeral: boolean) =>
      void shown.push({ severity, text, isEphemeral }),
    flushed: async () => undefined,
  };
  const process = new ProviderProcess(
    readSettings(environment, () => undefined),
    log,
    clock,
  );
  const providers = providersOf(() => process);
  return {
    providers,
    shown,
    process,
    async create(resource, news) {
      const inputs = await checked(providers[resource], {}, news);
      return create(providers[resource], inputs);
    },
    async update(resource, olds, news, oldInputs = inputsOf(olds)) {
      const inputs = await checked(providers[resource], oldInputs, news);
      const difference = await providers[resource].diff?.("id", olds, inputs);
      if (difference?.changes !== true) return olds;
      const result = await providers[resource].update?.("id", olds, inputs);
      return result?.outs as Props;
    },
    [Symbol.asyncDispose]: () => process.close(),
  };
}

/** A pipeline over `cadastros.pedidos`, as a program describes it. */
export function aPipeline(changes: Props = {}): Props {
  return {
    pipelineId: PIPELINE,
    name: "Orders",
    description: "tabela pedidos",
    cron: "@once",
    jobs: [created(aJob())],
    __dadosfera: { urn: `${URN}:Pipeline::orders`, organization: "organization" },
    ...changes,
  };
}

/** A job as its pipeline's program describes it. */
export function created({ input, output, primaryKeys }: Props): Props {
  return { input, output, ...(primaryKeys !== undefined && { primaryKeys }) };
}

/** The job of that pipeline; `input` is merged, everything else replaced. */
export function aJob({ input, ...changes }: Props & { readonly input?: Props } = {}): Props {
  return {
    jobId: JOB,
    input: {
      connector: "jdbc",
      plugin: "mysql",
      tableSchema: "cadastros",
      tableName: "pedidos",
      loadType: "incremental",
      incrementalColumnName: "updated_at",
      incrementalColumnType: "timestamp",
      columnIncludeList: ["id", "cliente_id", "valor", "status", "created_at", "updated_at"],
      authParameters: {
        authType: "connection_manager",
        configId: "1763991009206_kvpd3364_mysql-1.0.0",
      },
      ...input,
    },
    output: { plugin: "dadosfera_snowflake" },
    primaryKeys: ["id"],
    __dadosfera: { urn: `${URN}:Job::orders-cadastros-pedidos` },
    ...changes,
  };
}

/** The same job with `telefone`, and a backfill for it. */
export function withTelefone(
  rows: unknown = { after: "2025-12-17 16:49:00" },
  changes: Props = {},
): Props {
  const job = aJob();
  const input = job["input"] as Props;
  const columns = [...(input["columnIncludeList"] as string[]), "telefone"];
  return {
    ...job,
    input: { ...input, columnIncludeList: columns },
    backfill: { columns: ["telefone"], rows, strategy: "delete-first" },
    ...changes,
  };
}

/** The world as it stands before the column change of the walkthrough: created, loaded, the source changed, loaded again. */
export async function startLoadedWorld(
  options: EmulatorOptions = {},
  settings: Readonly<Record<string, string>> = {},
): Promise<World & { readonly job: Props }> {
  const world = await startWorld(options, settings);
  await world.create("Pipeline", aPipeline());
  const { outs } = await world.create("Job", aJob());
  await world.emulator.source.run("ALTER TABLE cadastros.pedidos ADD COLUMN telefone VARCHAR(20)");
  await world.emulator.source.run(
    "UPDATE cadastros.pedidos SET telefone = '1199999000' || id, updated_at = TIMESTAMP '2025-12-17 16:50:00' + INTERVAL (id) SECOND",
  );
  await world.run();
  return Object.assign(world, { job: outs as Props });
}

/** A check's failures, or nothing: the reasons as one text. */
export async function failuresOf(
  world: World,
  resource: "Pipeline" | "Job",
  olds: Props,
  news: Props,
): Promise<string> {
  const result = await world.providers[resource].check?.(olds, news);
  return (result?.failures ?? []).map((failure) => failure.reason).join("\n");
}

async function checked(
  provider: dynamic.ResourceProvider,
  olds: Props,
  news: Props,
): Promise<Props> {
  const result = await provider.check?.(olds, news);
  const failures = result?.failures ?? [];
  if (failures.length > 0) throw new Error(failures.map((failure) => failure.reason).join("\n"));
  // As the SDK does: what the state keeps of the provider passes every verb.
  return {
    ...(result?.inputs as Props),
    ...("__provider" in news && { __provider: news["__provider"] }),
  };
}

/** Pulumi hands `check` the old inputs; a state holds them apart from what is only an output. */
function inputsOf({
  extraColumns: _extra,
  lastChange: _last,
  isHalfMade: _half,
  isAdopted: _adopted,
  ...inputs
}: Props): Props {
  return inputs;
}

function create(provider: dynamic.ResourceProvider, inputs: Props): Promise<dynamic.CreateResult> {
  return provider.create(inputs);
}

async function runOnce({ process, emulator }: World): Promise<void> {
  await process.contextOf("").doors.maestro.executePipeline(pipelineId.parse(PIPELINE));
  await emulator.runs.idle();
}
