import assert from "node:assert/strict";
import fc from "fast-check";
import type { JobCreate, PipelineCreate } from "#src/maestro/records.js";
import { pipelineCreateBody } from "#src/maestro/wire.js";
import { pipelineCreates } from "../../support/maestro-arbitraries.js";
import { findContract } from "./contract.js";

describe("the body with which the client creates a pipeline", () => {
  it("is one of the contract, and each of its inputs that of a relational source, whatever is asked for", function () {
    const contract = findContract();
    if (contract === undefined) return this.skip();
    const { body } = contract.operation("createPipeline");
    const inputs = { type: "array", items: contract.openApi.schemas["JdbcInput"] };

    const problemsOf = (pipeline: PipelineCreate) => {
      const sent = JSON.parse(JSON.stringify(pipelineCreateBody(pipeline)));
      return [
        ...contract.problems(body?.schema ?? {}, sent),
        ...contract.problems(
          inputs,
          sent.jobs.map(({ input }: { input: unknown }) => input),
        ),
      ];
    };

    fc.assert(
      fc.property(pipelineCreates.map(withCompanions), (pipeline) => {
        assert.deepEqual(problemsOf(pipeline), []);
      }),
    );
  });
});

/** The same with what the incremental load types ask for, where it is missing. */
function withCompanions(pipeline: PipelineCreate): PipelineCreate {
  const jobs = pipeline.jobs.map((job): JobCreate => {
    const companions = {
      incrementalColumnName: "alterado_em",
      incrementalColumnType: "timestamp",
      primaryKeys: ["item_id"],
    };
    return { ...job, input: { ...companions, ...job.input } };
  });
  return { ...pipeline, jobs };
}
