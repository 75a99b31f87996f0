import { DadosferaError } from "../../domain/errors.js";
import { type Migration, migrationLabel } from "../../domain/migration.js";
import type { Context } from "../context.js";
import type { Place, Sight } from "./look.js";

/**
 * Finds out whether a migration that was begun has been carried out, by comparing the live database with what it would be before
 * and after, and writes what is true. @throws `MIGRATION_DIRTY` where that is unclear.
 */
export async function settleDirty(
  place: Place,
  sight: Sight,
  versions: readonly string[],
  { doors, report }: Context,
): Promise<void> {
  const [version = "", ...more] = versions;
  const migration = dirtyMigration(version, place, sight);
  // This resource runs one at a time; several are somebody else's, and every combination would have to be tried.
  if (more.length > 0) throw unclear(migration, place, [`${more.join(", ")} is dirty, too`]);
  const { state } = sight.request;
  const settlement = await doors.migrations.settle({
    folder: place.folder,
    migration,
    applied: [...state].filter(([, isDirty]) => !isDirty).map(([one]) => one),
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
      throw unclear(migration, place, settlement.differences);
  }
}

/** A squash may carry the version of its last part: while other parts are listed, it is the part that was begun. */
function dirtyMigration(version: string, { folder }: Place, { request, parts }: Sight): Migration {
  const record = request.squashes.get(version);
  const isPart = record?.replaces.some(
    (part) => part.version !== version && request.state.has(part.version),
  );
  const part = parts.get(version);
  if (isPart === true && part !== undefined) return part;
  const found = folder.migrations.find((migration) => migration.version === version) ?? part;
  return found ?? { version, name: "" };
}

function unclear(
  migration: Migration,
  { source, hasura }: Place,
  differences: readonly string[],
): DadosferaError {
  return new DadosferaError({
    code: "MIGRATION_DIRTY",
    happened: `Cannot tell whether migration ${migrationLabel(migration)} of database "${source}" was carried out: ${differences.join("; ")}.`,
    now: `It was begun, and Hasura (${hasura.endpoint}) has it as dirty; nothing else was done.`,
    next: `Compare the database by hand, then say which it is: \`hasura migrate apply --skip-execution --version ${migration.version} --type up\` if it is applied, \`--type down\` if it is not.`,
  });
}
