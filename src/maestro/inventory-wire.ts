import { z } from "zod";
import { type JobId, pipelineId } from "../domain/job-id.js";
import type { Inventory, ShownJob } from "./records.js";
import { inputFields, jobAnswer, maybeEnveloped, summary } from "./wire.js";

/** What `GET /platform/pipelines` answers, with the pipelines whose id is no UUID beside the others. */
export const inventoryAnswer = maybeEnveloped(
  z.array(z.looseObject({ pipeline_id: z.string(), name: z.string().nullish() })),
).transform((items, context): Inventory => {
  const isOurs = (item: { readonly pipeline_id: string }) =>
    pipelineId.safeParse(item.pipeline_id).success;
  const read = z.array(summary).safeParse(items.filter(isOurs));
  if (!read.success) return refuse(context, read.error);
  const others = items
    .filter((item) => !isOurs(item))
    .map(({ pipeline_id, name }) => ({ id: pipeline_id, name: name ?? "" }));
  return { pipelines: read.data, others };
});

/** What `GET /platform/jobs/jdbc/{jobId}` answers, with the names of the fields that `jobAnswer` would pass over. */
export function shownJobAnswer(id: JobId) {
  return maybeEnveloped(z.looseObject({ source_config: fields, output_config: fields })).transform(
    (body, context): ShownJob => {
      const read = jobAnswer(id).safeParse(body);
      if (!read.success) return refuse(context, read.error);
      const unknownFields = [
        ...unknownOf(body.source_config, Object.keys(inputFields)).map((name) => `input.${name}`),
        ...unknownOf(body.output_config, OUTPUT_FIELDS).map((name) => `output.${name}`),
      ];
      return { record: read.data, unknownFields };
    },
  );
}

const fields = z.record(z.string(), z.unknown());

const OUTPUT_FIELDS = ["plugin", "table_name"];

function unknownOf(
  shown: Readonly<Record<string, unknown>>,
  known: readonly string[],
): readonly string[] {
  return Object.entries(shown)
    .filter(([name, value]) => value !== null && value !== undefined && !known.includes(name))
    .map(([name]) => name);
}

function refuse(context: z.RefinementCtx, error: z.ZodError): never {
  for (const { path, message } of error.issues) context.addIssue({ code: "custom", path, message });
  return z.NEVER;
}
