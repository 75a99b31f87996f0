import assert from "node:assert/strict";
import {
  JOB,
  PIPELINE,
  PIPELINE_PATH,
  recordedRun,
  referenceRun,
  UNKNOWN_PIPELINE,
} from "../support/maestro-samples.js";
import { asked, clientOf, ok, refused, startScriptedMaestro } from "../support/scripted-maestro.js";

describe("the runs of a pipeline", () => {
  const runs = [recordedRun, referenceRun, { ...recordedRun, last_status: "QUEUED" }];
  const PATHS = {
    usual: `GET ${PIPELINE_PATH}/pipeline_run`,
    other: `GET ${PIPELINE_PATH}/runs`,
  };

  it("are read in both recorded styles, and only two words are final", async () => {
    await using server = await startScriptedMaestro({ [PATHS.usual]: [ok(runs)] });
    await using client = clientOf(server);

    const [succeeded, failed, queued] = await client.listRuns(PIPELINE);

    assert.deepEqual(succeeded, {
      runId: "0f3ad1c2b4e59687a7c8d9e0f1a2b3c4",
      status: "SUCCESS",
      kind: "succeeded",
      createdAt: "2026-03-10T14:02:33.118204+00:00",
      updatedAt: "2026-03-10T14:06:05.900417+00:00",
    });
    assert.equal(failed?.kind, "failed");
    assert.equal(failed?.trace, referenceRun.trace);
    assert.equal(queued?.kind, "running");
  });

  it("are asked for under the other path only when the first is not routed, and then for good", async () => {
    await using server = await startScriptedMaestro({ [PATHS.other]: [ok([recordedRun])] });
    await using client = clientOf(server);

    await client.listRuns(PIPELINE);
    await client.listRuns(PIPELINE);

    assert.deepEqual(asked(server), [PATHS.usual, PATHS.other, PATHS.other]);
  });

  it("are not asked for under the other path when the pipeline is unknown", async () => {
    await using server = await startScriptedMaestro({ [PATHS.usual]: [UNKNOWN_PIPELINE] });
    await using client = clientOf(server);

    await assert.rejects(client.listRuns(PIPELINE), { code: "PIPELINE_NOT_FOUND" });
    assert.deepEqual(asked(server), [PATHS.usual]);
  });

  it("can be read one by one, by an opaque id", async () => {
    const path = `${PIPELINE_PATH}/pipeline_run/manual__2026-03-10T14%3A02%3A31%2B00%3A00`;
    await using server = await startScriptedMaestro({ [`GET ${path}`]: [ok(referenceRun)] });
    await using client = clientOf(server);

    const run = await client.findRun(PIPELINE, "manual__2026-03-10T14:02:31+00:00");

    assert.equal(run?.kind, "failed");
  });

  it("answer undefined for one that is not there", async () => {
    const route = `GET ${PIPELINE_PATH}/pipeline_run/x`;
    await using server = await startScriptedMaestro({
      [route]: [refused(404, { detail: "run not found" })],
    });
    await using client = clientOf(server);

    assert.equal(await client.findRun(PIPELINE, "x"), undefined);
  });
});

describe("the switches of a pipeline", () => {
  const already = (exception_type: string) =>
    refused(400, { detail: { status: false, exception_type, traceback: "…", data: null } });

  it("succeed when they stand as wanted", async () => {
    await using server = await startScriptedMaestro({
      "POST /platform/pipeline/pause": [already("PipelineAlreadyPaused")],
      "POST /platform/pipeline/unpause": [already("PipelineNotPaused")],
    });
    await using client = clientOf(server);

    await client.pausePipeline(PIPELINE);
    await client.unpausePipeline(PIPELINE);

    assert.deepEqual(server.requests.at(-1)?.body, { pipeline_id: PIPELINE });
  });

  it("do not take the other switch's refusal for success", async () => {
    await using server = await startScriptedMaestro({
      "POST /platform/pipeline/pause": [already("PipelineNotPaused")],
    });
    await using client = clientOf(server);

    await assert.rejects(client.pausePipeline(PIPELINE), { code: "MAESTRO_REFUSED" });
  });

  it("take a schedule away with a null", async () => {
    await using server = await startScriptedMaestro({ [`PATCH ${PIPELINE_PATH}`]: [ok({})] });
    await using client = clientOf(server);

    await client.patchPipeline(PIPELINE, { cron: null });

    assert.deepEqual(server.requests.at(-1)?.body, { cron: null });
  });

  it("set the memory of a pipeline, and of a job", async () => {
    await using server = await startScriptedMaestro({
      [`PUT ${PIPELINE_PATH}/memory`]: [ok({ status: true })],
      [`PUT /platform/jobs/${JOB}/memory`]: [ok({})],
    });
    await using client = clientOf(server);

    await client.setPipelineMemory(PIPELINE, 6144);
    await client.setJobMemory(JOB, 4096);

    const bodies = server.requests.map((request) => request.body);
    assert.deepEqual(bodies.slice(1), [{ amount: 6144 }, { amount: 4096 }]);
  });
});

describe("executing a pipeline", () => {
  const route = "POST /platform/pipeline/execute";

  it("says so when it is paused", async () => {
    const detail = { status: false, exception_type: "PipelinePaused", traceback: "Unpause first." };
    await using server = await startScriptedMaestro({ [route]: [refused(400, { detail })] });
    await using client = clientOf(server);

    await assert.rejects(client.executePipeline(PIPELINE), {
      code: "PIPELINE_PAUSED",
      message: [
        `Could not execute pipeline ${PIPELINE}: Maestro answered 400 (PipelinePaused: Unpause first.).`,
        "Nothing was changed.",
        "Unpause the pipeline in Dadosfera, then run the same command again.",
      ].join("\n"),
    });
  });

  it("does not take a failure in the guise of a success for one", async () => {
    await using server = await startScriptedMaestro({ [route]: [ok({ status: false })] });
    await using client = clientOf(server);

    await assert.rejects(client.executePipeline(PIPELINE), { code: "MAESTRO_REFUSED" });
  });
});
