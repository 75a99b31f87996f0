import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { pipelineId } from "#src/domain/job-id.js";
import { type Contract, findContract } from "./contract.js";
import { isEmulated } from "./emulated-operations.js";
import type { Exchange } from "./exchange.js";
import {
  firstJobOf,
  methodsOfClient,
  ordersPipeline,
  type PlayedClient,
  QUALIFY,
  startPlayedClient,
  UNKNOWN,
} from "./played-client.js";

const TOTP_SECRET = "JBSWY3DPEHPK3PXP";

describe("the client and the emulator, held against the contract", () => {
  let contract: Contract;
  const exchanges: Exchange[] = [];
  const called = new Set<string>();

  before(async function () {
    const found = findContract();
    if (found === undefined) return this.skip();
    this.timeout(60_000);
    contract = found;
    for (const [options, play] of PLAYS) {
      await using played = await startPlayedClient(options);
      await play(played);
      exchanges.push(...played.exchanges);
      for (const method of played.called) called.add(method);
    }
  });

  it("ask and answer with every operation that the client has", () => {
    const met = new Set(exchanges.map((one) => contract.operationOf(one)?.operationId));

    const missing = contract.openApi.operations
      .filter((one) => isEmulated(one) || one.operationId === "listPipelineRunsAlias")
      .map(({ operationId }) => operationId)
      .filter((operationId) => !met.has(operationId));

    assert.deepEqual(missing, []);
    assert.deepEqual(
      methodsOfClient().filter((name) => !called.has(name)),
      [],
    );
  });

  it("ask as the contract says", () => {
    const problems = exchanges.flatMap((one) => contract.requestProblems(one));

    assert.deepEqual(problems, []);
  });

  it("answer as the contract says, refusals too", () => {
    const problems = exchanges.flatMap((one) => contract.answerProblems(one));

    assert.deepEqual(problems, []);
    assert.deepEqual(
      [...new Set(exchanges.map(({ status }) => status))].toSorted((a, b) => a - b),
      [200, 400, 401, 404, 405, 422],
    );
  });
});

type Play = readonly [
  Parameters<typeof startPlayedClient>[0],
  (played: PlayedClient) => Promise<void>,
];

const PLAYS: readonly Play[] = [
  [{}, playLife],
  [{}, playRefusals],
  [
    {
      totpSecret: TOTP_SECRET,
      switches: {
        syncModeMethod: "put",
        unroutedMethodStatus: 405,
        runListPath: "runs",
        runObjectStyle: "reference",
        jobObjectStyle: "reference",
        cursorTypeOnRead: "coarse",
      },
    },
    playOtherReadings,
  ],
  [{ switches: { syncModeMethod: "put" }, apiKey: "ddf_emulated" }, playOtherReadings],
  [{ password: "wrong" }, playLockedOut],
];

async function playLife({ client, idle, expireToken }: PlayedClient): Promise<void> {
  const id = pipelineId.parse(randomUUID());
  const job = firstJobOf(id);
  await client.createPipeline(ordersPipeline(id, "Pedidos"));
  await client.findPipeline(id);
  await client.listPipelines();
  await client.takeInventory();
  await client.allowedDatatypes();
  await client.patchPipeline(id, { name: "Pedidos novos", description: "", cron: null });
  await client.setPipelineMemory(id, 6144);
  await client.setJobMemory(job, 4096);
  await client.addJobColumns(job, ["valor"]);
  await client.executePipeline(id);
  await idle();
  const [run] = await client.listRuns(id);
  await client.findRun(id, run?.runId ?? "");
  await client.resetStateTo(job, "2025-12-17 16:49:00");
  await client.resetStateTo(job, 1_766_000_000);
  await client.resetState(job);
  await client.setSyncMode(job, QUALIFY);
  await client.setSyncMode(job, { targetLoadType: "full_load", force: true });
  await client.pausePipeline(id);
  await client.pausePipeline(id);
  await client.unpausePipeline(id);
  await client.unpausePipeline(id);
  expireToken();
  await client.findJob(job);
  await client.showJob(job);
  await client.deletePipeline(id);
  await client.deletePipeline(id);
}

async function playRefusals({ client, outcome }: PlayedClient): Promise<void> {
  const [id, other] = [pipelineId.parse(randomUUID()), pipelineId.parse(randomUUID())];
  const [job, unknownJob] = [firstJobOf(id), firstJobOf(UNKNOWN)];
  await client.createPipeline(ordersPipeline(id, "Pedidos"));
  await client.createPipeline(ordersPipeline(other, "Itens"));
  await client.pausePipeline(id);

  const outcomes = [
    await outcome(client.createPipeline(ordersPipeline(id, "Pedidos"))),
    await outcome(client.createPipeline({ ...ordersPipeline(UNKNOWN, "Cron"), cron: "soon" })),
    await outcome(client.patchPipeline(id, { name: "Itens" })),
    await outcome(client.patchPipeline(id, { cron: "soon" })),
    await outcome(client.executePipeline(id)),
    await outcome(client.setSyncMode(job, { ...QUALIFY, incrementalColumnType: "blob" })),
    await outcome(client.patchPipeline(UNKNOWN, { cron: null })),
    await outcome(client.pausePipeline(UNKNOWN)),
    await outcome(client.unpausePipeline(UNKNOWN)),
    await outcome(client.executePipeline(UNKNOWN)),
    await outcome(client.setPipelineMemory(UNKNOWN, 2048)),
    await outcome(client.listRuns(UNKNOWN)),
    await outcome(client.setJobMemory(unknownJob, 2048)),
    await outcome(client.addJobColumns(unknownJob, ["valor"])),
    await outcome(client.resetState(unknownJob)),
    await outcome(client.setSyncMode(unknownJob, QUALIFY)),
  ];
  const absent = [
    await client.findPipeline(UNKNOWN),
    await client.findJob(unknownJob),
    await client.showJob(unknownJob),
  ];

  assert.deepEqual(outcomes, [
    ...Array(4).fill("MAESTRO_REFUSED"),
    "PIPELINE_PAUSED",
    "MAESTRO_REFUSED",
    ...Array(6).fill("PIPELINE_NOT_FOUND"),
    ...Array(4).fill("JOB_NOT_FOUND"),
  ]);
  assert.deepEqual(absent, [undefined, undefined, undefined]);
}

/** What is read otherwise, or found elsewhere, than by default. */
async function playOtherReadings({ client, idle }: PlayedClient): Promise<void> {
  const id = pipelineId.parse(randomUUID());
  const job = firstJobOf(id);
  await client.createPipeline(ordersPipeline(id, "Pedidos"));
  await client.executePipeline(id);
  await idle();
  const [run] = await client.listRuns(id);
  await client.findRun(id, run?.runId ?? "");
  await client.findJob(job);
  await client.showJob(job);
  await client.setSyncMode(job, QUALIFY);
  await client.findJob(job);
  await client.deletePipeline(id);
}

async function playLockedOut({ client, outcome }: PlayedClient): Promise<void> {
  assert.equal(await outcome(client.listPipelines()), "MAESTRO_UNAUTHORIZED");
}
