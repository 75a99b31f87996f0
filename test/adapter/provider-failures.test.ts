import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "pulumi-dadosfera/testing";
import { startMonitor } from "#src/engine/monitor.js";
import { PartialFailure } from "#src/engine/provider.js";
import {
  checked,
  created,
  deafMonitor,
  keptInState,
  registered,
  startProviderProcess,
  urnOf,
} from "../support/provider-process.js";
import { aJob, aPipeline, JOB, withTelefone } from "../support/world.js";

const PIPELINE_URN = urnOf("Pipeline");
const JOB_URN = urnOf("Job");

describe("a failure in Pulumi's own process", function () {
  this.timeout(20_000);

  it("answers every verb with its three lines, and prints no more than its code", async () => {
    const under = await startProviderProcess({});
    const { verbs } = under;
    const inputs = registered("Job", aJob());
    const job = keptInState("Job", JOB, inputs);

    const said = await Promise.all(
      [
        verbs.diff(job, inputs),
        verbs.create(JOB_URN, inputs),
        verbs.read(job),
        verbs.update(job, inputs),
        verbs.delete(job),
      ].map((answer) => answer.then(String, (error: Error) => error.message)),
    );
    await under.verbs.close();

    assert.equal(new Set(said).size, 1);
    assert.match(
      said[0] ?? "",
      /^Could not sign in to Maestro: no credential is set\.\nNothing was changed\.\nSet DADOSFERA_USERNAME/,
    );
    const line = "pulumi-dadosfera: SETTINGS_MISSING: see the message at the resource";
    assert.deepEqual(under.printed, { stdout: [], stderr: [line, line, line] });
  });

  it("names a state that it cannot read", async () => {
    await using under = await startProviderProcess({});
    const { jobId: _id, ...outputs } = registered("Job", aJob());

    await assert.rejects(under.verbs.read(keptInState("Job", JOB, outputs)), {
      message: /^Cannot read this resource as the state holds it: jobId .*\nNothing was changed\./,
    });
  });
});

describe("an interrupted provider process", function () {
  this.timeout(20_000);

  it("ends at once when nothing is under way", async () => {
    await using emulator = await startEmulator({ seed: "caso-1" });
    const under = await startProviderProcess(emulator.environment);
    await created(under, "Pipeline", aPipeline());
    const startedAt = performance.now();

    await under.child.stop("SIGINT", 10_000);

    assert.equal(performance.now() - startedAt < 2000, true);
    assert.equal(await under.child.closed, 0);
  });

  it("ends within five seconds while it waits for a run, and tells what it made", async () => {
    await using emulator = await startEmulator({ seed: "caso-1" });
    const under = await startProviderProcess(emulator.environment);
    emulator.runs.hold();
    const inputs = await checked(under, "Pipeline", aPipeline());
    const waiting = new Promise<void>((resolve) => {
      emulator.faults.on(({ path }) => {
        if (path.endsWith("/pipeline_run")) resolve();
        return undefined;
      });
    });
    const answer = under.verbs.create(PIPELINE_URN, inputs).catch((error: unknown) => error);
    await waiting;
    const startedAt = performance.now();

    await under.child.stop("SIGINT", 10_000);

    const failure = await answer;
    assert.equal(performance.now() - startedAt < 5000, true);
    assert.equal(await under.child.closed, 0);
    assert.ok(failure instanceof PartialFailure);
    assert.match(failure.reasons.join(), /this command was interrupted/);
  });
});

describe("a provider process whose engine was killed", function () {
  this.timeout(20_000);

  it("ends when it has no work", async () => {
    const monitor = await startMonitor(deafMonitor);
    await using emulator = await startEmulator({ seed: "caso-1" });
    const under = await startProviderProcess(emulator.environment, {}, monitor.address);
    await created(under, "Pipeline", aPipeline());

    monitor.close();

    assert.equal(await under.child.closed, 0);
  });

  it("stops waiting, gives back what it holds, and ends", async () => {
    const monitor = await startMonitor(deafMonitor);
    await using emulator = await startEmulator({ seed: "caso-1" });
    const under = await startProviderProcess(emulator.environment, {}, monitor.address);
    await created(under, "Pipeline", aPipeline());
    const job = await created(under, "Job", aJob());
    await emulator.source.run("ALTER TABLE cadastros.pedidos ADD COLUMN telefone VARCHAR");
    emulator.runs.hold();
    const isWaiting = runStarted(emulator);
    const news = registered("Job", withTelefone({ after: "2025-12-17 14:03:30" }));
    const answer = under.verbs.update(job, news).catch(String);
    await isWaiting;

    monitor.close();

    assert.equal(await under.child.closed, 0);
    assert.match(String(await answer), /this command was interrupted/);
    const [lease] = await emulator.warehouse.rows("SELECT OWNER FROM PULUMI_DADOSFERA_LEASES");
    assert.deepEqual(lease, { OWNER: null });
  });
});

function runStarted(emulator: Emulator): Promise<void> {
  return new Promise((resolve) => {
    emulator.faults.on(({ path }) => {
      if (path.endsWith("/execute")) resolve();
      return undefined;
    });
  });
}
