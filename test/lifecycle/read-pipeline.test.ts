import assert from "node:assert/strict";
import { pipelineId } from "#src/domain/job-id.js";
import { bodiesOf, complaintOf, writesOf } from "../support/complaint.js";
import { leaveHold } from "../support/schedule-hold.js";
import {
  aPipeline,
  PIPELINE,
  type Props,
  startWorld,
  TABLE,
  type World,
} from "../support/world.js";

const ID = pipelineId.parse(PIPELINE);

describe("reading a pipeline", function () {
  this.timeout(20_000);

  it("finds what was changed elsewhere", async () => {
    await using world = await startWorld();
    const olds = await created(world);
    const { maestro } = world.process.contextOf("").doors;
    await maestro.patchPipeline(ID, { name: "Renamed", description: "other", cron: "0 9 * * *" });
    await maestro.pausePipeline(ID);

    const found = await world.providers.Pipeline.read?.(PIPELINE, olds);

    const { name, description, cron, paused } = found?.inputs ?? {};
    assert.deepEqual(
      { name, description, cron, paused },
      { name: "Renamed", description: "other", cron: "0 9 * * *", paused: true },
    );
  });

  it("makes no difference where nothing was changed", async () => {
    await using world = await startWorld();
    const olds = await created(world);

    const found = await world.providers.Pipeline.read?.(PIPELINE, olds);

    assert.deepEqual(found?.inputs, olds);
    assert.deepEqual(found?.props, olds);
  });

  it("finds what was taken away elsewhere, and the next update puts it back", async () => {
    await using world = await startWorld();
    const wanted = { ...news(), paused: true };
    const { outs } = await world.create("Pipeline", wanted);
    const { maestro } = world.process.contextOf("").doors;
    await maestro.patchPipeline(ID, { description: "" });
    await maestro.unpausePipeline(ID);
    const before = writesOf(world).length;

    const found = await world.providers.Pipeline.read?.(PIPELINE, outs ?? {});
    await world.update("Pipeline", found?.props ?? {}, wanted);

    assert.deepEqual(writesOf(world).slice(before), [
      `PATCH /platform/pipeline/${PIPELINE}`,
      "POST /platform/pipeline/pause",
    ]);
  });

  it("finds a schedule of a form that no program can write, and the next update mends it", async () => {
    await using world = await startWorld();
    const olds = await created(world);
    const data = { id: PIPELINE, name: "Orders", cron: "@hourly", status: "active", jobs: [] };
    world.emulator.faults.once("GET", `/platform/pipeline/${PIPELINE}`, {
      kind: "status",
      status: 200,
      body: { status: true, data },
    });

    const found = await world.providers.Pipeline.read?.(PIPELINE, olds);
    const updated = await world.update("Pipeline", found?.props ?? {}, news());

    assert.equal(found?.inputs?.cron, "@hourly");
    assert.equal(updated["cron"], "0 6 * * *");
    assert.deepEqual(bodiesOf(world).at(-1), { description: "tabela pedidos", cron: "0 6 * * *" });
  });

  it("reports the cron that an unfinished change holds", async () => {
    await using world = await startWorld();
    const olds = await created(world);
    await leaveHold(world, "0 6 * * *");

    const found = await world.providers.Pipeline.read?.(PIPELINE, olds);

    assert.equal(found?.inputs?.cron, "0 6 * * *");
    assert.deepEqual(world.shown.at(-1), {
      severity: "warning",
      text: 'its schedule "0 6 * * *" is held by an unfinished change; `pulumi up` puts it back',
      isEphemeral: false,
    });
  });

  it("answers with nothing where the pipeline is gone", async () => {
    await using world = await startWorld();
    const olds = await created(world);
    await world.process.contextOf("").doors.maestro.deletePipeline(ID);

    assert.deepEqual(await world.providers.Pipeline.read?.(PIPELINE, olds), {});
  });
});

describe("deleting a pipeline", function () {
  this.timeout(20_000);

  it("leaves its tables", async () => {
    await using world = await startWorld();
    const { outs } = await world.create("Pipeline", aPipeline());

    await world.providers.Pipeline.delete?.(PIPELINE, outs ?? {});

    assert.deepEqual(await world.providers.Pipeline.read?.(PIPELINE, outs ?? {}), {});
    assert.equal((await world.rows(TABLE)).length, 5);
  });

  it("succeeds when it is already gone", async () => {
    await using world = await startWorld();
    const olds = await created(world);
    await world.providers.Pipeline.delete?.(PIPELINE, olds);

    await world.providers.Pipeline.delete?.(PIPELINE, olds);

    assert.equal(writesOf(world).at(-1), `DELETE /platform/pipeline/${PIPELINE}`);
  });

  it("needs the tenant's name, which an API key does not tell", async () => {
    const settings = { DADOSFERA_CUSTOMER_NAME: "", DADOSFERA_USERNAME: "" };
    await using world = await startWorld({ apiKey: "key-of-the-robot" }, settings);
    const olds = await created(world);

    const { code, next } = await complaintOf(deleted(world, olds));

    assert.equal(code, "SETTINGS_MISSING");
    assert.match(next, /^Set DADOSFERA_CUSTOMER_NAME/);
  });

  it("is refused while a change holds the schedule", async () => {
    await using world = await startWorld();
    const olds = await created(world);
    await leaveHold(world, "0 6 * * *");

    const { code, message } = await complaintOf(deleted(world, olds));

    assert.equal(code, "PIPELINE_HELD");
    assert.equal(
      message,
      `Did not delete pipeline "Orders" (${PIPELINE}): an unfinished change holds its schedule "0 6 * * *".\n` +
        "The pipeline is as it was.\n" +
        "Run `pulumi up`, which finishes or undoes the change, then destroy again.",
    );
  });
});

async function created(world: World): Promise<Props> {
  const { outs } = await world.create("Pipeline", news());
  return outs as Props;
}

function news(): Props {
  return aPipeline({ cron: "0 6 * * *" });
}

async function deleted(world: World, olds: Props): Promise<void> {
  await world.providers.Pipeline.delete?.(PIPELINE, olds);
}
