import assert from "node:assert/strict";
import type { MaestroClient } from "#src/maestro/client.js";
import type { Reaction } from "../support/hostile-server.js";
import { JOB, PIPELINE, PIPELINE_PATH, pipelineSample } from "../support/maestro-samples.js";
import { QuickClock } from "../support/quick-clock.js";
import { asked, clientOf, ok, refused, startScriptedMaestro } from "../support/scripted-maestro.js";

const READ = `GET ${PIPELINE_PATH}`;
const EXECUTE = "POST /platform/pipeline/execute";
const PATCH = `PATCH /platform/jobs/${JOB}/input`;
const DATABASE_FAILURE = refused(500, {
  detail: "Unable to complete transaction due to database error",
});
const HTML: Reaction = { kind: "html", status: 200, html: "<html><h1>Manutenção</h1></html>" };

/** Only where the server is silent: long enough for loopback on a busy machine, short enough to be waited out. */
function deadlineWith({ kind }: Reaction) {
  return kind === "never" ? { deadlineMs: 400 } : {};
}

const OUTCOME_UNKNOWN = {
  code: "MAESTRO_OUTCOME_UNKNOWN",
  now: "It is not known whether Maestro did it.",
};

const passing: readonly (readonly [string, Reaction])[] = [
  ["closes the connection before its answer", { kind: "close-before" }],
  ["closes the connection in the middle of its answer", { kind: "close-during" }],
  ["never answers", { kind: "never" }],
  ["answers 429 with Retry-After", { kind: "too-many", retryAfter: "3" }],
  ["answers 429 without Retry-After", { kind: "too-many" }],
  ["could not commit", DATABASE_FAILURE],
  ["answers 502 with a page of HTML", { kind: "html", status: 502, html: "<h1>Bad</h1>" }],
  ["answers 503 with nothing", { kind: "empty", status: 503 }],
  ["answers 504", refused(504, { message: "Gateway Timeout", statusCode: 504 })],
];

describe("a server that recovers", () => {
  for (const [name, reaction] of passing) {
    it(`and ${name} first is asked again, to read and to state a result`, async () => {
      await using server = await startScriptedMaestro({
        [READ]: [reaction, ok(pipelineSample)],
        [PATCH]: [reaction, ok({})],
      });
      await using client = clientOf(server, {}, deadlineWith(reaction));

      const pipeline = await client.findPipeline(PIPELINE);
      await client.addJobColumns(JOB, ["peso_kg"]);

      assert.equal(pipeline?.id, PIPELINE);
      assert.deepEqual(asked(server), [READ, READ, PATCH, PATCH]);
    });
  }

  it("and closes each connection after its answer does no harm", async () => {
    const read = { kind: "close-after", body: pipelineSample } as const;
    await using server = await startScriptedMaestro({ [READ]: [read] });
    await using client = clientOf(server);

    await client.findPipeline(PIPELINE);
    await client.findPipeline(PIPELINE);

    assert.deepEqual(asked(server), [READ, READ]);
  });

  it("and asks for patience gets it", async () => {
    const clock = new QuickClock();
    const busy = { kind: "too-many", retryAfter: "7" } as const;
    await using server = await startScriptedMaestro({ [READ]: [busy, ok(pipelineSample)] });
    await using client = clientOf(server, {}, { clock, random: () => 0 });

    await client.findPipeline(PIPELINE);

    assert.deepEqual(clock.waits, [7000]);
  });

  it("and refused an execute for its rate is asked again: it was not accepted", async () => {
    await using server = await startScriptedMaestro({
      [EXECUTE]: [{ kind: "too-many" }, ok({ status: true })],
    });
    await using client = clientOf(server);

    await client.executePipeline(PIPELINE);

    assert.deepEqual(asked(server), [EXECUTE, EXECUTE]);
  });
});

describe("an effect that must not happen twice", () => {
  const lost: readonly (readonly [string, Reaction])[] = [
    ["closes the connection before its answer", { kind: "close-before" }],
    ["closes the connection in the middle of its answer", { kind: "close-during" }],
    ["never answers", { kind: "never" }],
    ["sends half an answer", { kind: "half-body", body: { status: true, data: {} } }],
    ["sends HTML with status 200", HTML],
    ["answers 500", refused(500, { statusCode: 500, message: "Oops", code: "UNKNOWN" })],
    ["answers 502", { kind: "empty", status: 502 }],
  ];
  const create = (client: MaestroClient) =>
    client.createPipeline({ id: PIPELINE, name: "n", cron: null, jobs: [] });
  const effects = [
    [EXECUTE, (client: MaestroClient) => client.executePipeline(PIPELINE)],
    ["POST /platform/pipeline", create],
    [`DELETE ${PIPELINE_PATH}`, (client: MaestroClient) => client.deletePipeline(PIPELINE)],
  ] as const;

  for (const [name, reaction] of lost) {
    it(`is sent once and reported as unknown when Maestro ${name}`, async () => {
      const script = Object.fromEntries(effects.map(([route]) => [route, [reaction]]));
      await using server = await startScriptedMaestro(script);
      await using client = clientOf(server, {}, deadlineWith(reaction));

      for (const [, act] of effects) await assert.rejects(act(client), OUTCOME_UNKNOWN);

      assert.deepEqual(
        asked(server),
        effects.map(([route]) => route),
      );
    });
  }

  it("is sent once and reported as unknown when a load type's change gets no answer", async () => {
    const route = `POST /platform/jobs/jdbc/${JOB}/sync-mode`;
    await using server = await startScriptedMaestro({ [route]: [{ kind: "close-before" }] });
    await using client = clientOf(server);

    const change = client.setSyncMode(JOB, { targetLoadType: "full_load" });

    await assert.rejects(change, OUTCOME_UNKNOWN);
    assert.deepEqual(asked(server), [route]);
  });
});

describe("a server that does not recover", () => {
  for (const [name, reaction] of passing.filter(([, { kind }]) => kind !== "never")) {
    it(`and ${name} makes a read fail, with nothing changed`, async () => {
      await using server = await startScriptedMaestro({ [READ]: [reaction] });
      await using client = clientOf(server);

      await assert.rejects(client.findPipeline(PIPELINE), {
        code: reaction.kind === "too-many" ? "MAESTRO_RATE_LIMITED" : "MAESTRO_UNAVAILABLE",
        now: "Nothing was changed.",
      });
      assert.equal(asked(server).length, 8);
    });
  }

  it("leaves the outcome unknown once any attempt's answer was lost", async () => {
    await using server = await startScriptedMaestro({
      [PATCH]: [{ kind: "close-before" }, { kind: "too-many" }],
    });
    await using client = clientOf(server);

    await assert.rejects(client.addJobColumns(JOB, ["peso_kg"]), OUTCOME_UNKNOWN);
  });

  it("leaves the outcome unknown also when the token was renewed in between", async () => {
    const expired = refused(401, { statusCode: 401, message: "Unauthorized" });
    await using server = await startScriptedMaestro({
      [PATCH]: [{ kind: "close-before" }, expired, { kind: "too-many" }],
    });
    await using client = clientOf(server);

    await assert.rejects(client.addJobColumns(JOB, ["peso_kg"]), { now: OUTCOME_UNKNOWN.now });
  });

  it("has changed nothing when it never could commit", async () => {
    await using server = await startScriptedMaestro({ [PATCH]: [DATABASE_FAILURE] });
    await using client = clientOf(server);

    await assert.rejects(client.addJobColumns(JOB, ["peso_kg"]), {
      code: "MAESTRO_UNAVAILABLE",
      now: "Nothing was changed.",
    });
  });

  it("has changed nothing when nobody listens, an execute neither", async () => {
    const server = await startScriptedMaestro({});
    await server[Symbol.asyncDispose]();
    await using client = clientOf(server, { apiKey: "ddf_chave" });

    await assert.rejects(client.executePipeline(PIPELINE), {
      code: "MAESTRO_UNAVAILABLE",
      now: "Nothing was changed.",
    });
  });

  for (const [name, reaction] of [
    ["HTML with status 200", HTML],
    ["half an answer", { kind: "half-body", body: pipelineSample }],
    ["nothing with status 200", { kind: "empty", status: 200 }],
    ["an answer of another shape", ok({ status: true, data: { nome: "Itens" } })],
  ] as const) {
    it(`and sends ${name} cannot be read`, async () => {
      await using server = await startScriptedMaestro({ [READ]: [reaction] });
      await using client = clientOf(server);

      await assert.rejects(client.findPipeline(PIPELINE), { code: "MAESTRO_ANSWER_UNREADABLE" });
      assert.deepEqual(asked(server), [READ]);
    });
  }
});
