import assert from "node:assert/strict";
import { startEmulator } from "pulumi-dadosfera/testing";
import { type LogMessage, startMonitor } from "#src/engine/monitor.js";
import { type PropertyMap, secret } from "#src/engine/property.js";
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
import { aJob, aPipeline, JOB, PIPELINE, type Props, withTelefone } from "../support/world.js";

const PIPELINE_URN = urnOf("Pipeline");
const JOB_URN = urnOf("Job");

describe("the provider that a state leads to, in Pulumi's own process", function () {
  this.timeout(20_000);

  it("creates, reads, updates and deletes after trips through the state, and prints nothing", async () => {
    await using emulator = await startEmulator({ seed: "caso-1" });
    const under = await startProviderProcess(emulator.environment);
    const { verbs } = under;
    const pipeline = await created(under, "Pipeline", aPipeline());
    const job = await created(under, "Job", aJob());
    await emulator.source.run("ALTER TABLE cadastros.pedidos ADD COLUMN telefone VARCHAR");

    const news = await verbs.check(JOB_URN, registered("Job", aJob()), registered("Job", wanted()));
    const { changes } = await verbs.diff(job, news.inputs);
    const updated = keptInState("Job", JOB, await verbs.update(job, news.inputs));
    const again = await verbs.diff(updated, news.inputs);
    const found = await verbs.read(updated);
    await verbs.delete(updated);
    await verbs.delete(pipeline);
    const gone = [await verbs.read(updated), await verbs.read(pipeline)];
    await verbs.close();

    assert.deepEqual([changes, again.changes], [true, false]);
    assert.match(JSON.stringify(updated.outputs?.["lastChange"]), /"outcome":"done"/);
    assert.equal(found?.id, JOB);
    assert.deepEqual(found?.outputs, updated.outputs);
    assert.deepEqual(gone, [undefined, undefined]);
    assert.deepEqual(under.printed, { stdout: [], stderr: [] });
  });

  it("tells what is half made, so that the next update finishes it", async () => {
    await using emulator = await startEmulator({ seed: "caso-1" });
    await using under = await startProviderProcess(emulator.environment);
    emulator.runs.failNext("no such table");
    const inputs = await checked(under, "Pipeline", aPipeline());

    const failure = await under.verbs.create(PIPELINE_URN, inputs).catch((error: unknown) => error);
    assert.ok(failure instanceof PartialFailure);
    const half = keptInState("Pipeline", failure.id, failure.properties);
    const { changes } = await under.verbs.diff(half, inputs);
    const finished = keptInState("Pipeline", PIPELINE, await under.verbs.update(half, inputs));

    assert.equal(failure.id, PIPELINE);
    assert.match(failure.reasons.join(), /failed: no such table/);
    assert.equal(failure.properties["__provider"], inputs["__provider"]);
    assert.equal(changes, true);
    assert.equal((await under.verbs.diff(finished, inputs)).changes, false);
  });

  it("can refresh and destroy what is half made", async () => {
    await using emulator = await startEmulator({ seed: "caso-1" });
    await using under = await startProviderProcess(emulator.environment);
    emulator.runs.failNext("no such table");
    const inputs = await checked(under, "Pipeline", aPipeline());
    const failure = await under.verbs.create(PIPELINE_URN, inputs).catch((error: unknown) => error);
    assert.ok(failure instanceof PartialFailure);

    const found = await under.verbs.read(keptInState("Pipeline", PIPELINE, failure.properties));
    await under.verbs.delete(keptInState("Pipeline", PIPELINE, found?.outputs ?? {}));

    assert.equal(Array.isArray(found?.inputs?.["jobs"]), true);
    assert.equal(found?.outputs["__provider"], inputs["__provider"]);
    assert.equal(
      await under.verbs.read(keptInState("Pipeline", PIPELINE, found?.outputs ?? {})),
      undefined,
    );
  });

  it("is configured for every one of its first calls at once, with the secrets of the stack", async () => {
    await using emulator = await startEmulator({ seed: "caso-1" });
    await using under = await startProviderProcess({}, configOf(emulator.environment));
    const state = keptInState("Pipeline", PIPELINE, registered("Pipeline", aPipeline()));
    const job = keptInState("Job", JOB, registered("Job", aJob()));

    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => under.verbs.read(index % 2 === 0 ? state : job)),
    );

    assert.deepEqual(new Set(answers), new Set([undefined]));
    const signIns = emulator.requests.filter(({ path }) => path.includes("sign-in"));
    assert.equal(signIns.length, 1);
  });

  it("shows a preview at its resource, in the engine's log", async () => {
    const shown: LogMessage[] = [];
    const monitor = await startMonitor({ ...deafMonitor, log: (message) => shown.push(message) });
    await using emulator = await startEmulator({ seed: "caso-1" });
    await using under = await startProviderProcess(emulator.environment, {}, monitor.address);
    await created(under, "Pipeline", aPipeline());
    const job = await created(under, "Job", aJob());

    await under.verbs.diff(job, registered("Job", withTelefone("none")));

    const { urn } = aJob()["__dadosfera"] as { urn: string };
    assert.deepEqual(shown.at(-1)?.urn, urn);
    assert.match(shown.at(-1)?.text ?? "", /^Adds telefone to the job/);
    monitor.close();
  });
});

function wanted(): Props {
  return withTelefone({ after: "2025-12-17 14:02:30" }, { limits: { deletedPercent: 60 } });
}

/** The environment's settings as keys of a stack's configuration, passwords as secrets. */
function configOf(environment: Readonly<Record<string, string>>): PropertyMap {
  const entries = Object.entries(environment).map(([variable, value]) => {
    const [namespace = "", ...words] = variable.toLowerCase().split("_");
    const [first = "", ...rest] = words;
    const key = first + rest.map((word) => word[0]?.toUpperCase() + word.slice(1)).join("");
    return [`${namespace}:${key}`, key === "password" ? secret(value) : value] as const;
  });
  return Object.fromEntries(entries);
}
