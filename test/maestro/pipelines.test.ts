import assert from "node:assert/strict";
import {
  JOB,
  PIPELINE,
  PIPELINE_PATH,
  pipelineSample,
  pipelinesSample,
  UNKNOWN_PIPELINE,
} from "../support/maestro-samples.js";
import { asked, clientOf, ok, refused, startScriptedMaestro } from "../support/scripted-maestro.js";

describe("reading pipelines", () => {
  it("gives a record of one", async () => {
    await using server = await startScriptedMaestro({
      [`GET ${PIPELINE_PATH}`]: [ok(pipelineSample)],
    });
    await using client = clientOf(server);

    assert.deepEqual(await client.findPipeline(PIPELINE), {
      id: PIPELINE,
      name: "Itens de estoque",
      description: "Estoque por loja",
      cron: "15 3 * * *",
      status: "active",
      jobs: [
        {
          id: JOB,
          input: {
            connector: "jdbc",
            plugin: "mysql",
            tableSchema: "estoque",
            tableName: "itens",
            loadType: "incremental",
            incrementalColumnName: "alterado_em",
            incrementalColumnType: "timestamp",
          },
          output: { plugin: "dadosfera_snowflake", tableName: "tb__magjwo__estoque__itens" },
        },
      ],
    });
  });

  it("answers undefined for one that is not there", async () => {
    await using server = await startScriptedMaestro({
      [`GET ${PIPELINE_PATH}`]: [UNKNOWN_PIPELINE],
    });
    await using client = clientOf(server);

    assert.equal(await client.findPipeline(PIPELINE), undefined);
  });

  it("lists them with their raw tables, and passes over ids that are no UUIDs", async () => {
    const foreign = { id: 7, pipeline_id: "legacy-7", name: "Antigo", cron: null, jobs: [] };
    await using server = await startScriptedMaestro({
      "GET /platform/pipelines": [ok([foreign, ...pipelinesSample])],
    });
    await using client = clientOf(server);

    assert.deepEqual(await client.listPipelines(), [
      {
        id: PIPELINE,
        name: "Itens de estoque",
        description: "Estoque por loja",
        cron: "15 3 * * *",
        lastStatus: "SUCCESS",
        jobs: [
          {
            id: JOB,
            rawTable: { tableName: "tb__magjwo__estoque__itens", tableSchema: "PUBLIC" },
          },
        ],
      },
    ]);
  });
});

describe("creating a pipeline", () => {
  it("sends every field under Maestro's name", async () => {
    await using server = await startScriptedMaestro({
      "POST /platform/pipeline": [{ kind: "empty", status: 201 }],
    });
    await using client = clientOf(server);

    await client.createPipeline({
      id: PIPELINE,
      name: "Itens de estoque",
      cron: null,
      jobs: [
        {
          input: {
            connector: "jdbc",
            plugin: "mysql",
            tableSchema: "estoque",
            tableName: "itens",
            loadType: "incremental_with_qualify",
            incrementalColumnName: "alterado_em",
            incrementalColumnType: "timestamp",
            primaryKeys: ["item_id"],
            columnIncludeList: ["item_id", "alterado_em"],
            memoryAllocationMb: 4096,
            networkConfig: { sshTunnel: { bastion_host: "b" } },
            authParameters: { authType: "connection_manager", configId: "1772_q7_mysql-1.0.0" },
          },
          transformations: [{ kindOf: "hash", target_column: "cpf" }],
          output: {
            plugin: "dadosfera_snowflake",
            raw: { tableName: "itens_bruto", tableSchema: "BRONZE" },
            qualify: { tableName: "itens", tableSchema: "PRATA" },
          },
        },
      ],
    });

    assert.deepEqual(server.requests.at(-1)?.body, {
      id: PIPELINE,
      name: "Itens de estoque",
      cron: null,
      jobs: [
        {
          input: {
            connector: "jdbc",
            plugin: "mysql",
            table_schema: "estoque",
            table_name: "itens",
            load_type: "incremental_with_qualify",
            incremental_column_name: "alterado_em",
            incremental_column_type: "timestamp",
            primary_keys: ["item_id"],
            column_include_list: ["item_id", "alterado_em"],
            memory_allocation_mb: 4096,
            network_config: { sshTunnel: { bastion_host: "b" } },
            auth_parameters: { auth_type: "connection_manager", config_id: "1772_q7_mysql-1.0.0" },
          },
          transformations: [{ kindOf: "hash", target_column: "cpf" }],
          output: {
            plugin: "dadosfera_snowflake",
            raw: { table_name: "itens_bruto", table_schema: "BRONZE" },
            qualify: { table_name: "itens", table_schema: "PRATA" },
          },
        },
      ],
    });
  });
});

describe("deleting a pipeline", () => {
  const route = `DELETE ${PIPELINE_PATH}`;
  const gone = { detail: `pipeline_id ${PIPELINE} not found!!` };

  it("sends the tenant's name that sign-in gave", async () => {
    await using server = await startScriptedMaestro({
      [route]: [ok({ pipeline_id: PIPELINE, status: "PIPELINE_DELETED" })],
    });
    await using client = clientOf(server);

    await client.deletePipeline(PIPELINE);

    assert.partialDeepStrictEqual(server.requests.at(-1)?.headers, {
      customer_name: "exemplo-varejo",
    });
  });

  it("is not sent under a tenant's name that a header cannot carry", async () => {
    const named = { tokens: { accessToken: "token-1" }, customer: { name: "loja → centro" } };
    await using server = await startScriptedMaestro({ "POST /auth/sign-in": [ok(named)] });
    await using client = clientOf(server);

    await assert.rejects(client.deletePipeline(PIPELINE), { now: "Nothing was changed." });
    assert.deepEqual(asked(server), []);
  });

  it("succeeds when it is already gone", async () => {
    await using server = await startScriptedMaestro({ [route]: [refused(404, gone)] });
    await using client = clientOf(server);

    await client.deletePipeline(PIPELINE);
  });

  it("says that the tenant's name is at fault, and renews no token for it", async () => {
    await using server = await startScriptedMaestro({
      [route]: [refused(401, { msg: "Unauthorized" })],
    });
    await using client = clientOf(server);

    await assert.rejects(client.deletePipeline(PIPELINE), {
      code: "MAESTRO_UNAUTHORIZED",
      next: /DADOSFERA_CUSTOMER_NAME/,
    });
    assert.deepEqual(asked(server), [route]);
  });

  it("asks for the tenant's name when an API key does not tell it, and sends nothing", async () => {
    await using server = await startScriptedMaestro({});
    await using client = clientOf(server, { apiKey: "ddf_1" });

    await assert.rejects(client.deletePipeline(PIPELINE), { code: "SETTINGS_MISSING" });
    assert.deepEqual(server.requests, []);
  });
});
