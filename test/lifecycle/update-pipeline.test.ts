import assert from "node:assert/strict";
import { bodiesOf, complaintOf, writesOf } from "../support/complaint.js";
import { heldCron, leaveHold } from "../support/schedule-hold.js";
import {
  aJob,
  aPipeline,
  failuresOf,
  PIPELINE,
  type Props,
  startWorld,
  type World,
} from "../support/world.js";

const PATCH = `PATCH /platform/pipeline/${PIPELINE}`;

describe("updating a pipeline", function () {
  this.timeout(20_000);

  it("sends what changed, and nothing else", async () => {
    await using world = await startWorld();
    const olds = await created(world);

    await world.update("Pipeline", olds, { ...news(), name: "Sales", description: "vendas" });

    assert.deepEqual(writesOf(world).slice(1), [PATCH]);
    assert.deepEqual(bodiesOf(world).at(-1), { name: "Sales", description: "vendas" });
  });

  it("clears a description that the program no longer has", async () => {
    await using world = await startWorld();
    const olds = await created(world);
    const { description: _description, ...without } = news();

    await world.update("Pipeline", olds, without);

    assert.deepEqual(bodiesOf(world).at(-1), { description: "" });
  });

  it("changes the schedule, pauses, unpauses, and sets memory", async () => {
    await using world = await startWorld();
    const olds = await created(world);

    const paused = await world.update("Pipeline", olds, {
      ...news(),
      cron: null,
      paused: true,
      memoryMb: 4096,
    });
    await world.update("Pipeline", paused, { ...news(), cron: null });

    assert.deepEqual(writesOf(world).slice(1), [
      PATCH,
      `PUT /platform/pipeline/${PIPELINE}/memory`,
      "POST /platform/pipeline/pause",
      "POST /platform/pipeline/unpause",
    ]);
    assert.deepEqual(bodiesOf(world)[1], { cron: null });
  });

  it("is not asked for by another spelling of the cron, nor by what its jobs own", async () => {
    await using world = await startWorld();
    const olds = await created(world);
    const [job] = news()["jobs"] as [Props];
    const input = { ...(job["input"] as Props), columnIncludeList: ["id", "updated_at", "other"] };

    const same = await world.update("Pipeline", olds, {
      ...news(),
      cron: "0  6 * * *",
      jobs: [{ ...job, input, memoryMb: 4096 }],
    });

    assert.equal(same, olds);
    assert.equal(writesOf(world).length, 1);
  });

  it("can be repeated after it failed half way", async () => {
    await using world = await startWorld();
    const olds = await created(world);
    const wanted = { ...news(), name: "Sales", memoryMb: 4096 };
    world.emulator.faults.once("PUT", "/memory", { kind: "status", status: 403 });

    const { code } = await complaintOf(world.update("Pipeline", olds, wanted));
    const updated = await world.update("Pipeline", olds, wanted);

    assert.equal(code, "MAESTRO_FORBIDDEN");
    assert.equal(updated["name"], "Sales");
    assert.deepEqual(bodiesOf(world).at(-1), { amount: 4096 });
  });

  it("writes a new cron into a hold, and leaves Maestro's as it is held", async () => {
    await using world = await startWorld();
    const olds = await created(world);
    await leaveHold(world, "0 6 * * *");
    const before = writesOf(world).length;

    await world.update("Pipeline", olds, { ...news(), cron: "0 7 * * *" });

    assert.equal(await heldCron(world), "0 7 * * *");
    assert.equal(writesOf(world).length, before);
  });

  it("sends the rest of an update while the schedule is held", async () => {
    await using world = await startWorld();
    const olds = await created(world);
    await leaveHold(world, "0 6 * * *");

    await world.update("Pipeline", olds, { ...news(), cron: null, name: "Sales" });

    assert.equal(await heldCron(world), undefined);
    assert.deepEqual(bodiesOf(world).at(-1), { name: "Sales" });
  });
});

describe("a pipeline that exists", function () {
  this.timeout(20_000);

  it("keeps its id and its jobs", async () => {
    await using world = await startWorld();
    const [job] = news()["jobs"] as [Props];
    const items = { ...job, input: { ...(job["input"] as Props), tableName: "itens" } };

    const another = await failuresOf(world, "Pipeline", news(), {
      ...news(),
      pipelineId: "2b8b3399-b8c0-4fc5-9116-142cd9f4e7ae",
    });
    const added = await failuresOf(world, "Pipeline", news(), { ...news(), jobs: [job, items] });
    const reordered = await failuresOf(
      world,
      "Pipeline",
      { ...news(), jobs: [job, items] },
      { ...news(), jobs: [items, job] },
    );

    assert.match(another, /`pipelineId` changed to 2b8b3399/);
    assert.match(added, /Maestro cannot add, remove or exchange the jobs of a pipeline/);
    assert.match(reordered, /its jobs were reordered/);
  });

  it("leaves it to its jobs to judge columns that are only retained", async () => {
    await using world = await startWorld();
    const { input, output } = aJob({ input: { columnIncludeList: ["id", "updated_at"] } });

    const failures = await failuresOf(world, "Pipeline", news(), {
      ...news(),
      jobs: [{ input, output, primaryKeys: ["id", "cliente_id"] }],
    });

    assert.equal(failures, "");
  });
});

function news(): Props {
  return aPipeline({ cron: "0 6 * * *" });
}

async function created(world: World): Promise<Props> {
  const { outs } = await world.create("Pipeline", news());
  return outs as Props;
}
