import assert from "node:assert/strict";
import { startEmulator } from "#src/emulator/emulator.js";
import { type Contract, differenceOf, findContract } from "./contract.js";
import { DIFFERENCES } from "./differences.js";
import { type Exchange, send } from "./exchange.js";

const PIPELINE = "/platform/pipeline/5e0c9a41-2d7f-4b86-a3c4-9f61d208be73";
const JOB = "5e0c9a41-2d7f-4b86-a3c4-9f61d208be73-0";

describe("a listed difference from the contract", () => {
  it("is one that the emulator still has", async function () {
    const contract = findContract();
    if (contract === undefined) return this.skip();
    const exchanges = await askForEachDifference(contract);

    const met = exchanges.map((one) => {
      const operation = contract.operationOf(one);
      return operation && differenceOf(operation, one)?.name;
    });
    const problems = exchanges.flatMap((one) => contract.answerProblems(one));

    assert.deepEqual(
      met,
      DIFFERENCES.map(({ name }) => name),
    );
    assert.deepEqual(problems, []);
  });
});

/** One request for each difference, in their order. */
async function askForEachDifference(contract: Contract): Promise<readonly Exchange[]> {
  const apiKey = "ddf_emulated";
  await using emulator = await startEmulator({
    apiKey,
    switches: { syncModeMethod: "post", unroutedMethodStatus: 405, runListPath: "runs" },
  });
  const ask = (method: string, url: string, sent = "", headers = {}) =>
    send(emulator.maestroUrl, {
      method,
      url,
      sent,
      headers: { "x-api-key": apiKey, "content-type": "application/json", ...headers },
    });
  const [definition] = contract.operation("createPipeline").body?.examples ?? [];
  await ask(
    "POST",
    "/platform/pipeline",
    JSON.stringify({ ...(definition as object), cron: null }),
  );
  const answers = [
    await ask("DELETE", PIPELINE, "", { "x-api-key": "none", customer_name: "exemplo-varejo" }),
    await ask("POST", `/platform/jobs/${JOB}/reset-state`, '{"incremental_column_value":[]}'),
    await ask("GET", "/platform/pipeline/00000000-0000-4000-8000-000000000000/runs"),
    await ask("GET", `${PIPELINE}/pipeline_run`),
    await ask("PUT", `/platform/jobs/jdbc/${JOB}/sync-mode`, "{}"),
    await ask("POST", "/platform/pipeline/execute", "{"),
  ];
  emulator.limit(0);
  return [await ask("GET", "/platform/pipelines"), ...answers];
}
