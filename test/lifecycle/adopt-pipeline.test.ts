import assert from "node:assert/strict";
import { complaintOf, writesOf } from "../support/complaint.js";
import { aPipeline, PIPELINE, type Props, startWorld, type World } from "../support/world.js";

describe("adopting a pipeline", function () {
  this.timeout(20_000);

  it("changes nothing at Maestro where the program equals what is live", async () => {
    await using world = await startWorldWithPipeline();
    const before = writesOf(world).length;

    const { id, outs } = await world.create("Pipeline", aPipeline({ adopt: true }));

    assert.equal(id, PIPELINE);
    assert.equal(outs?.isAdopted, true);
    assert.equal(writesOf(world).length, before);
    assert.equal(world.emulator.runs.all.length, 1);
  });

  it("is refused where the program differs, with the lines to paste", async () => {
    await using world = await startWorldWithPipeline();
    const [job] = aPipeline()["jobs"] as [Props];
    const input = { ...(job["input"] as Props), columnIncludeList: ["id", "updated_at"] };

    const { code, message } = await complaintOf(
      world.create(
        "Pipeline",
        aPipeline({ adopt: true, cron: null, paused: true, jobs: [{ ...job, input }] }),
      ),
    );

    assert.equal(code, "PIPELINE_DIFFERS");
    assert.equal(
      message,
      `Did not adopt pipeline "Orders" (${PIPELINE}): the program differs from what is live.\n` +
        'Nothing was changed. Live: cron: "@once", paused: false, jobs[0].columnIncludeList: ["id","cliente_id","valor","status","created_at","updated_at"],\n' +
        "Put these lines into the program and run `pulumi up` again.",
    );
  });

  it("is refused where there is none", async () => {
    await using world = await startWorld();

    const { message } = await complaintOf(world.create("Pipeline", aPipeline({ adopt: true })));

    assert.equal(
      message,
      `Did not adopt pipeline ${PIPELINE}: Maestro knows no pipeline of this id.\n` +
        "Nothing was changed.\n" +
        "Correct `pipelineId`, or take `adopt` out to create the pipeline.",
    );
  });
});

describe("an adopted pipeline", function () {
  this.timeout(20_000);

  it("is forgotten when it is destroyed, and goes on", async () => {
    await using world = await startWorldWithPipeline();
    const { outs } = await world.create("Pipeline", aPipeline({ adopt: true }));

    await world.providers.Pipeline.delete?.(PIPELINE, outs ?? {});

    assert.equal(await exists(world), true);
    assert.deepEqual(world.shown.at(-1), {
      severity: "info",
      text: "adopted pipeline: forgotten, and left as it is at Maestro (`deleteAdopted: true` would delete it)",
      isEphemeral: false,
    });
  });

  it("is deleted when it is destroyed with `deleteAdopted`", async () => {
    await using world = await startWorldWithPipeline();
    const { outs } = await world.create(
      "Pipeline",
      aPipeline({ adopt: true, deleteAdopted: true }),
    );

    await world.providers.Pipeline.delete?.(PIPELINE, outs ?? {});

    assert.equal(await exists(world), false);
  });

  it("is deleted also where `deleteAdopted` was said after the adoption, by an update that asks nothing of Maestro", async () => {
    await using world = await startWorldWithPipeline();
    const { outs } = await world.create("Pipeline", aPipeline({ adopt: true }));
    const before = writesOf(world).length;

    const updated = await world.update(
      "Pipeline",
      outs ?? {},
      aPipeline({ adopt: true, deleteAdopted: true }),
    );
    const writes = writesOf(world).length - before;
    await world.providers.Pipeline.delete?.(PIPELINE, updated);

    assert.equal(writes, 0);
    assert.equal(await exists(world), false);
  });

  it("stays adopted after an update, with or without `adopt` in the program", async () => {
    await using world = await startWorldWithPipeline();
    const { outs } = await world.create("Pipeline", aPipeline({ adopt: true }));

    const updated = await world.update("Pipeline", outs ?? {}, aPipeline({ name: "Sales" }));
    await world.providers.Pipeline.delete?.(PIPELINE, updated);

    assert.equal(await exists(world), true);
  });
});

/** A pipeline that somebody made without this provider's state. */
async function startWorldWithPipeline(): Promise<World> {
  const world = await startWorld();
  await world.create("Pipeline", aPipeline());
  return world;
}

async function exists(world: World): Promise<boolean> {
  const { maestro } = world.process.contextOf("").doors;
  return (await maestro.listPipelines()).some(({ id }) => id === PIPELINE);
}
