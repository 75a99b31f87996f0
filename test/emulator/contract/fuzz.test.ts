import assert from "node:assert/strict";
import fc from "fast-check";
import { type Emulator, startEmulator } from "#src/emulator/emulator.js";
import type { Tokens } from "#src/emulator/maestro/accounts.js";
import { wordsOf } from "./arbitraries.js";
import { type Contract, findContract } from "./contract.js";
import { isEmulated } from "./emulated-operations.js";
import { type Exchange, send } from "./exchange.js";
import { type FuzzedRequest, requestsTo, type Surroundings } from "./fuzzed-request.js";

/** Requests to each operation; more, and another seed, for a longer search. */
const RUNS = Number(process.env["FUZZ_RUNS"] ?? 20);
const SEED = process.env["FUZZ_SEED"];

/** The pipeline of the contract's own examples: bodies made from their words are about it. */
const PIPELINE = "5e0c9a41-2d7f-4b86-a3c4-9f61d208be73";

/** The account of the contract's examples, with a key. */
const ACCOUNT = {
  username: "robo.etl@exemplo.com.br",
  password: "********",
  customerName: "exemplo-varejo",
  apiKey: "ddf_emulated",
};

describe("the emulator under requests that nobody would write", () => {
  it("never fails, never answers outside the contract, and takes no body that the contract forbids", async function () {
    const contract = findContract();
    if (contract === undefined) return this.skip();
    this.timeout(60_000 + RUNS * 10_000);
    await using world = await fuzzedWorld(contract);

    const answered = await askEverything(world.requests, async (request) => {
      const [met, ...looks] = await world.meet(request);
      assert.deepEqual([met, ...looks].flatMap(problemsOf(contract)), []);
      assert.deepEqual(forbidden(met, contract), []);
    });

    assert.equal(answered, world.requests.length * RUNS);
  });
});

/** Asks each operation so many times; answers how often it asked, or rejects with the smallest request that is answered wrongly. */
async function askEverything(
  requests: readonly fc.Arbitrary<FuzzedRequest>[],
  judge: (request: FuzzedRequest) => Promise<void>,
): Promise<number> {
  const seed = SEED === undefined ? {} : { seed: Number(SEED) };
  let count = 0;
  for (const ofOne of requests) {
    const law = fc.asyncProperty(ofOne, async (request) => {
      count += 1;
      await judge(request);
    });
    await fc.assert(law, { numRuns: RUNS, ...seed });
  }
  return count;
}

function problemsOf(contract: Contract) {
  return (exchange: Exchange): readonly string[] => [
    ...contract.answerProblems(exchange),
    ...(exchange.status < 500 ? [] : [`a failure: ${exchange.received}`]),
  ];
}

/** What is wrong with a body that was taken all the same; where none is described, none is looked at. */
function forbidden(exchange: Exchange, contract: Contract): readonly string[] {
  const operation = contract.operationOf(exchange);
  if (exchange.status > 299 || operation?.body === undefined) return [];
  return contract.bodyProblems(operation, exchange.sent);
}

async function fuzzedWorld(contract: Contract) {
  const emulator = await startEmulator({
    accounts: [ACCOUNT],
    switches: { jobObjectStyle: "reference" },
  });
  await emulator.source.run(`
    CREATE SCHEMA estoque;
    CREATE TABLE estoque.itens (item_id INTEGER, loja_id INTEGER, saldo INTEGER, alterado_em TIMESTAMP);
    INSERT INTO estoque.itens VALUES (1, 1, 5, TIMESTAMP '2026-03-01 10:00:00');
  `);
  const tokens = await signIn(emulator);
  const surroundings = { ...ACCOUNT, pipelineId: PIPELINE, token: tokens.accessToken };
  const operations = contract.openApi.operations.filter(isEmulated);
  const words = new Map([
    ...wordsOf(contract.openApi.source),
    ["refreshToken", [tokens.refreshToken]],
  ]);
  return {
    requests: operations.map((one) => requestsTo(one, words, surroundings)),
    meet: (request: FuzzedRequest) => meet(request, { contract, emulator, surroundings }),
    [Symbol.asyncDispose]: () => emulator[Symbol.asyncDispose](),
  };
}

interface Meeting {
  readonly contract: Contract;
  readonly emulator: Emulator;
  readonly surroundings: Surroundings;
}

/** Sends the request about a pipeline made for it, looks at everything after it, and tidies up. */
async function meet(
  request: FuzzedRequest,
  meeting: Meeting,
): Promise<readonly [Exchange, ...Exchange[]]> {
  const { contract, emulator, surroundings } = meeting;
  const authorized = {
    authorization: surroundings.token,
    customer_name: surroundings.customerName,
  };
  const go = (method: string, url: string, sent = "") =>
    send(emulator.maestroUrl, { method, url, headers: authorized, sent });
  const [example] = contract.operation("createPipeline").body?.examples ?? [];
  const definition = { ...(example as object), cron: null };
  await go("POST", "/platform/pipeline", JSON.stringify(definition));
  const pause = JSON.stringify({ pipeline_id: PIPELINE });
  if (request.isPaused) await go("POST", "/platform/pipeline/pause", pause);
  const met = await send(emulator.maestroUrl, request);
  await emulator.runs.idle();
  const list = await go("GET", "/platform/pipelines");
  const ids = pipelineIds(list);
  const isRead = request.method === "GET";
  const looks = isRead ? [] : await Promise.all(ids.flatMap(readsOf).map((url) => go("GET", url)));
  await Promise.all(ids.map((id) => go("DELETE", `/platform/pipeline/${id}`)));
  return [met, list, ...looks];
}

/** Everything that there is to see of a pipeline. */
function readsOf(id: string): readonly string[] {
  const path = `/platform/pipeline/${id}`;
  return [path, `/platform/jobs/jdbc/${id}_0`, `${path}/pipeline_run`];
}

function pipelineIds(list: Exchange): readonly string[] {
  const pipelines: readonly { readonly pipeline_id: string }[] = JSON.parse(list.received);
  return pipelines.map((pipeline) => pipeline.pipeline_id);
}

async function signIn({ maestroUrl }: Emulator): Promise<Tokens> {
  const { username, password } = ACCOUNT;
  const { received } = await send(maestroUrl, {
    method: "POST",
    url: "/auth/sign-in",
    headers: { "content-type": "application/json" },
    sent: JSON.stringify({ username, password }),
  });
  return JSON.parse(received).tokens;
}
