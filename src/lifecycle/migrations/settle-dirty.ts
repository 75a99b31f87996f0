import { DadosferaError } from "../../domain/errors.js";
import { type Migration, migrationLabel } from "../../domain/migration.js";
import * as refusals from "../../domain/migration-refusals.js";
import { appliedFiles, dirtyFile, type PlannedFile } from "../../domain/planned-files.js";
import { parseStatements } from "../../hasura/sql/statements.js";
import type { Context } from "../context.js";
import { type Place, type Sight, withoutDirty } from "./look.js";

/**
 * Finds out whether a migration that was begun has been carried out, by comparing the live database with what it would be before
 * and after, and writes what is true. @throws `MIGRATION_DIRTY` where that is unclear.
 */
export async function settleDirty(
  place: Place,
  sight: Sight,
  versions: readonly string[],
  context: Context,
): Promise<void> {
  const { doors, report } = context;
  const [version = "", ...more] = versions;
  const migration = dirtyMigration(version, place, sight);
  if (migration === undefined) {
    throw await unclear({ version }, place, ["neither the folder nor a squash in it knows it"]);
  }
  // This resource runs one at a time; several are somebody else's, and every combination would have to be tried.
  if (more.length > 0) throw await unclear(migration, place, [`${more.join(", ")} is dirty, too`]);
  await outlast(migration, place, context);
  const known = { ...sight.request, state: withoutDirty(sight.request.state) };
  const settlement = await doors.migrations.settle({
    folder: place.folder,
    migration,
    earlier: appliedFiles(sight.folds, known).map((file) => readFile(file, place, sight)),
    query: (select, settings) =>
      place.hasura.queryRows(select, {
        settings,
        source: place.source,
        intent: `compare database "${place.source}" with migration ${migrationLabel(migration)}`,
      }),
  });
  const label = migrationLabel(migration);
  switch (settlement.kind) {
    case "applied":
      report.info(`migration ${label} was begun and not recorded: it is applied`);
      return place.states.write({ set: { [version]: false } });
    case "not applied":
      report.info(`migration ${label} was begun and not carried out`);
      return place.states.write({ remove: [version] });
    case "unclear":
      throw await unclear(migration, place, settlement.differences);
  }
}

/** Whoever sent it may be gone while the database still runs it: until then it looks as if it had not been carried out. */
async function outlast(migration: Migration, place: Place, context: Context): Promise<void> {
  const { hasura, source } = place;
  const texts = [migration.up?.sql, migration.down?.sql].filter((sql) => sql !== undefined);
  if (texts.length === 0) return;
  const label = migrationLabel(migration);
  const select = `
    SELECT count(*)::text AS running FROM pg_catalog.pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
      AND left(query, ${LOOKED_AT}) IN (${texts.map((sql) => literal(sql.slice(0, LOOKED_AT))).join(", ")})`;
  const intent = `look whether migration ${label} is still running`;
  for (;;) {
    const [row] = await hasura.queryRows(select, { source, intent });
    if (row?.["running"] === "0") return;
    context.report.progress(`migration ${label} is still running in the database`);
    await context.clock.wait(LOOK_MS, context.signal);
  }
}

/** PostgreSQL keeps the beginning of a query's text, 1024 bytes unless it is set otherwise. */
const LOOKED_AT = 200;
const LOOK_MS = 500;

/** Without regard to whether a backslash escapes: the SQL of a migration may hold any. */
function literal(text: string): string {
  return `E'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

function dirtyMigration(version: string, place: Place, sight: Sight): Migration | undefined {
  const file = dirtyFile(version, sight.folds, sight.request);
  return file && readFile(file, place, sight);
}

function readFile(file: PlannedFile, { folder }: Place, { parts }: Sight): Migration {
  if (file.kind === "part") {
    const { version, name, up } = file.part;
    const found = parts.get(up);
    if (found === undefined) throw new DadosferaError(refusals.partsLost(file.of, [file.part]));
    return { ...found, version, name };
  }
  const { version } = file.migration;
  const found = folder.migrations.find((migration) => migration.version === version);
  if (found === undefined) throw new RangeError(`the folder has no version ${version}`);
  return found;
}

async function unclear(
  { version, name, up }: Pick<Migration, "version"> & Partial<Migration>,
  { source, hasura }: Place,
  differences: readonly string[],
): Promise<DadosferaError> {
  const label = name === undefined ? version : migrationLabel({ version, name });
  const { statements = [] } = await parseStatements(up?.sql ?? "");
  const tables = [...new Set(statements.flatMap(({ touches }) => touches))].join(", ");
  const what =
    up === undefined || tables === "" ? "the database" : `${tables} with what ${up.path} does`;
  return new DadosferaError({
    code: "MIGRATION_DIRTY",
    happened: `Cannot tell whether migration ${label} of database "${source}" was carried out: ${differences.join("; ")}.`,
    now: `It was begun, and Hasura (${hasura.endpoint}) has it as dirty; nothing else was done.`,
    next: `Compare ${what} by hand, then say which it is: \`hasura migrate apply --skip-execution --version ${version} --type up\` if it is applied, \`--type down\` if it is not.`,
  });
}
