import assert from "node:assert/strict";
import { aPipeline, maestroUnderTest } from "./maestro-under-test.js";

describe("a body that Maestro cannot take", () => {
  it("[I] is refused by pause and unpause in the shape of their other refusals", async () => {
    await using maestro = await maestroUnderTest();

    const paused = await maestro.send("POST", "/platform/pipeline/pause", {});
    const unpaused = await maestro.send("POST", "/platform/pipeline/unpause", {});

    assert.deepEqual([paused.status, unpaused.status], [400, 400]);
    assert.equal(paused.body.detail.traceback, "pipeline_id is required");
    assert.deepEqual(unpaused.body, paused.body);
  });

  it("[I] is refused by a change of a pipeline with 400, as what is read-only", async () => {
    await using maestro = await maestroUnderTest();
    const pipeline = aPipeline();
    await maestro.create(pipeline);

    const answer = await maestro.send("PATCH", `/platform/pipeline/${pipeline.id}`, {
      description: null,
      cron: "soon",
    });

    assert.equal(answer.status, 400);
    assert.equal(
      answer.body.detail,
      "body.description: none is not an allowed value; body.cron: invalid cron expression",
    );
  });

  it("[I] is refused by the gateway when it asks for memory", async () => {
    await using maestro = await maestroUnderTest();
    const pipeline = aPipeline();
    await maestro.create(pipeline);

    const ofPipeline = await maestro.send("PUT", `/platform/pipeline/${pipeline.id}/memory`, {});
    const ofJob = await maestro.send("PUT", `/platform/jobs/${pipeline.id}-0/memory`, {
      amount: "1024",
    });

    assert.deepEqual(ofPipeline.body, {
      message: ["amount must be an integer not less than 1"],
      error: "Bad Request",
      statusCode: 400,
    });
    assert.deepEqual(ofJob.body, ofPipeline.body);
  });

  it("[I] never clears a bookmark for want of a value", async () => {
    await using maestro = await maestroUnderTest();
    const pipeline = aPipeline();
    await maestro.create(pipeline);
    const path = `/platform/jobs/${pipeline.id}-0/reset-state`;

    const empty = await maestro.send("POST", path, null);
    const nothing = await maestro.send("POST", path, { incremental_column_value: null });

    assert.deepEqual([empty.status, nothing.status], [422, 422]);
  });

  it("[I] changes nothing that GET job could not show", async () => {
    await using maestro = await maestroUnderTest();
    const pipeline = aPipeline();
    await maestro.create(pipeline);

    const answer = await maestro.send("PATCH", `/platform/jobs/${pipeline.id}-0/input`, {
      connector: "s3",
      table_name: 5,
      network_config: "none",
    });

    const named = answer.body.detail.map(({ loc }: { loc: readonly string[] }) => loc.at(-1));
    assert.equal(answer.status, 422);
    assert.deepEqual(named, ["connector", "table_name", "network_config"]);
  });
});
