import assert from "node:assert/strict";
import { pipelineId } from "#src/domain/job-id.js";
import { providerText } from "#src/resources/provider-text.js";
import { complaintOf, writesOf } from "../support/complaint.js";
import { aJob, aPipeline, PIPELINE, type Props, startWorld, type World } from "../support/world.js";

const TRACE = "ORA-00942: the source has no such table";

describe("a pipeline whose first run failed", function () {
  this.timeout(20_000);

  it("is kept as half made, with what the trace names", async () => {
    await using world = await startWorld();
    world.emulator.runs.failNext(TRACE);

    const { code, message, half } = await complaintOf(world.create("Pipeline", news()));

    const run = world.emulator.runs.all[0]?.id;
    assert.equal(code, "PIPELINE_HALF_MADE");
    assert.equal(
      message,
      `Pipeline "Orders" (${PIPELINE}) exists, but is not as the program wants it: The first run ${run} of pipeline "Orders" (${PIPELINE}) failed: ${TRACE}.\n` +
        "It is kept in this stack's state.\n" +
        "Mend what the trace names, then run `pulumi up` again: it starts another run.",
    );
    assert.equal(half.id, PIPELINE);
    assert.deepEqual(half.reasons, [message]);
    assert.equal(half.properties?.["isHalfMade"], true);
    assert.equal(half.properties?.["__provider"], providerText("Pipeline"));
  });

  it("is run once, also where the run has failed before anybody looks at it", async () => {
    await using world = await startWorld();
    world.emulator.runs.failNext(TRACE);
    world.emulator.faults.once("POST", "/platform/pipeline", {
      kind: "run",
      when: "after",
      work: () => world.emulator.runs.idle(),
    });

    await complaintOf(world.create("Pipeline", news()));

    assert.deepEqual(writesOf(world), ["POST /platform/pipeline"]);
    assert.equal(world.emulator.runs.all.length, 1);
  });

  it("is run again by the next update, which clears the mark", async () => {
    await using world = await startWorld();
    const half = await halfMade(world);

    const outputs = await world.update("Pipeline", half, news(), news());

    assert.equal(world.emulator.runs.all.length, 2);
    assert.equal((await world.rows()).length, 5);
    assert.equal("isHalfMade" in outputs, false);
    assert.deepEqual(await world.providers.Pipeline.diff?.("id", outputs, news()), {
      changes: false,
    });
  });

  it("stays half made while its runs go on failing", async () => {
    await using world = await startWorld();
    const half = await halfMade(world);
    world.emulator.runs.failNext(TRACE);

    const { code } = await complaintOf(world.update("Pipeline", half, news(), news()));

    assert.equal(code, "PIPELINE_HALF_MADE");
    assert.equal(world.emulator.runs.all.length, 2);
  });

  it("needs no further run where somebody has started one meanwhile", async () => {
    await using world = await startWorld();
    const half = await halfMade(world);
    world.emulator.runs.hold();
    await world.process.contextOf("").doors.maestro.executePipeline(pipelineId.parse(PIPELINE));
    world.emulator.faults.once("GET", "/pipeline_run", {
      kind: "run",
      when: "after",
      work: () => world.emulator.runs.release(),
    });

    const outputs = await world.update("Pipeline", half, news(), news());

    assert.equal("isHalfMade" in outputs, false);
    assert.equal(world.emulator.runs.all.length, 2);
  });

  it("gets its jobs back in a refresh", async () => {
    await using world = await startWorld();
    const half = await halfMade(world);

    const found = await world.providers.Pipeline.read?.(PIPELINE, half);

    const { input, output } = aJob();
    assert.deepEqual(found?.props?.jobs, [{ input: known(input), output }]);
    assert.equal(found?.props?.isHalfMade, true);
  });
});

describe("what Pulumi is told of a half-made pipeline", function () {
  this.timeout(20_000);

  it("fits into a trailer, whatever the program and the trace hold", async () => {
    await using world = await startWorld();
    world.emulator.runs.failNext(`${TRACE}\n${"  at oracle.Source.read\n".repeat(5000)}`);
    const columns = Array.from({ length: 200 }, (_, index) => `column_${index}`);
    await world.emulator.source.run(
      columns.map((name) => `ALTER TABLE cadastros.pedidos ADD COLUMN ${name} INT;`).join("\n"),
    );
    const job = aJob({ input: { columnIncludeList: ["id", "updated_at", ...columns] } });
    const { input, output, primaryKeys } = job;

    const { half, message } = await complaintOf(
      world.create(
        "Pipeline",
        news({ description: "x".repeat(9000), jobs: [{ input, output, primaryKeys }] }),
      ),
    );

    const { id, properties, reasons } = half;
    assert.match(message, /ORA-00942/);
    assert.equal(JSON.stringify({ id, properties, reasons, message }).length < 5000, true);
    assert.equal(JSON.stringify(properties).includes("column_199"), false);
  });

  it("leads to what was left undone, where a setting was refused", async () => {
    await using world = await startWorld();
    world.emulator.faults.once("PUT", "/memory", {
      kind: "status",
      status: 400,
      body: { detail: "amount is above the limit" },
    });
    const half = await complaintOf(world.create("Pipeline", news({ memoryMb: 12_000 })));

    const olds = half.half.properties as Props;
    await world.update("Pipeline", olds, news({ memoryMb: 8000 }), news({ memoryMb: 12_000 }));

    assert.match(half.happened, /amount is above the limit/);
    assert.equal(writesOf(world).at(-1), `PUT /platform/pipeline/${PIPELINE}/memory`);
    assert.equal((await world.rows()).length, 5);
  });
});

function news(changes: Props = {}): Props {
  return aPipeline({ __provider: providerText("Pipeline"), ...changes });
}

async function halfMade(world: World): Promise<Props> {
  world.emulator.runs.failNext(TRACE);
  const { half } = await complaintOf(world.create("Pipeline", news()));
  return half.properties as Props;
}

/** Maestro does not show which connection a job uses. */
function known(input: unknown): Props {
  return {
    ...(input as Props),
    authParameters: { authType: "connection_manager", configId: "unknown" },
  };
}
