import { diagnose, lastEnded } from "../../domain/diagnosis.js";
import { DadosferaError } from "../../domain/errors.js";
import type { Diagnosis } from "../../domain/finding.js";
import type { PipelineId } from "../../domain/job-id.js";
import { lastEntry } from "../../domain/journal.js";
import { surveyChanges, surveyLeases } from "../../warehouse/survey.js";
import { nowText } from "../change/change-text.js";
import type { Context, WarehouseDoors } from "../context.js";
import { examineTable } from "./examine-table.js";

const TABLES_AT_ONCE = 8;

/** Looks at everything that the journal knows, of one pipeline or of all. Only reads. */
export async function examine(
  context: Context,
  pipelineId: PipelineId | undefined,
): Promise<Diagnosis> {
  const doors = doorsOf(context);
  const changes = await surveyChanges(doors.warehouse, pipelineId);
  const leases = await surveyLeases(doors.warehouse, pipelineId);
  if (pipelineId !== undefined && (changes ?? []).length === 0 && leases.length === 0)
    await refuseUnknown(pipelineId, context);
  const nowOf = (change: Parameters<typeof nowText>[0]) => {
    const started = lastEntry(change, "started");
    return started === undefined ? "" : nowText(change, started.request);
  };
  const diagnosis = diagnose({ changes: changes ?? [], leases, nowOf });
  const ended = lastEnded(changes ?? [], diagnosis);
  const seen = [];
  for (let next = 0; next < ended.length; next += TABLES_AT_ONCE) {
    const some = ended.slice(next, next + TABLES_AT_ONCE);
    seen.push(...(await Promise.all(some.map((change) => examineTable(change, context, doors)))));
  }
  return {
    ...diagnosis,
    findings: [...diagnosis.findings, ...seen.flatMap(({ findings }) => findings)],
    notes: [
      ...(changes === undefined ? [noJournal(doors)] : []),
      ...seen.flatMap(({ notes }) => notes),
    ],
  };
}

/** The destination, which holds everything that is looked at. @throws `SETTINGS_MISSING` */
export function doorsOf({ doors }: Context): WarehouseDoors {
  if (doors.warehouse !== undefined) return doors.warehouse;
  throw new DadosferaError({
    code: "SETTINGS_MISSING",
    happened: "Could not look at the journal: no settings of Snowflake are given.",
    now: "Nothing was changed.",
    next: "Set SNOWFLAKE_ACCOUNT, SNOWFLAKE_USER, SNOWFLAKE_DATABASE and a credential, as for `pulumi up`.",
  });
}

/** An id with a slip in it must not look healthy. */
async function refuseUnknown(pipelineId: PipelineId, { doors }: Context): Promise<void> {
  if ((await doors.maestro.findPipeline(pipelineId)) !== undefined) return;
  throw new DadosferaError({
    code: "PIPELINE_NOT_FOUND",
    happened: `Found no pipeline ${pipelineId}, at Maestro or in the journal.`,
    now: "Nothing was changed.",
    next: "Correct the id, or leave --pipeline out to look at all pipelines.",
  });
}

function noJournal({ warehouse }: WarehouseDoors): string {
  const { database, journalSchema } = warehouse.settings;
  return `There is no journal in ${database}.${journalSchema}, or the role may not see it: either no change was ever made here, or SNOWFLAKE_DATABASE, DADOSFERA_JOURNAL_SCHEMA or SNOWFLAKE_ROLE is not that of the programs.`;
}
