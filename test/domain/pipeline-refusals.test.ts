import assert from "node:assert/strict";
import { refusalsOfPipelineChange } from "#src/domain/pipeline-refusals.js";
import { aPipeline, linesOf } from "../support/samples.js";

const refused = 'Will not apply pipeline "Orders" (7b8b3399-b8c0-4fc5-9116-142cd9f4e7ae):';
const unchanged = "Nothing was changed.";
const advice = (tables: string) =>
  `Put the jobs back in the order ${tables}; load other tables with a pipeline of their own.`;

describe("a pipeline", () => {
  it("is accepted with the jobs it has", () => {
    const [olds, news] = [aPipeline(["a", "b"]), aPipeline(["a", "b"])];

    assert.deepEqual(refusalsOfPipelineChange(olds, news), []);
  });

  it("is refused with a job more", () => {
    const refusals = refusalsOfPipelineChange(aPipeline(["a"]), aPipeline(["a", "b"]));

    assert.deepEqual(linesOf(refusals), [
      [
        `${refused} its jobs changed from mysql:cadastros.a to mysql:cadastros.a, mysql:cadastros.b, and Maestro cannot add, remove or exchange the jobs of a pipeline.`,
        unchanged,
        advice("mysql:cadastros.a"),
      ],
    ]);
  });

  it("is refused with a job less", () => {
    const refusals = refusalsOfPipelineChange(aPipeline(["a", "b"]), aPipeline(["b"]));

    assert.deepEqual(linesOf(refusals), [
      [
        `${refused} its jobs changed from mysql:cadastros.a, mysql:cadastros.b to mysql:cadastros.b, and Maestro cannot add, remove or exchange the jobs of a pipeline.`,
        unchanged,
        advice("mysql:cadastros.a, mysql:cadastros.b"),
      ],
    ]);
  });

  it("is refused with its jobs in another order", () => {
    const refusals = refusalsOfPipelineChange(aPipeline(["b", "a"]), aPipeline(["a", "b"]));

    assert.deepEqual(linesOf(refusals), [
      [
        `${refused} its jobs were reordered (mysql:cadastros.b, mysql:cadastros.a), and Maestro knows a job by its position.`,
        unchanged,
        advice("mysql:cadastros.b, mysql:cadastros.a"),
      ],
    ]);
  });

  it("is refused under another id", () => {
    const other = "5e0c9a41-2d7f-4b86-a3c4-9f61d208be73";
    const refusals = refusalsOfPipelineChange(aPipeline(["a"]), aPipeline(["a"], other));

    assert.deepEqual(linesOf(refusals), [
      [
        `${refused} \`pipelineId\` changed to ${other}, which would be another pipeline.`,
        unchanged,
        'Set `pipelineId` back to "7b8b3399-b8c0-4fc5-9116-142cd9f4e7ae", or give the new pipeline a resource of its own.',
      ],
    ]);
  });
});
