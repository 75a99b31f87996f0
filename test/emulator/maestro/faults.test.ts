import assert from "node:assert/strict";
import type { Fault } from "#src/emulator/faults.js";
import { ordersPipeline } from "./destination.js";
import { emulatedMaestro } from "./maestro-under-test.js";

describe("a fault of the emulated Maestro", () => {
  it("answers with a status, a body and headers, and does nothing", async function () {
    await using maestro = await emulatedMaestro(this);
    const pipeline = ordersPipeline();
    await maestro.create(pipeline);
    const headers = { "retry-after": "2" };
    maestro.emulator.faults.once("POST", "/execute", {
      kind: "status",
      status: 503,
      body: "<html>",
      headers,
    });

    const answer = await maestro.send("POST", "/platform/pipeline/execute", {
      pipeline_id: pipeline.id,
    });

    assert.deepEqual([answer.status, answer.body], [503, "<html>"]);
    assert.equal(answer.headers.get("retry-after"), "2");
    assert.equal(maestro.emulator.runs.all.length, 0);
  });

  it("closes the connection before the work, or after it", async function () {
    const runsAfter = async (kind: "drop-before" | "drop-after") => {
      await using maestro = await emulatedMaestro(this);
      const pipeline = ordersPipeline();
      await maestro.create(pipeline);
      maestro.emulator.faults.once("POST", "/execute", { kind });
      const body = { pipeline_id: pipeline.id };
      await assert.rejects(maestro.send("POST", "/platform/pipeline/execute", body));
      await maestro.emulator.runs.idle();
      return maestro.emulator.runs.all.length;
    };

    assert.equal(await runsAfter("drop-before"), 0);
    assert.equal(await runsAfter("drop-after"), 1);
  });

  it("delays a request by the clock that tests turn", async function () {
    await using maestro = await emulatedMaestro(this);
    const { clock, faults } = maestro.emulator;
    faults.on(() => {
      setImmediate(() => clock.advance(3_600_000));
      return { kind: "delay", ms: 3_600_000 };
    });

    const { status } = await maestro.send("GET", "/platform/pipelines");

    // The token was good when the request was sent, and had expired when the work began.
    assert.equal(status, 401);
  });

  it("lets a lost request do its work late", async function () {
    await using maestro = await emulatedMaestro(this);
    const pipeline = ordersPipeline();
    await maestro.create(pipeline);
    maestro.emulator.faults.once("POST", "/reset-state", { kind: "drop-then-late", ms: 60_000 });
    const reset = { incremental_column_value: 7 };
    const job = `${pipeline.id}-0`;
    await assert.rejects(maestro.send("POST", `/platform/jobs/${job}/reset-state`, reset));

    const before = maestro.emulator.bookmark(job);
    maestro.emulator.clock.advance(61_000);
    await maestro.send("GET", "/platform/pipelines");

    assert.deepEqual([before, maestro.emulator.bookmark(job)], [undefined, "7"]);
  });

  it("lets something else happen in the middle, before the work or after it", async function () {
    const runsSeen = async (when: "before" | "after") => {
      await using maestro = await emulatedMaestro(this);
      const pipeline = ordersPipeline();
      await maestro.create(pipeline);
      let seen = -1;
      const work = () => {
        seen = maestro.emulator.runs.all.length;
      };
      const fault: Fault = { kind: "run", work, when };
      maestro.emulator.faults.once("POST", "/execute", fault);
      await maestro.send("POST", "/platform/pipeline/execute", { pipeline_id: pipeline.id });
      return seen;
    };

    assert.equal(await runsSeen("before"), 0);
    assert.equal(await runsSeen("after"), 1);
  });

  it("[F] is a 429 with Retry-After above the rate limit", async function () {
    await using maestro = await emulatedMaestro(this, { requestsPerSecond: 10 });
    const requests = Array.from({ length: 20 }, () => maestro.send("GET", "/platform/pipelines"));

    const answers = await Promise.all(requests);

    const refused = answers.filter(({ status }) => status === 429);
    assert.ok(refused.length > 0 && refused.length < 20);
    assert.equal(refused[0]?.headers.get("retry-after"), "1");
  });
});

describe("the emulator's record of requests", () => {
  it("holds each request, and no credential", async function () {
    await using maestro = await emulatedMaestro(this);

    await maestro.send("POST", "/auth/sign-in", { ...maestro.credentials, totp: "123456" }, {});

    const record = JSON.stringify(maestro.emulator.requests);
    assert.match(record, /"method":"POST","path":"\/auth\/sign-in"/);
    assert.doesNotMatch(record, new RegExp(`${maestro.credentials.password}|123456`));
  });

  it("begins anew after a reset, as everything else does", async function () {
    await using maestro = await emulatedMaestro(this);
    await maestro.create(ordersPipeline({ cron: "@once" }));

    await maestro.emulator.reset();

    assert.deepEqual(maestro.emulator.requests, []);
    assert.deepEqual(maestro.emulator.runs.all, []);
    const { status } = await maestro.send("GET", "/platform/pipelines");
    assert.equal(status, 401);
    const orders = await maestro.emulator.source.run("SELECT id FROM cadastros.pedidos");
    assert.equal(orders.length, 5);
  });
});
