import assert from "node:assert/strict";
import fc from "fast-check";
import { predictedTable } from "#src/domain/destination-table.js";
import { pipelineId } from "#src/domain/job-id.js";
import { aJob, PIPELINE_ID } from "../support/samples.js";

describe("the destination's name", () => {
  it("is the one recorded for the walkthrough's pipeline", () => {
    const table = predictedTable(pipelineId.parse(PIPELINE_ID), aJob());

    assert.equal(table, "tb__xqfu8g__cadastros__pedidos");
  });

  it("is the one chosen in the output, as it is written", () => {
    const job = aJob({
      output: { plugin: "dadosfera_snowflake", raw: { tableName: "Pedidos" } },
    });

    assert.equal(predictedTable(pipelineId.parse(PIPELINE_ID), job), "Pedidos");
  });

  it("is lower case, and carries six characters of z-base-32, whatever the pipeline", () => {
    const job = aJob({ input: { tableSchema: "CADASTROS", tableName: "Pedidos" } });
    fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        assert.match(
          predictedTable(pipelineId.parse(uuid), job),
          /^tb__[ybndrfg8ejkmcpqxot1uwisza345h769]{6}__cadastros__pedidos$/,
        );
      }),
    );
  });
});
