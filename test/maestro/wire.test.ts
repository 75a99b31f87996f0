import assert from "node:assert/strict";
import fc from "fast-check";
import { jobIdAt, withUnderscores } from "#src/domain/job-id.js";
import type { PipelineCreate } from "#src/maestro/records.js";
import {
  jobAnswer,
  pipelineAnswer,
  pipelineCreateBody,
  pipelinesAnswer,
  runsAnswer,
} from "#src/maestro/wire.js";
import { pipelineCreates, unknownFields } from "../support/maestro-arbitraries.js";
import { recordedRun } from "../support/maestro-samples.js";

/** A pipeline's body as it went over the wire. */
interface Sent {
  readonly name: string;
  readonly description?: string;
  readonly cron: string | null;
  readonly jobs: readonly Readonly<Record<"input" | "output" | "transformations", object>>[];
}

function sent(pipeline: PipelineCreate): Sent {
  return JSON.parse(JSON.stringify(pipelineCreateBody(pipeline)));
}

describe("a pipeline on the wire", () => {
  it("comes back from the single pipeline as it went", () => {
    fc.assert(
      fc.property(pipelineCreates, unknownFields, (pipeline, unknown) => {
        const { jobs, ...fields } = sent(pipeline);
        const detail = {
          ...unknown,
          ...fields,
          status: "active",
          jobs: jobs.map(({ input, output }, index) => ({
            ...unknown,
            job_id: withUnderscores(jobIdAt(pipeline.id, index)),
            input: { ...unknown, ...input },
            output: { ...unknown, ...output },
          })),
        };

        const read = pipelineAnswer(pipeline.id).parse({ status: true, data: detail });

        assert.deepEqual(read, {
          ...pipeline,
          status: "active",
          jobs: pipeline.jobs.map(({ input, output }, index) => ({
            id: jobIdAt(pipeline.id, index),
            input,
            output: { plugin: output.plugin, ...output.raw },
          })),
        });
      }),
    );
  });

  it("comes back from the list with the raw tables that were chosen", () => {
    fc.assert(
      fc.property(pipelineCreates, unknownFields, (pipeline, unknown) => {
        const { jobs, ...fields } = sent(pipeline);
        const item = {
          ...unknown,
          ...fields,
          id: 318,
          pipeline_id: withUnderscores(pipeline.id),
          jobs: jobs.map(({ output }, index) => ({
            id: index,
            job_id: withUnderscores(jobIdAt(pipeline.id, index)),
            output,
          })),
        };

        const [read] = pipelinesAnswer.parse([item]);

        assert.deepEqual(
          read?.jobs.map(({ rawTable }) => rawTable),
          pipeline.jobs.map(({ output }) => output.raw),
        );
        assert.equal(read?.id, pipeline.id);
      }),
    );
  });

  it("comes back from the job as it went", () => {
    fc.assert(
      fc.property(pipelineCreates, unknownFields, (pipeline, unknown) => {
        const [job] = sent(pipeline).jobs;
        const [wanted] = pipeline.jobs;
        const id = jobIdAt(pipeline.id, 0);

        const read = jobAnswer(id).parse({
          ...unknown,
          cron: pipeline.cron,
          source_config: { ...unknown, ...job?.input },
          transformations: job?.transformations,
          output_config: { plugin: "dadosfera_snowflake", table_name: "raw" },
        });

        assert.deepEqual(read, {
          ...wanted?.input,
          id,
          pipelineId: pipeline.id,
          cron: pipeline.cron,
          columnIncludeList: wanted?.input.columnIncludeList ?? null,
          transformations: wanted?.transformations,
          destinationTable: "raw",
        });
      }),
    );
  });
});

describe("a run on the wire", () => {
  it("is final only with the two words that Maestro documents", () => {
    fc.assert(
      fc.property(fc.string(), unknownFields, (word, unknown) => {
        fc.pre(!["SUCCESS", "FAILED"].includes(word));

        const [run] = runsAnswer.parse([{ ...unknown, ...recordedRun, last_status: word }]);

        assert.equal(run?.kind, "running");
        assert.equal(run?.status, word);
      }),
    );
  });

  it("may have a null where another has nothing", () => {
    const [run] = runsAnswer.parse([{ ...recordedRun, trace: null, updated_at: null }]);

    assert.deepEqual(Object.keys(run ?? {}).sort(), ["createdAt", "kind", "runId", "status"]);
  });
});
