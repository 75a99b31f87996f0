import { migrationLabel } from "../../domain/migration.js";
import type { MigrationStep } from "../../domain/migration-plan.js";
import { parseStatements } from "../../hasura/sql/statements.js";
import type { Context } from "../context.js";
import type { Place } from "./look.js";

/** Says in the engine's display what an update would do; what a down touches is counted. */
export async function showSteps(
  place: Place,
  steps: readonly MigrationStep[],
  { report }: Context,
): Promise<void> {
  if (steps.length === 0) return;
  const lines = await Promise.all(steps.map((step) => lineOf(place, step)));
  report.info([`database "${place.source}":`, ...lines.map((line) => `  ${line}`)].join("\n"));
}

async function lineOf(place: Place, step: MigrationStep): Promise<string> {
  const label = migrationLabel(step);
  switch (step.kind) {
    case "run-up":
      return step.part === undefined
        ? `run ${label}`
        : `run ${label}, a part of squash ${step.part.of}`;
    case "mark":
      return `mark ${label} as applied, and take its parts away: ${step.unmark.join(", ")}`;
    case "run-down":
      return `take back ${label}${await rowsAtStake(place, step.version)}`;
  }
}

/** The rows of every table that the down names, as far as they can be counted. */
async function rowsAtStake({ folder, hasura, source }: Place, version: string): Promise<string> {
  const sql = folder.migrations.find((migration) => migration.version === version)?.down?.sql ?? "";
  const { statements = [] } = await parseStatements(sql);
  const tables = [...new Set(statements.flatMap(({ touches }) => touches))];
  const counted = await Promise.all(
    tables.map(async (table) => {
      const from = table
        .split(".")
        .map((part) => `"${part.replaceAll('"', '""')}"`)
        .join(".");
      const about = { source, intent: `count the rows of ${table}` };
      const [exists] = await hasura.queryRows(
        `SELECT to_regclass('${from.replaceAll("'", "''")}')::text AS name`,
        about,
      );
      if (exists?.["name"] === null || exists === undefined) return [];
      const [row] = await hasura.queryRows(`SELECT count(*)::text AS rows FROM ${from}`, about);
      return [`${table} holds ${row?.["rows"]} ${row?.["rows"] === "1" ? "row" : "rows"}`];
    }),
  );
  const words = counted.flat().join(", ");
  return words === "" ? "" : ` (${words})`;
}
