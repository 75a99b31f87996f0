import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Reaction, startHostileServer } from "../support/hostile-server.js";
import { JOB, PIPELINE, pipelineSample } from "../support/maestro-samples.js";
import { QuickClock } from "../support/quick-clock.js";
import { asked, clientOf, ok, startScriptedMaestro } from "../support/scripted-maestro.js";

const READ = `GET /platform/pipeline/${PIPELINE}`;
const EXECUTE = "POST /platform/pipeline/execute";
const KEY = { apiKey: "ddf_chave" };

describe("the traffic of a client", () => {
  it("is eight requests at a time, and never more", async () => {
    const held: (() => void)[] = [];
    let open = 0;
    let most = 0;
    await using server = await startHostileServer(async () => {
      open += 1;
      most = Math.max(most, open);
      await new Promise<void>((resolve) => held.push(resolve));
      open -= 1;
      return ok(pipelineSample);
    });
    await using client = clientOf(server, KEY);
    let done = 0;

    const reads = Array.from({ length: 40 }, () =>
      client.findPipeline(PIPELINE).then(() => done++),
    );
    // Nothing is answered before eight are there, and then not before a ninth has had the time to come.
    while (done < 40) {
      await turnsOfTheLoop(20);
      if (held.length >= 8) for (const release of held.splice(0)) release();
    }

    await Promise.all(reads);
    assert.equal(most, 8);
  });

  it("gets a thousand requests through a service that takes ten a second", async () => {
    const clock = new QuickClock();
    const taken = new Map<number, number>();
    const allow = (): Reaction => {
      const second = Math.floor(clock.now() / 1000);
      const count = (taken.get(second) ?? 0) + 1;
      taken.set(second, count);
      return count > 10 ? { kind: "too-many", retryAfter: "1" } : ok(pipelineSample);
    };
    await using server = await startHostileServer(allow);
    await using client = clientOf(server, KEY, { clock });

    const reads = Array.from({ length: 1000 }, () => client.findPipeline(PIPELINE));

    assert.equal((await Promise.all(reads)).length, 1000);
  }).timeout(20_000);

  it("stops altogether for as long as Maestro asks one request to wait", async () => {
    const clock = new QuickClock();
    const pauses: (() => void)[] = [];
    clock.wait = () => new Promise((resolve) => pauses.push(resolve));
    await using server = await startScriptedMaestro({
      [READ]: [{ kind: "too-many", retryAfter: "30" }, ok(pipelineSample)],
    });
    await using client = clientOf(server, KEY, { clock });
    const first = client.findPipeline(PIPELINE);
    while (pauses.length < 1) await turnsOfTheLoop(1);

    const second = client.findPipeline(PIPELINE);
    await turnsOfTheLoop(50);
    assert.equal(asked(server).length, 1);
    clock.advance(60_000);
    for (const end of pauses) end();

    await Promise.all([first, second]);
    assert.equal(asked(server).length, 3);
  });

  it("ends when it is interrupted, also what waits for its turn", async () => {
    const interruption = new AbortController();
    await using server = await startScriptedMaestro({ [READ]: [{ kind: "never" }] });
    await using client = clientOf(server, KEY, { signal: interruption.signal });
    const reads = Array.from({ length: 12 }, () => client.findPipeline(PIPELINE));

    interruption.abort();

    const outcomes = await Promise.allSettled(reads);
    const codes = outcomes.map((outcome) => outcome.status === "rejected" && outcome.reason.code);
    assert.deepEqual(new Set(codes), new Set(["INTERRUPTED"]));
  });

  it("leaves open what became of an effect that was under way", async () => {
    const interruption = new AbortController();
    await using server = await startHostileServer(() => {
      interruption.abort();
      return { kind: "never" };
    });
    await using client = clientOf(server, KEY, { signal: interruption.signal });

    await assert.rejects(client.executePipeline(PIPELINE), { code: "MAESTRO_OUTCOME_UNKNOWN" });
    assert.deepEqual(asked(server), [EXECUTE]);
  });

  it("ends when the client is closed", async () => {
    await using server = await startScriptedMaestro({ [READ]: [ok(pipelineSample)] });
    const client = clientOf(server, KEY);
    await client.findPipeline(PIPELINE);

    await client.close();

    await assert.rejects(client.findPipeline(PIPELINE), { code: "INTERRUPTED" });
  });

  it("asks before each attempt whether it may still leave", async () => {
    await using server = await startScriptedMaestro({ [EXECUTE]: [{ kind: "too-many" }] });
    await using client = clientOf(server, KEY);
    const leaseLost = new Error("the lease is lost");
    const answers = [true, false];

    const execution = client.executePipeline(PIPELINE, () => {
      if (!answers.shift()) throw leaseLost;
    });

    await assert.rejects(execution, leaseLost);
    assert.deepEqual(asked(server), [EXECUTE]);
  });

  it("does not forget a lost attempt because the next one may not leave", async () => {
    const route = `PATCH /platform/jobs/${JOB}/input`;
    await using server = await startScriptedMaestro({ [route]: [{ kind: "close-before" }] });
    await using client = clientOf(server, KEY);
    const answers = [true, false];

    const patch = client.addJobColumns(JOB, ["peso_kg"], () => {
      if (!answers.shift()) throw new Error("the lease is lost");
    });

    await assert.rejects(patch, { code: "MAESTRO_OUTCOME_UNKNOWN" });
  });

  it("ends at the deadline of a request, which the client tells", async () => {
    await using server = await startScriptedMaestro({ [EXECUTE]: [{ kind: "never" }] });
    await using client = clientOf(server, KEY, { deadlineMs: 50 });

    await assert.rejects(client.executePipeline(PIPELINE), { code: "MAESTRO_OUTCOME_UNKNOWN" });
    assert.equal(client.deadlineMs, 50);
  });

  it("does not load undici before the first request", async () => {
    const program = `
      const { MaestroClient } = require(${JSON.stringify(require.resolve("#src/maestro/client.js"))});
      new MaestroClient({ baseUrl: "http://127.0.0.1:9", apiKey: "ddf_x" });
      process.stdout.write(String(Object.keys(require.cache).filter((file) => file.includes("undici")).length));
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", program]);

    assert.equal(stdout, "0");
  }).timeout(20_000);
});

async function turnsOfTheLoop(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
