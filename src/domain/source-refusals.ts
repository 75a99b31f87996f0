import { addedColumns } from "./changes.js";
import type { Trouble } from "./errors.js";
import { type JobInputs, loadedColumns } from "./job.js";
import { tableOf } from "./job-refusals.js";
import { columnsOf, isNames, removerOf } from "./source-table.js";

/** Columns that a job loads and its source will lack, or have in another type: a run would fail, or load something else. */
export function sourceRefusals(olds: JobInputs | undefined, news: JobInputs): readonly Trouble[] {
  const source = news.sourceColumns;
  if (source === undefined || isNames(source)) return [];
  // What is new to the job is checked with its backfill.
  const added = new Set(olds === undefined ? [] : addedColumns(olds, news));
  const loaded = (loadedColumns(news) ?? []).filter((column) => !added.has(column));
  const present = new Map(columnsOf(source).map((column) => [column.name, column]));
  const before = typesOf(olds);
  return loaded.flatMap((name) => {
    const column = present.get(name);
    if (column === undefined) return [lost(news, name, removerOf(source, name))];
    const [was, is] = [before.get(name), column.type];
    const isRetyped = was !== undefined && is !== undefined && was !== is;
    return isRetyped ? [retyped(news, name, `from ${was} to ${is}`, column.migration)] : [];
  });
}

function typesOf(job: JobInputs | undefined): ReadonlyMap<string, string> {
  const columns = job?.sourceColumns === undefined ? [] : columnsOf(job.sourceColumns);
  return new Map(columns.flatMap(({ name, type }) => (type === undefined ? [] : [[name, type]])));
}

function lost(job: JobInputs, name: string, migration: string | undefined): Trouble {
  const why =
    migration === undefined
      ? "its source has no such column"
      : `migration ${migration} removes or renames it at the source`;
  return {
    code: "SOURCE_COLUMN_LOST",
    happened: `Will not go on with the job ${job.jobId} of table ${tableOf(job)}: it loads "${name}", and ${why}.`,
    now: "Nothing was changed. Without the column every run of the job would fail, and Maestro cannot take a column out of a job.",
    next: `Keep "${name}" at the source: add what is new beside it, or take the migration out of this change.`,
  };
}

function retyped(
  job: JobInputs,
  name: string,
  change: string,
  migration: string | undefined,
): Trouble {
  const by = migration === undefined ? "" : ` by migration ${migration}`;
  return {
    code: "SOURCE_COLUMN_LOST",
    happened: `Will not go on with the job ${job.jobId} of table ${tableOf(job)}: it loads "${name}", whose type changes ${change} at the source${by}.`,
    now: "Nothing was changed. The column of the destination keeps the type that it has.",
    next: `Add a column of the new type beside "${name}"; or, if the destination holds the new type as well, leave \`sourceColumns\` out of the job for one \`pulumi up\`.`,
  };
}
