import assert from "node:assert/strict";
import { pipelineId } from "#src/domain/job-id.js";
import { survey } from "#src/lifecycle/survey.js";
import {
  JOB,
  JOB_PATH,
  jobSample,
  PIPELINE,
  PIPELINE_PATH,
  pipelineSample,
  pipelinesSample,
  UNKNOWN_JOB,
} from "../support/maestro-samples.js";
import { leaveHold } from "../support/schedule-hold.js";
import { ok, type Script, startScriptedMaestro } from "../support/scripted-maestro.js";
import { aPipeline, PIPELINE as ORDERS, startWorld } from "../support/world.js";

const LISTED = { "GET /platform/pipelines": [ok(pipelinesSample)] };

describe("looking at what is live", function () {
  this.timeout(20_000);

  it("names the fields that nothing here knows, unless they have no value", async () => {
    const { source_config, output_config } = jobSample;
    const shown = {
      ...jobSample,
      source_config: { ...source_config, soft_delete: true, new_idea: null },
      output_config: { ...output_config, qualify: { table_name: "itens" } },
    };

    const { pipelines } = await surveyOf({
      ...LISTED,
      [`GET ${PIPELINE_PATH}`]: [ok(pipelineSample)],
      [`GET ${JOB_PATH}`]: [ok(shown)],
    });

    const [job] = pipelines[0]?.jobs ?? [];
    assert.equal(job?.kind, "shown");
    assert.deepEqual(job.unknownFields, ["input.soft_delete", "output.qualify"]);
    assert.equal(job.rawSchema, "PUBLIC");
  });

  it("goes on where a job is not shown, or not in a form that can be read", async () => {
    const [first] = pipelineSample.data.jobs;
    const other = { ...first, job_id: `${PIPELINE}_1` };
    const otherwise = `${PIPELINE}-1`.replaceAll("-", "_");

    const { pipelines } = await surveyOf({
      ...LISTED,
      [`GET ${PIPELINE_PATH}`]: [ok({ ...pipelineSample.data, jobs: [first, other] })],
      [`GET ${JOB_PATH}`]: [ok({ ...jobSample, source_config: {} })],
      [`GET ${JOB_PATH.replace(/0$/, "1")}`]: [UNKNOWN_JOB],
      [`GET /platform/jobs/jdbc/${otherwise}`]: [UNKNOWN_JOB],
    });

    const table = "estoque.itens";
    assert.deepEqual(pipelines[0]?.jobs, [
      {
        kind: "hidden",
        id: JOB,
        table,
        why: "Maestro shows it in a form that this version cannot read",
      },
      {
        kind: "hidden",
        id: `${PIPELINE}-1`,
        table,
        why: "Maestro names the job, and does not show it",
      },
    ]);
  });

  it("sees the schedule that an unfinished change holds", async () => {
    await using world = await startWorld();
    await world.create("Pipeline", aPipeline({ cron: "15 3 * * *" }));
    await leaveHold(world, "15 3 * * *");

    const { pipelines } = await survey(pipelineId.parse(ORDERS), world.process.contextOf(""));

    assert.deepEqual(
      pipelines.map(({ cron, heldCron }) => [cron, heldCron]),
      [[null, "15 3 * * *"]],
    );
  });
});

async function surveyOf(script: Script) {
  await using server = await startScriptedMaestro(script);
  await using world = await startWorld(
    {},
    { DADOSFERA_BASE_URL: server.url, SNOWFLAKE_ACCOUNT: "", SNOWFLAKE_USER: "" },
  );
  return await survey("all", world.process.contextOf(""));
}
