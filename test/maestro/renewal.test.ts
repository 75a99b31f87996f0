import assert from "node:assert/strict";
import {
  JOB,
  JOB_PATH,
  jobSample,
  PIPELINE,
  PIPELINE_PATH,
  pipelineSample,
} from "../support/maestro-samples.js";
import { QuickClock } from "../support/quick-clock.js";
import {
  clientOf,
  ok,
  REFRESH,
  refused,
  SIGN_IN,
  startScriptedMaestro,
  traffic,
} from "../support/scripted-maestro.js";

const MINUTE_MS = 60_000;
const READ = `GET ${PIPELINE_PATH}`;
const readable = { [READ]: [ok(pipelineSample)] };
const EXPIRED = refused(401, { statusCode: 401, message: "Unauthorized" });

describe("renewing a token", () => {
  it("happens after 25 minutes, before Maestro refuses it", async () => {
    const clock = new QuickClock();
    await using server = await startScriptedMaestro({
      ...readable,
      [REFRESH]: [ok({ tokens: { accessToken: "renewed" } })],
    });
    await using client = clientOf(server, {}, { clock });

    await client.findPipeline(PIPELINE);
    clock.advance(24 * MINUTE_MS);
    await client.findPipeline(PIPELINE);
    clock.advance(MINUTE_MS);
    await client.findPipeline(PIPELINE);

    assert.deepEqual(traffic(server).routes, [SIGN_IN, READ, READ, REFRESH, READ]);
    assert.deepEqual(traffic(server).tokens, ["token-1", "token-1", "renewed"]);
    assert.deepEqual(server.requests[3]?.body, {
      refreshToken: "refresh-1",
      customerName: "exemplo-varejo",
    });
  });

  it("takes a new token at the root of the answer, too", async () => {
    await using server = await startScriptedMaestro({
      [READ]: [EXPIRED, ok(pipelineSample)],
      [REFRESH]: [ok({ accessToken: "renewed" })],
    });
    await using client = clientOf(server);

    await client.findPipeline(PIPELINE);

    assert.deepEqual(traffic(server).tokens, ["token-1", "renewed"]);
  });

  for (const [name, reaction] of [
    ["is refused", refused(401, { msg: "expired" })],
    ["brings no token", ok({ tokens: {} })],
    ["gets no answer", { kind: "close-before" }],
  ] as const) {
    it(`is a new sign-in when the refresh ${name}`, async () => {
      await using server = await startScriptedMaestro({
        [READ]: [EXPIRED, ok(pipelineSample)],
        [REFRESH]: [reaction],
      });
      await using client = clientOf(server);

      await client.findPipeline(PIPELINE);

      assert.deepEqual(traffic(server).routes, [SIGN_IN, READ, REFRESH, SIGN_IN, READ]);
      assert.deepEqual(traffic(server).tokens, ["token-1", "token-2"]);
    });
  }

  it("is tried once for a request, then the refusal stands", async () => {
    await using server = await startScriptedMaestro({ [READ]: [EXPIRED] });
    await using client = clientOf(server);

    await assert.rejects(client.findPipeline(PIPELINE), { code: "MAESTRO_UNAUTHORIZED" });
    assert.deepEqual(traffic(server).tokens, ["token-1", "token-2"]);
  });

  it("serves an effect that was refused for its token, too: it was not accepted", async () => {
    const execute = "POST /platform/pipeline/execute";
    await using server = await startScriptedMaestro({ [execute]: [EXPIRED, ok({})] });
    await using client = clientOf(server);

    await client.executePipeline(PIPELINE);

    assert.deepEqual(traffic(server).tokens, ["token-1", "token-2"]);
  });

  it("is done once for all whose token was refused at the same time", async () => {
    const others = Array.from({ length: 4 }, () => EXPIRED);
    await using server = await startScriptedMaestro({
      [READ]: [...others, ok(pipelineSample)],
      [`GET ${JOB_PATH}`]: [ok(jobSample)],
    });
    await using client = clientOf(server);
    await client.findJob(JOB);

    await Promise.all(others.map(() => client.findPipeline(PIPELINE)));

    assert.equal(traffic(server).routes.filter((route) => route === SIGN_IN).length, 2);
  });

  it("is not done again for a refusal that arrives after it", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await using server = await startScriptedMaestro({
      [READ]: [EXPIRED, ok(pipelineSample)],
      [`GET ${JOB_PATH}`]: [held.then(() => EXPIRED), ok(jobSample)],
      [REFRESH]: [ok({ accessToken: "renewed" })],
    });
    await using client = clientOf(server);

    const late = client.findJob(JOB);
    await client.findPipeline(PIPELINE);
    release();
    await late;

    assert.equal(traffic(server).routes.filter((route) => route === REFRESH).length, 1);
  });
});
