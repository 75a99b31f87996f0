import type { Trouble } from "./errors.js";
import type { JobCreation } from "./job.js";
import type { PipelineInputs } from "./pipeline.js";

/** What Maestro cannot do on the way from one description of a pipeline to the next. */
export function refusalsOfPipelineChange(
  olds: PipelineInputs,
  news: PipelineInputs,
): readonly Trouble[] {
  const refused = (why: string, next: string): Trouble => ({
    code: "CHANGE_REFUSED",
    happened: `Will not apply pipeline "${olds.name}" (${olds.pipelineId}): ${why}.`,
    now: "Nothing was changed.",
    next,
  });
  if (olds.pipelineId !== news.pipelineId) {
    return [
      refused(
        `\`pipelineId\` changed to ${news.pipelineId}, which would be another pipeline`,
        `Set \`pipelineId\` back to "${olds.pipelineId}", or give the new pipeline a resource of its own.`,
      ),
    ];
  }
  const [before, after] = [olds.jobs.map(tableOf), news.jobs.map(tableOf)];
  if (before.join() === after.join()) return [];
  const isReordered = [...before].sort().join() === [...after].sort().join();
  return [
    refused(
      isReordered
        ? `its jobs were reordered (${before.join(", ")}), and Maestro knows a job by its position`
        : `its jobs changed from ${before.join(", ")} to ${after.join(", ")}, and Maestro cannot add, remove or exchange the jobs of a pipeline`,
      `Put the jobs back in the order ${before.join(", ")}; load other tables with a pipeline of their own.`,
    ),
  ];
}

function tableOf({ input }: JobCreation): string {
  return `${input.plugin}:${input.tableSchema}.${input.tableName}`;
}
