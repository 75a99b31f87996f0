import { differencesOf } from "../domain/adoption.js";
import { DadosferaError } from "../domain/errors.js";
import type { PipelineInputs, PipelineOutputs } from "../domain/pipeline.js";
import type { PipelineRecord } from "../maestro/records.js";
import type { Context } from "./context.js";

/** Takes a pipeline that exists into the stack. Changes nothing: refused unless the program equals what is live. */
export async function adoptPipeline(
  inputs: PipelineInputs,
  context: Context,
): Promise<PipelineOutputs> {
  const live = await context.doors.maestro.findPipeline(inputs.pipelineId);
  if (live === undefined) throw notThere(inputs);
  const differences = await pipelineDifferences(live, inputs, context);
  if (differences.length > 0) throw differs(inputs, differences);
  return { ...inputs, isAdopted: true };
}

/** What the program would have to say to equal the live pipeline, a line per difference; none if it does. */
export async function pipelineDifferences(
  live: PipelineRecord,
  inputs: PipelineInputs,
  { doors }: Context,
): Promise<readonly string[]> {
  const own = [
    ["name", live.name, inputs.name],
    ["description", live.description ?? "", inputs.description ?? ""],
    ["cron", live.cron, inputs.cron],
    ["paused", live.status === "paused", inputs.paused ?? false],
  ] as const;
  const jobs = await Promise.all(
    live.jobs.map(async ({ id }, index) => {
      const record = await doors.maestro.findJob(id);
      const wanted = inputs.jobs[index];
      if (record === undefined || wanted === undefined)
        return [`jobs[${index}]: a job of table ${record?.tableSchema}.${record?.tableName},`];
      return differencesOf(record, wanted).map((line) => `jobs[${index}].${line}`);
    }),
  );
  const surplus =
    inputs.jobs.length > live.jobs.length ? [`jobs: only ${live.jobs.length} of them,`] : [];
  return [
    ...own
      .filter(([, one, other]) => one !== other)
      .map(([name, one]) => `${name}: ${JSON.stringify(one)},`),
    ...jobs.flat(),
    ...surplus,
  ];
}

function notThere(inputs: PipelineInputs): DadosferaError {
  return new DadosferaError({
    code: "PIPELINE_NOT_FOUND",
    happened: `Did not adopt pipeline ${inputs.pipelineId}: Maestro knows no pipeline of this id.`,
    now: "Nothing was changed.",
    next: "Correct `pipelineId`, or take `adopt` out to create the pipeline.",
  });
}

function differs(inputs: PipelineInputs, differences: readonly string[]): DadosferaError {
  return new DadosferaError({
    code: "PIPELINE_DIFFERS",
    happened: `Did not adopt pipeline "${inputs.name}" (${inputs.pipelineId}): the program differs from what is live.`,
    now: `Nothing was changed. Live: ${differences.join(" ")}`,
    next: "Put these lines into the program and run `pulumi up` again.",
  });
}
