import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Emulator } from "pulumi-dadosfera/testing";
import { ProviderProcess } from "#src/adapter/process.js";
import { providersOf } from "#src/adapter/provider.js";
import { readSettings } from "#src/adapter/settings.js";
import type { Proving } from "#src/lifecycle/migrations/doors.js";
import { systemClock } from "#src/maestro/clock.js";
import type { Props } from "./world.js";

/** The up and the down of each migration, by its folder's name; other files by theirs. */
export type FolderText = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A Hasura project of config v3 with one database, in a folder of its own. */
export async function aProject(
  migrations: FolderText,
  database = "default",
): Promise<AsyncDisposable & { readonly directory: string }> {
  const directory = await mkdtemp(join(tmpdir(), "migration-history-"));
  await writeFile(join(directory, "config.yaml"), "version: 3\n");
  await mkdir(join(directory, "migrations", database), { recursive: true });
  await writeMigrations(directory, migrations, database);
  return {
    directory,
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

export async function writeMigrations(
  directory: string,
  migrations: FolderText,
  database = "default",
): Promise<void> {
  for (const [name, files] of Object.entries(migrations)) {
    const folder = join(directory, "migrations", database, name);
    await mkdir(folder, { recursive: true });
    for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
  }
}

export async function removeMigration(directory: string, name: string): Promise<void> {
  await rm(join(directory, "migrations", "default", name), { recursive: true });
}

/** One provider process that is told of Hasura alone. */
export interface HistoryUp {
  readonly shown: readonly string[];
  /** What `check` refuses, as one text; the inputs it made. */
  check(
    news: Props,
    oldInputs?: Props,
  ): Promise<{ readonly inputs: Props; readonly refusals: string }>;
  /** What one `pulumi up` does; answers the outputs that the state would hold. Without `olds` the resource is new. */
  up(news: Props, olds?: Props): Promise<Props>;
  /** `create` alone, of inputs that `check` made. */
  create(inputs: Props): Promise<Props>;
  diff(olds: Props, news: Props): Promise<boolean>;
  read(olds: Props): Promise<Props>;
  destroy(olds: Props): Promise<void>;
}

/** `proving` stands for the scratch database. */
export function openHistory(
  { environment }: Pick<Emulator, "environment">,
  proving: Partial<Proving> = {},
): HistoryUp {
  const shown: string[] = [];
  const log = {
    show: (_severity: string, text: string, _urn: string, isEphemeral: boolean) =>
      void (isEphemeral || shown.push(text)),
    flushed: async () => undefined,
  };
  const { HASURA_GRAPHQL_ADMIN_SECRET = "" } = environment;
  const settings = readSettings({ HASURA_GRAPHQL_ADMIN_SECRET }, () => undefined);
  const process = new ProviderProcess(settings, log, systemClock, { ...untried, ...proving });
  const { MigrationHistory: provider } = providersOf(() => process);
  const check = async (news: Props, oldInputs: Props = {}) => {
    const result = await provider.check?.(oldInputs, news);
    const refusals = (result?.failures ?? []).map(({ reason }) => reason).join("\n");
    return { inputs: result?.inputs as Props, refusals };
  };
  const checked = async (news: Props, oldInputs: Props = {}) => {
    const { inputs, refusals } = await check(news, oldInputs);
    if (refusals !== "") throw new Error(refusals);
    return inputs;
  };
  return {
    shown,
    check,
    create: async (inputs) => (await provider.create(inputs)).outs as Props,
    diff: async (olds, news) =>
      (await provider.diff?.("id", olds, await checked(news, inputsOf(olds))))?.changes === true,
    async up(news, olds) {
      if (olds === undefined) return (await provider.create(await checked(news))).outs as Props;
      const inputs = await checked(news, inputsOf(olds));
      if ((await provider.diff?.("id", olds, inputs))?.changes !== true) return olds;
      return (await provider.update?.("id", olds, inputs))?.outs as Props;
    },
    read: async (olds) => (await provider.read?.("id", olds))?.props as Props,
    destroy: async (olds) => provider.delete?.("id", olds),
  };
}

export function aHistory(emulator: Emulator, directory: string, changes: Props = {}): Props {
  return {
    endpoint: emulator.hasura.url,
    directory,
    __dadosfera: {
      urn: "urn:pulumi:dev::test::pulumi-nodejs:dynamic/dadosfera:MigrationHistory::source",
    },
    ...changes,
  };
}

const untried: Proving = {
  settle: async () => ({ kind: "unclear", differences: ["nobody was asked"] }),
  forecast: async () => undefined,
  doubtsOfDown: async () => [],
};

function inputsOf({ versions: _versions, ...inputs }: Props): Props {
  return inputs;
}
