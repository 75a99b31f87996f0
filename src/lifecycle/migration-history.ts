import { canonicalJson } from "../domain/canonical-json.js";
import { DadosferaError, isDadosferaError, type Trouble } from "../domain/errors.js";
import {
  type HistoryInputs,
  type HistoryNews,
  type HistoryOutputs,
  historyInputs,
  shortHash,
} from "../domain/migration-history.js";
import type { MigrationFolder } from "../hasura/folder/folder.js";
import type { Context } from "./context.js";
import type { Checked, FileLifecycle } from "./lifecycle.js";
import { liveTables } from "./migrations/live-tables.js";
import { openPlace, type Place, unreadableSquashes } from "./migrations/look.js";
import { migrate, refusedFor } from "./migrations/migrate.js";
import { look, lookIfThere } from "./migrations/preview.js";

type Versions = HistoryOutputs["versions"];

/** The life of a MigrationHistory: what the migrations of one database behind Hasura are. */
export const migrationHistory: FileLifecycle<HistoryNews, HistoryInputs, HistoryOutputs> = {
  checkFiles,
  diff,
  show,
  create,
  read,
  update,
  delete: remove,
};

/** Reads the folder, so that a preview knows what stands in it. */
async function checkFiles(
  olds: HistoryInputs | undefined,
  news: HistoryNews,
  contextOf: () => Promise<Context>,
): Promise<Checked<HistoryInputs>> {
  const context = await contextOf();
  const { readFolder, forecast } = context.doors.migrations;
  try {
    const folder = await readFolder(news.directory, news.database);
    const told = { ...news, database: folder.database, migrations: migrationsOf(folder) };
    // A replay takes seconds, and would say the same again; also that nothing can be foreseen.
    const tables = isSame(olds, told) ? olds?.tables : await forecast(folder, news.target);
    const inputs = { ...told, ...(tables !== undefined && { tables }) };
    const refusals = [...unreadableSquashes(folder), ...databaseRefusals(olds, inputs)];
    if (refusals.length > 0 || olds !== undefined) return { inputs, refusals };
    // Nobody calls `diff` for a new resource.
    return { inputs, refusals: await lookIfThere(inputs, context) };
  } catch (error) {
    if (!isDadosferaError(error)) throw error;
    return {
      inputs: { ...news, database: news.database ?? "", migrations: [] },
      refusals: [error],
    };
  }
}

function isSame(olds: HistoryInputs | undefined, news: HistoryInputs): boolean {
  return olds?.target === news.target && sameMigrations(olds?.migrations, news.migrations);
}

function sameMigrations(one: unknown, other: HistoryInputs["migrations"]): boolean {
  return one !== undefined && canonicalJson(one) === canonicalJson(other);
}

async function diff(olds: HistoryOutputs, news: HistoryInputs): Promise<boolean> {
  const isOther = COMPARED.some(
    (key) => canonicalJson(olds[key] ?? null) !== canonicalJson(news[key] ?? null),
  );
  if (isOther) return true;
  const applied = new Set(olds.versions.map(({ version }) => version));
  const wanted = wantedOf(news);
  return wanted.length !== applied.size || wanted.some((version) => !applied.has(version));
}

/** What is foreseen of tables is left out: it follows from the migrations, and says more than the database will. */
const COMPARED = [
  "endpoint",
  "database",
  "directory",
  "target",
  "onDestroy",
  "partlyApplied",
  "allowProofOf",
  "migrations",
] as const;

async function show(olds: HistoryOutputs, news: HistoryInputs, context: Context): Promise<void> {
  const refusals = await look(news, olds.versions, context);
  if (refusals.length > 0) throw refusedFor(refusals);
}

async function create(inputs: HistoryInputs, context: Context) {
  const outputs = await apply(inputs, [], context);
  return { id: `${inputs.database}@${new URL(inputs.endpoint).host}`, outputs };
}

async function read(outputs: HistoryOutputs, context: Context) {
  const place = await openPlace(outputs, context);
  const inputs = inputsOf(outputs);
  const state = await place.states.read();
  const dirty = [...state].filter(([, isDirty]) => isDirty).map(([version]) => version);
  if (dirty.length > 0) {
    context.report.warning(
      `${dirty.join(", ")} is dirty: the next \`pulumi up\` finds out whether it was carried out`,
    );
  }
  const clean = [...state.keys()].filter((version) => !dirty.includes(version));
  const versions = clean.map(
    (version) => outputs.versions.find((one) => one.version === version) ?? { version },
  );
  return { inputs, outputs: { ...outputs, versions, tables: await liveTables(place) } };
}

function update(
  olds: HistoryOutputs,
  news: HistoryInputs,
  context: Context,
): Promise<HistoryOutputs> {
  return apply(news, olds.versions, context);
}

async function remove(outputs: HistoryOutputs, context: Context): Promise<void> {
  if (outputs.onDestroy !== "down") {
    return context.report.info(
      'forgotten, and left as it is in the database (`onDestroy: "down"` would take every migration back)',
    );
  }
  const wanted = { ...outputs, target: null };
  const place = await openPlace(wanted, context);
  await inTurn(place, context, () => migrate(place, wanted, outputs.versions, context));
}

async function apply(
  inputs: HistoryInputs,
  versions: Versions,
  context: Context,
): Promise<HistoryOutputs> {
  const place = await openPlace(inputs, context);
  refuseMovedFiles(place.folder, inputs);
  await inTurn(place, context, () => migrate(place, inputs, versions, context));
  await reportInconsistencies(place, context);
  return {
    ...inputs,
    versions: inputs.migrations
      .filter(({ version }) => wantedOf(inputs).includes(version))
      .map(({ version, name, up }) => ({ version, name, ...(up !== undefined && { up }) })),
    tables: await liveTables(place),
  };
}

/** What was wanted is done: metadata that no longer fits is for people to mend. */
async function reportInconsistencies({ hasura }: Place, { report }: Context): Promise<void> {
  try {
    await hasura.reloadMetadata();
    for (const words of await hasura.inconsistencies())
      report.warning(`Hasura's metadata: ${words}`);
  } catch (error) {
    if (!isDadosferaError(error)) throw error;
    report.warning(
      `the migrations are applied, but metadata could not be looked at: ${error.happened}`,
    );
  }
}

function inTurn<T>(
  { hasura, source }: Place,
  context: Context,
  work: () => Promise<T>,
): Promise<T> {
  return context.inTurn({ pipelineId: `${hasura.endpoint} ${source}` }, work);
}

function migrationsOf({ migrations }: MigrationFolder): HistoryInputs["migrations"] {
  return migrations.map(({ version, name, up, down }) => ({
    version,
    name,
    ...(up !== undefined && { up: shortHash(up.hash) }),
    ...(down !== undefined && { down: shortHash(down.hash) }),
  }));
}

function wantedOf({
  migrations,
  target,
}: Pick<HistoryInputs, "migrations" | "target">): readonly string[] {
  const versions = migrations.map(({ version }) => version);
  return target === undefined
    ? versions
    : versions.filter((version) => BigInt(version) <= BigInt(target));
}

/** The state of another database would be taken for this one's. */
function databaseRefusals(
  olds: HistoryInputs | undefined,
  news: HistoryInputs,
): readonly Trouble[] {
  if (olds === undefined || olds.database === news.database) return [];
  return [
    {
      code: "CHANGE_REFUSED",
      happened: `Will not turn the history of database "${olds.database}" into that of "${news.database}".`,
      now: "Nothing was changed.",
      next: "Give the other database a MigrationHistory of its own; destroying this one leaves its database as it is.",
    },
  ];
}

/** What runs is what was shown. */
function refuseMovedFiles(folder: MigrationFolder, { migrations, directory }: HistoryInputs): void {
  if (sameMigrations(migrationsOf(folder), migrations)) return;
  throw new DadosferaError({
    code: "MIGRATION_EDITED",
    happened: `Did not migrate: the files in ${directory} changed since this command looked at them.`,
    now: "Nothing was changed.",
    next: "Run the same command again.",
  });
}

function inputsOf(outputs: HistoryOutputs): HistoryInputs {
  const known = Object.keys(historyInputs.unwrap().shape);
  return historyInputs.parse(
    Object.fromEntries(Object.entries(outputs).filter(([key]) => known.includes(key))),
  );
}
