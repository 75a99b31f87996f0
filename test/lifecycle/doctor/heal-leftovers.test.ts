import assert from "node:assert/strict";
import { planHealing } from "#src/domain/healing.js";
import { pipelineId } from "#src/domain/job-id.js";
import {
  type ChangeWorld,
  liveCron,
  PATIENCE_MS,
  startChangeWorld,
} from "../../support/change-world.js";
import { ANA, doctorOf, endingOf, leaveUnfinished, ownLease } from "../../support/doctor.js";
import { heldCron, leaveHold } from "../../support/schedule-hold.js";
import { PIPELINE, withTelefone } from "../../support/world.js";

const CRON = "0 3 1 1 *";
const YEARLY = { pipeline: { cron: CRON } };

describe("a held schedule that no change explains", function () {
  this.timeout(PATIENCE_MS);

  it("is put back, once", async () => {
    await using world = await startChangeWorld(YEARLY);
    await leaveHold(world, CRON);

    const remedies = await doctorOf(world).heal();

    assert.deepEqual(remedies, [{ kind: "restore-schedule", pipelineId: PIPELINE, cron: CRON }]);
    assert.equal(await liveCron(world), CRON);
    assert.equal(await heldCron(world), undefined);
    await doctorOf(world).carryOut(remedies);
    assert.equal(await liveCron(world), CRON);
  });

  it("is forgotten where somebody set another at Maestro since", async () => {
    await using world = await startChangeWorld(YEARLY);
    await leaveHold(world, CRON);
    const { maestro } = world.process.contextOf("").doors;
    await maestro.patchPipeline(pipelineId.parse(PIPELINE), { cron: "30 6 * * *" });

    await doctorOf(world).heal();

    assert.equal(await liveCron(world), "30 6 * * *");
    assert.deepEqual(await doctorOf(world).kinds(), []);
  });

  it("stays held where a change began after the doctor looked", async () => {
    await using world = await startChangeWorld(YEARLY);
    await leaveHold(world, CRON);
    const doctor = doctorOf(world);
    const remedies = planHealing(await doctor.look(), "finish");
    await leaveUnfinished(world);

    await doctor.carryOut(remedies);

    assert.equal(await liveCron(world), null);
    assert.deepEqual(await doctorOf(world).kinds(), ["unfinished-change", "held-schedule"]);
  });

  it("stays held, to be put back again, where Maestro refuses", async () => {
    await using world = await startChangeWorld(YEARLY);
    await leaveHold(world, CRON);
    world.emulator.faults.once("PATCH", PIPELINE, { kind: "status", status: 400 });

    await assert.rejects(doctorOf(world).heal(), { code: "MAESTRO_REFUSED" });

    assert.deepEqual(await doctorOf(world).kinds(), ["held-schedule"]);
  });
});

describe("a lease", function () {
  this.timeout(PATIENCE_MS);

  it("that ran out is given back, once no late request of its owner can arrive", async () => {
    await using world = await startChangeWorld(YEARLY);
    await ownLease(world, -1);
    const started = world.emulator.clock.now();

    const remedies = await doctorOf(world).heal();

    assert.deepEqual(remedies, [{ kind: "give-back-lease", pipelineId: PIPELINE, owner: ANA }]);
    assert.ok(world.emulator.clock.now() - started >= 30_000);
    assert.deepEqual((await endingOf(world)).lease, { OWNER: null, IS_HELD: false });
  });

  it("that somebody took after the doctor looked is waited for, and then named", async () => {
    await using world = await startChangeWorld(YEARLY);
    await leaveHold(world, CRON);
    const doctor = doctorOf(world);
    const remedies = planHealing(await doctor.look(), "finish");
    await ownLease(world, 3600);

    await assert.rejects(doctor.carryOut(remedies), { code: "LEASE_TAKEN" });

    assert.equal(await liveCron(world), null);
    assert.deepEqual((await endingOf(world)).lease, { OWNER: ANA, IS_HELD: true });
  });
});

describe("back-ups past their days", function () {
  this.timeout(PATIENCE_MS);

  it("are dropped, once, and nothing else", async () => {
    await using world = await startChangeWorld(YEARLY);
    await world.update("Job", world.job, withTelefone());
    world.emulator.clock.advance(8 * 86_400_000);
    const before = await endingOf(world);

    const remedies = await doctorOf(world).heal();

    assert.deepEqual(
      remedies.map(({ kind }) => kind),
      ["drop-back-ups"],
    );
    assert.deepEqual(await backUps(world), []);
    assert.deepEqual(await endingOf(world), before);
    await doctorOf(world).carryOut(remedies);
    assert.deepEqual(await doctorOf(world).kinds(), []);
  });
});

async function backUps({ emulator }: ChangeWorld): Promise<readonly unknown[]> {
  return emulator.warehouse.rows(
    "SELECT TABLE_NAME FROM DADOSFERA.INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME LIKE '%__BK_%'",
  );
}
