import assert from "node:assert/strict";
import { totpCode } from "#src/maestro/totp.js";
import { JOB, PIPELINE, PIPELINE_PATH, pipelineSample } from "../support/maestro-samples.js";
import { QuickClock } from "../support/quick-clock.js";
import {
  clientOf,
  ok,
  refused,
  SIGN_IN,
  signedIn,
  startScriptedMaestro,
  traffic,
} from "../support/scripted-maestro.js";

const READ = `GET ${PIPELINE_PATH}`;
const readable = { [READ]: [ok(pipelineSample)] };
const EXPIRED = refused(401, { statusCode: 401, message: "Unauthorized" });

describe("signing in", () => {
  it("happens once, before the first request, and the token is sent bare", async () => {
    await using server = await startScriptedMaestro(readable);
    await using client = clientOf(server);

    await client.findPipeline(PIPELINE);
    await client.findPipeline(PIPELINE);

    assert.deepEqual(traffic(server).routes, [SIGN_IN, READ, READ]);
    assert.deepEqual(traffic(server).tokens, ["token-1", "token-1"]);
    assert.deepEqual(server.requests[0]?.body, {
      username: "robo@exemplo.com.br",
      password: "correct-horse",
    });
  });

  it("is shared by all who ask at the same time", async () => {
    await using server = await startScriptedMaestro(readable);
    await using client = clientOf(server);

    await Promise.all(Array.from({ length: 20 }, () => client.findPipeline(PIPELINE)));

    assert.equal(traffic(server).routes.filter((route) => route === SIGN_IN).length, 1);
  });

  it("sends the code of the moment and the tenant's name, when they are known", async () => {
    const clock = new QuickClock();
    const totpSecret = "GEZDGNBVGY3TQOJQ";
    await using server = await startScriptedMaestro(readable);
    await using client = clientOf(server, { totpSecret, customerName: "exemplo" }, { clock });

    await client.findPipeline(PIPELINE);

    assert.deepEqual(server.requests[0]?.body, {
      username: "robo@exemplo.com.br",
      password: "correct-horse",
      totp: totpCode(totpSecret, clock.now()),
      customerName: "exemplo",
    });
  });

  it("never uses a code twice, and waits for the next one", async () => {
    const clock = new QuickClock();
    await using server = await startScriptedMaestro({
      [SIGN_IN]: [{ kind: "close-before" }, signedIn("token-1", "refresh-1")],
      ...readable,
    });
    await using client = clientOf(server, { totpSecret: "GEZDGNBVGY3TQOJQ" }, { clock });

    await client.findPipeline(PIPELINE);

    const codes = server.requests.slice(0, 2).map(({ body }) => Object(body).totp);
    assert.equal(new Set(codes).size, 2);
    assert.equal(clock.waits.length, 2);
  });

  it("without a token in the answer says what to check", async () => {
    const body = { mfaStatus: "ENABLED", tokens: { accessToken: "" } };
    await using server = await startScriptedMaestro({ [SIGN_IN]: [ok(body)], ...readable });
    await using client = clientOf(server);

    await assert.rejects(client.findPipeline(PIPELINE), {
      code: "MAESTRO_UNAUTHORIZED",
      message: [
        'Could not sign in to Maestro as "robo@exemplo.com.br": it accepted the password but gave no access token.',
        "Nothing was changed.",
        "Set DADOSFERA_TOTP_SECRET (dadosfera:totpSecret) if multi-factor authentication is on for this user, and check this machine's clock.",
      ].join("\n"),
    });
  });

  it("that was refused is not tried again for each job of a stack, or the account may be locked", async () => {
    await using server = await startScriptedMaestro({
      [SIGN_IN]: [refused(401, { statusCode: 401, message: "Bad credentials" })],
    });
    await using client = clientOf(server);

    await assert.rejects(client.findPipeline(PIPELINE), { code: "MAESTRO_UNAUTHORIZED" });
    await assert.rejects(client.findJob(JOB), { code: "MAESTRO_UNAUTHORIZED" });

    assert.deepEqual(traffic(server).routes, [SIGN_IN]);
  });

  it("is tried again later when Maestro was only unavailable", async () => {
    const down = Array.from({ length: 8 }, () => refused(503, {}));
    await using server = await startScriptedMaestro({
      [SIGN_IN]: [...down, signedIn("token-1", "refresh-1")],
      ...readable,
    });
    await using client = clientOf(server);

    await assert.rejects(client.findPipeline(PIPELINE), { code: "MAESTRO_UNAVAILABLE" });
    assert.ok(await client.findPipeline(PIPELINE));
  });

  it("is left out with an API key", async () => {
    await using server = await startScriptedMaestro(readable);
    await using client = clientOf(server, { apiKey: "ddf_chave" });

    await client.findPipeline(PIPELINE);

    assert.deepEqual(traffic(server).routes, [READ]);
    assert.equal(server.requests[0]?.headers["x-api-key"], "ddf_chave");
    assert.equal(server.requests[0]?.headers.authorization, undefined);
  });

  it("cannot help a refused API key", async () => {
    await using server = await startScriptedMaestro({ [READ]: [EXPIRED] });
    await using client = clientOf(server, { apiKey: "ddf_chave" });

    await assert.rejects(client.findPipeline(PIPELINE), { code: "MAESTRO_UNAUTHORIZED" });
    assert.deepEqual(traffic(server).routes, [READ]);
  });
});
