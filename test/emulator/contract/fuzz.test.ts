import assert from "node:assert/strict";
import fc from "fast-check";
import { type Emulator, startEmulator } from "#src/emulator/emulator.js";
import { wordsOf } from "./arbitraries.js";
import { type Contract, findContract } from "./contract.js";
import { isEmulated } from "./emulated-operations.js";
import { type Exchange, send } from "./exchange.js";
import { type FuzzedRequest, requestsTo, type Surroundings } from "./fuzzed-request.js";

/** Requests to each operation; more, and another seed, for a longer search. */
const RUNS = Number(process.env["FUZZ_RUNS"] ?? 8);
const SEED = process.env["FUZZ_SEED"];

/** The pipeline of the contract's own examples: bodies made from their words are about it. */
const PIPELINE = "5e0c9a41-2d7f-4b86-a3c4-9f61d208be73";
const API_KEY = "ddf_emulated";

describe("the emulator under requests that nobody would write", () => {
  it("never fails, and never answers outside the contract", async function () {
    const contract = findContract();
    if (contract === undefined) return this.skip();
    this.timeout(60_000 + RUNS * 10_000);
    await using world = await fuzzedWorld(contract);

    const answered = await askEverything(world, (request) =>
      world.meet(request).then((exchanges) => {
        assert.deepEqual(exchanges.flatMap(problemsOf(contract)), []);
      }),
    );

    assert.equal(answered, world.requests.length * RUNS);
  });
});

/** Asks each operation so many times; answers how often it asked, or rejects with the smallest request that is answered wrongly. */
async function askEverything(
  { requests }: { readonly requests: readonly fc.Arbitrary<FuzzedRequest>[] },
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

async function fuzzedWorld(contract: Contract) {
  const emulator = await startEmulator({
    apiKey: API_KEY,
    switches: { jobObjectStyle: "reference" },
  });
  await emulator.source.run(`
    CREATE SCHEMA estoque;
    CREATE TABLE estoque.itens (item_id INTEGER, loja_id INTEGER, saldo INTEGER, alterado_em TIMESTAMP);
    INSERT INTO estoque.itens VALUES (1, 1, 5, TIMESTAMP '2026-03-01 10:00:00');
  `);
  const token = await signIn(emulator);
  const surroundings = {
    pipelineId: PIPELINE,
    token,
    apiKey: API_KEY,
    customerName: "exemplo-varejo",
  };
  const operations = contract.openApi.operations.filter(isEmulated);
  const words = wordsOf(contract.openApi.source);
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
async function meet(request: FuzzedRequest, meeting: Meeting): Promise<readonly Exchange[]> {
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
  const met = await send(emulator.maestroUrl, request);
  await emulator.runs.idle();
  const list = await go("GET", "/platform/pipelines");
  const ids = pipelineIds(list);
  const reads = ids.flatMap((id) => [
    `/platform/pipeline/${id}`,
    `/platform/jobs/jdbc/${id}_0`,
    `/platform/pipeline/${id}/pipeline_run`,
  ]);
  const looks = await Promise.all(reads.map((url) => go("GET", url)));
  await Promise.all(ids.map((id) => go("DELETE", `/platform/pipeline/${id}`)));
  return [met, list, ...looks];
}

function pipelineIds(list: Exchange): readonly string[] {
  const pipelines: readonly { readonly pipeline_id: string }[] = JSON.parse(list.received);
  return pipelines.map((pipeline) => pipeline.pipeline_id);
}

async function signIn({ maestroUrl, environment }: Emulator): Promise<string> {
  const { DADOSFERA_USERNAME: username, DADOSFERA_PASSWORD: password } = environment;
  const { received } = await send(maestroUrl, {
    method: "POST",
    url: "/auth/sign-in",
    headers: { "content-type": "application/json" },
    sent: JSON.stringify({ username, password }),
  });
  return JSON.parse(received).tokens.accessToken;
}
