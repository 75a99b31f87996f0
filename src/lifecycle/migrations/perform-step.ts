import { DadosferaError, isDadosferaError } from "../../domain/errors.js";
import { type Migration, migrationLabel, type SqlFile } from "../../domain/migration.js";
import type { MigrationStep } from "../../domain/migration-plan.js";
import type { Place, Sight } from "./look.js";

/** Carries out one step. Before SQL runs, its version is marked dirty; only when it is known to have ended is that taken back. */
export async function performStep(place: Place, step: MigrationStep, sight: Sight): Promise<void> {
  const { version } = step;
  switch (step.kind) {
    case "mark":
      return place.states.write({ set: { [version]: false }, remove: step.unmark });
    case "run-up":
      await place.states.write({ set: { [version]: true }, absent: version });
      await run(place, step, sight, () => place.states.write({ remove: [version] }));
      return place.states.write({ set: { [version]: false } });
    case "run-down":
      await place.states.write({ set: { [version]: true } });
      await run(place, step, sight, () => place.states.write({ set: { [version]: false } }));
      return place.states.write({ remove: [version] });
  }
}

async function run(
  place: Place,
  step: Exclude<MigrationStep, { kind: "mark" }>,
  sight: Sight,
  takeBack: () => Promise<void>,
): Promise<void> {
  const file = fileOf(step, place, sight);
  const verb = step.kind === "run-up" ? "run" : "take back";
  const intent = `${verb} migration ${migrationLabel(step)}`;
  try {
    await place.hasura.runSql(file?.sql ?? "", { source: place.source, intent });
  } catch (error) {
    // Only what is known to have done nothing: one request is one transaction.
    if (!isDadosferaError(error) || error.code === "HASURA_OUTCOME_UNKNOWN") throw error;
    await takeBack();
    throw error.code === "HASURA_REFUSED" ? failed(error, file?.path ?? "") : error;
  }
}

/** The file that a step runs: of the folder, or of what a squash replaced. */
export function fileOf(
  step: Exclude<MigrationStep, { kind: "mark" }>,
  place: Place,
  sight: Sight,
): SqlFile | undefined {
  const { up, down } = migrationOf(step, place, sight);
  return step.kind === "run-up" ? up : down;
}

function migrationOf(step: MigrationStep, { folder }: Place, { parts }: Sight): Migration {
  const part = step.kind === "run-up" ? step.part : undefined;
  const found =
    part === undefined
      ? folder.migrations.find(({ version }) => version === step.version)
      : parts.get(part.up);
  if (found === undefined) throw new RangeError(`no file was planned for ${step.version}`);
  return found;
}

function failed(error: DadosferaError, path: string): DadosferaError {
  return new DadosferaError(
    {
      code: "MIGRATION_FAILED",
      happened: error.happened,
      now: "Nothing of it was done: it ran in one transaction. What came before it is applied and recorded.",
      next: `Correct ${path}, then run \`pulumi up\` again.`,
    },
    { cause: error },
  );
}
