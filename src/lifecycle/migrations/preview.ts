import { isDadosferaError, type Trouble } from "../../domain/errors.js";
import type { HistoryInputs, HistoryOutputs } from "../../domain/migration-history.js";
import { planMigrations } from "../../domain/migration-plan.js";
import type { Context } from "../context.js";
import { lookAt, openPlace, type Wanted } from "./look.js";
import { stepRefusals } from "./migrate.js";
import { showSteps } from "./plan-text.js";

type Versions = HistoryOutputs["versions"];

/** The same stack may be about to start the Hasura that a new resource names. */
export async function lookIfThere(
  inputs: HistoryInputs,
  context: Context,
): Promise<readonly Trouble[]> {
  try {
    return await look(inputs, [], context);
  } catch (error) {
    if (!isDadosferaError(error) || error.code !== "HASURA_UNAVAILABLE") throw error;
    context.report.warning(`which migrations will run is not known: ${error.happened}`);
    return [];
  }
}

/** What an update would do, shown; or why it would refuse. */
export async function look(
  wanted: Wanted,
  versions: Versions,
  context: Context,
): Promise<readonly Trouble[]> {
  const place = await openPlace(wanted, context);
  const sight = await lookAt(place, wanted, versions, context);
  const plan = planMigrations(sight.request);
  switch (plan.kind) {
    case "refused":
      return plan.refusals;
    case "resolve":
      context.report.warning(
        `${plan.versions.join(", ")} is dirty: an update first finds out whether it was carried out`,
      );
      return [];
    case "steps":
      await showSteps(place, plan.steps, context);
      return stepRefusals(plan.steps, place, sight, context);
  }
}
