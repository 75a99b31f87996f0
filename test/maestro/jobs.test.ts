import assert from "node:assert/strict";
import {
  JOB,
  JOB_PATH,
  jobSample,
  PIPELINE,
  SPELLED_OTHERWISE,
  UNKNOWN_JOB,
} from "../support/maestro-samples.js";
import {
  asked,
  clientOf,
  notRouted,
  ok,
  refused,
  startScriptedMaestro,
} from "../support/scripted-maestro.js";

describe("reading a job", () => {
  it("gives its record", async () => {
    await using server = await startScriptedMaestro({ [`GET ${JOB_PATH}`]: [ok(jobSample)] });
    await using client = clientOf(server);

    assert.deepEqual(await client.findJob(JOB), {
      id: JOB,
      pipelineId: PIPELINE,
      pipelineName: "Itens de estoque",
      cron: "@once",
      jobName: "estoque_itens",
      connector: "jdbc",
      plugin: "mysql",
      tableSchema: "estoque",
      tableName: "itens",
      columnIncludeList: ["item_id", "loja_id", "saldo", "alterado_em"],
      loadType: "incremental",
      incrementalColumnName: "alterado_em",
      incrementalColumnType: "timestamp",
      destinationTable: "tb__magjwo__estoque__itens",
    });
  });

  it("asks once more with underscores for a job that is not found", async () => {
    const otherwise = `GET /platform/jobs/jdbc/${SPELLED_OTHERWISE}`;
    await using server = await startScriptedMaestro({
      [`GET ${JOB_PATH}`]: [UNKNOWN_JOB],
      [otherwise]: [ok(jobSample)],
    });
    await using client = clientOf(server);

    assert.equal((await client.findJob(JOB))?.id, JOB);
    assert.deepEqual(asked(server), [`GET ${JOB_PATH}`, otherwise]);
  });

  it("answers undefined when there is no such job under either spelling", async () => {
    await using server = await startScriptedMaestro({
      [`GET ${JOB_PATH}`]: [UNKNOWN_JOB],
      [`GET /platform/jobs/jdbc/${SPELLED_OTHERWISE}`]: [UNKNOWN_JOB],
    });
    await using client = clientOf(server);

    assert.equal(await client.findJob(JOB), undefined);
  });

  it("takes a missing route for a wrong address, not for an absent job", async () => {
    await using server = await startScriptedMaestro({});
    await using client = clientOf(server);

    await assert.rejects(client.findJob(JOB), { code: "ROUTE_NOT_FOUND" });
  });
});

describe("changing a job", () => {
  const reset = `POST /platform/jobs/${JOB}/reset-state`;

  it("adds columns", async () => {
    await using server = await startScriptedMaestro({
      [`PATCH /platform/jobs/${JOB}/input`]: [ok({ status: true, updated_fields: ["info"] })],
    });
    await using client = clientOf(server);

    await client.addJobColumns(JOB, ["peso_kg"]);

    assert.deepEqual(server.requests.at(-1)?.body, { column_include_list: ["peso_kg"] });
  });

  it("clears the state with no body at all", async () => {
    await using server = await startScriptedMaestro({ [reset]: [ok({ status: true })] });
    await using client = clientOf(server);

    await client.resetState(JOB);

    assert.equal(server.requests.at(-1)?.body, undefined);
    assert.equal(server.requests.at(-1)?.headers["content-type"], undefined);
  });

  it("sets the state, and tells what Maestro echoed", async () => {
    const value = "2026-03-01 00:00:00";
    await using server = await startScriptedMaestro({
      [reset]: [ok({ status: true, detail: "…", incremental_column_value: value, state: {} })],
    });
    await using client = clientOf(server);

    assert.deepEqual(await client.resetStateTo(JOB, value), { echoed: value });
    assert.deepEqual(server.requests.at(-1)?.body, { incremental_column_value: value });
  });

  it("does not know what was set when the echo is missing", async () => {
    await using server = await startScriptedMaestro({ [reset]: [ok({ status: true })] });
    await using client = clientOf(server);

    await assert.rejects(client.resetStateTo(JOB, 7), { code: "MAESTRO_OUTCOME_UNKNOWN" });
  });

  it("gives the types a cursor may have", async () => {
    const data = { mysql: ["datetime", "timestamp"] };
    await using server = await startScriptedMaestro({
      "GET /platform/jobs/jdbc/configs/allowed_datatypes": [ok({ status: true, data })],
    });
    await using client = clientOf(server);

    assert.deepEqual(await client.allowedDatatypes(), data);
  });
});

describe("changing a job's load type", () => {
  const path = `${JOB_PATH}/sync-mode`;
  const mode = { targetLoadType: "incremental_with_qualify", primaryKeys: ["item_id"] } as const;

  it("is a POST, for as long as Maestro routes it", async () => {
    await using server = await startScriptedMaestro({ [`POST ${path}`]: [ok({})] });
    await using client = clientOf(server);

    await client.setSyncMode(JOB, mode);

    assert.deepEqual(asked(server), [`POST ${path}`]);
    assert.deepEqual(server.requests.at(-1)?.body, {
      target_load_type: "incremental_with_qualify",
      primary_keys: ["item_id"],
    });
  });

  for (const [name, reaction] of [
    ["is not routed", notRouted({ method: "POST", path })],
    ["is not allowed", refused(405, { detail: "Method Not Allowed" })],
  ] as const) {
    it(`is a PUT when POST ${name}, and from then on`, async () => {
      await using server = await startScriptedMaestro({
        [`POST ${path}`]: [reaction],
        [`PUT ${path}`]: [ok({})],
      });
      await using client = clientOf(server);

      await client.setSyncMode(JOB, mode);
      await client.setSyncMode(JOB, mode);

      assert.deepEqual(asked(server), [`POST ${path}`, `PUT ${path}`, `PUT ${path}`]);
    });
  }

  it("is never a PUT because the job is unknown", async () => {
    await using server = await startScriptedMaestro({
      [`POST ${path}`]: [UNKNOWN_JOB],
      [`POST /platform/jobs/jdbc/${SPELLED_OTHERWISE}/sync-mode`]: [UNKNOWN_JOB],
    });
    await using client = clientOf(server);

    await assert.rejects(client.setSyncMode(JOB, mode), { code: "JOB_NOT_FOUND" });
    assert.deepEqual(
      asked(server).filter((route) => route.startsWith("PUT")),
      [],
    );
  });
});
