import { DadosferaError, type Trouble } from "../../domain/errors.js";
import { type Migration, migrationLabel } from "../../domain/migration.js";
import type { HistoryOutputs } from "../../domain/migration-history.js";
import { type MigrationStep, planMigrations } from "../../domain/migration-plan.js";
import type { Context } from "../context.js";
import { lookAt, type Place, type Sight, type Wanted } from "./look.js";
import { performStep } from "./perform-step.js";
import { settleDirty } from "./settle-dirty.js";
import { unfitFiles } from "./unfit-files.js";

/** Makes the database what is wanted, step by step; whatever an earlier try left is settled first. Doing it twice changes nothing. */
export async function migrate(
  place: Place,
  wanted: Wanted,
  versions: HistoryOutputs["versions"],
  context: Context,
): Promise<void> {
  for (;;) {
    const sight = await lookAt(place, wanted, versions, context);
    const plan = planMigrations(sight.request);
    if (plan.kind === "refused") throw refusedFor(plan.refusals);
    if (plan.kind === "resolve") {
      await settleDirty(place, sight, plan.versions, context);
      continue;
    }
    const doubts = await stepRefusals(plan.steps, place, sight, context);
    if (doubts.length > 0) throw refusedFor(doubts);
    for (const [index, step] of plan.steps.entries()) {
      refuseInterrupted(context, step);
      context.report.progress(`${index + 1} of ${plan.steps.length}: ${migrationLabel(step)}`);
      await performStep(place, step, sight);
    }
    return;
  }
}

/** The first refusal, and how many more there are: each is said in the preview. */
export function refusedFor(refusals: readonly Trouble[]): DadosferaError {
  const [first, ...more] = refusals;
  if (first === undefined) throw new RangeError("there is nothing to refuse");
  const rest =
    more.length === 0
      ? ""
      : ` And ${more.length} more: ${more.map(({ happened }) => happened).join(" ")}`;
  return new DadosferaError({ ...first, happened: `${first.happened}${rest}` });
}

/** What is against the steps of a plan when their files are looked at. */
export async function stepRefusals(
  steps: readonly MigrationStep[],
  place: Place,
  sight: Sight,
  context: Context,
): Promise<readonly Trouble[]> {
  const unfit = await unfitFiles(steps, place, sight);
  // To prove a down that Hasura would refuse takes seconds, and says less.
  return unfit.length > 0 ? unfit : doubtfulDowns(place, steps, context);
}

/** A down that loses what it should restore is worse than none. */
async function doubtfulDowns(
  { folder }: Place,
  steps: readonly MigrationStep[],
  { doors }: Context,
): Promise<readonly Trouble[]> {
  const refusals: Trouble[] = [];
  for (const step of steps) {
    const migration = folder.migrations.find(({ version }) => version === step.version);
    // The proof of a squash was for its down as well, and was looked at in the plan.
    const isProven = folder.squashes.has(step.version);
    if (step.kind !== "run-down" || migration === undefined || isProven) continue;
    const doubts = await doors.migrations.doubtsOfDown(folder, migration);
    if (doubts.length > 0) refusals.push(doubtful(migration, doubts));
  }
  return refusals;
}

function doubtful(migration: Migration, doubts: readonly string[]): Trouble {
  return {
    code: "MIGRATION_UNPROVEN",
    happened: `Will not take back migration ${migrationLabel(migration)}: its down is not proven (${doubts.join("; ")}).`,
    now: "Nothing was changed.",
    next: "Correct its down.sql until `dadosfera migrations verify` calls it exact.",
  };
}

function refuseInterrupted({ signal }: Context, step: MigrationStep): void {
  if (!signal.aborted) return;
  throw new DadosferaError({
    code: "INTERRUPTED",
    happened: `Did not begin with migration ${migrationLabel(step)}: this command was interrupted.`,
    now: "What came before it is applied and recorded.",
    next: "Run `pulumi up` again.",
  });
}
