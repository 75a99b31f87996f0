import assert from "node:assert/strict";
import { PATIENCE_MS, startChangeWorld } from "../../support/change-world.js";
import { asSomebody, doctorOf, leaveUnfinished, only } from "../../support/doctor.js";
import { leaveHold } from "../../support/schedule-hold.js";
import { JOB, PIPELINE, TABLE, withTelefone } from "../../support/world.js";

const HOURLY = { pipeline: { cron: "0 * * * *" } };
const LEASES = "PUBLIC.PULUMI_DADOSFERA_LEASES";
const FULL_NAME = `DADOSFERA.${TABLE}`;
const PLACE = { pipelineId: PIPELINE, jobId: JOB, table: FULL_NAME };
const DAY_MS = 86_400_000;

describe("a doctor who looks", function () {
  this.timeout(PATIENCE_MS);

  it("finds nothing where no change was ever made, and says that there is no journal", async () => {
    await using world = await startChangeWorld();

    const { findings, underWay, notes } = await doctorOf(world).look();

    assert.deepEqual([findings, underWay], [[], []]);
    assert.match(
      notes.join("\n"),
      /^There is no journal in DADOSFERA\.PUBLIC, or the role may not/,
    );
  });

  it("finds nothing after a change that ended well, and changes nothing by looking", async () => {
    await using world = await startChangeWorld(HOURLY);
    await world.update("Job", world.job, withTelefone());
    const said = world.emulator.warehouse.statements.length;

    const diagnosis = await doctorOf(world).look();

    assert.deepEqual(diagnosis, { findings: [], underWay: [], notes: [] });
    const statements = world.emulator.warehouse.statements.slice(said).map(({ sql }) => sql);
    assert.deepEqual(
      statements.filter((sql) => !/^(SELECT|ALTER SESSION)/.test(sql)),
      [],
    );
  });

  it("finds an unfinished change: what for, since when, how far, and what it did", async () => {
    await using world = await startChangeWorld(HOURLY);
    await leaveUnfinished(world);

    const diagnosis = await doctorOf(world).look();

    const { changeId, owner, since, stepAt, now, ...change } = only(diagnosis, "unfinished-change");
    assert.deepEqual(change, {
      kind: "unfinished-change",
      ...PLACE,
      purpose: "columns telefone, rows after 2025-12-17 16:49:00",
      columns: ["telefone"],
      step: "run-requested",
      isUndoing: false,
    });
    assert.match(`${since} ${stepAt}`, /^(2025-12-17 \d\d:\d\d:\d\d ?){2}$/);
    assert.match(owner, /@.* process \d+/);
    assert.match(now, /^The rows beyond 2025-12-17 16:49:00 of .* were deleted to be loaded again/);
    const held = only(diagnosis, "held-schedule");
    assert.deepEqual([held.cron, held.changeId], ["0 * * * *", changeId]);
  });

  it("finds a schedule that is held although no change is unfinished", async () => {
    await using world = await startChangeWorld(HOURLY);
    await leaveHold(world, "0 * * * *");

    const { since, ...held } = only(await doctorOf(world).look(), "held-schedule");

    assert.deepEqual(held, {
      kind: "held-schedule",
      pipelineId: PIPELINE,
      cron: "0 * * * *",
      changeId: undefined,
    });
    assert.match(String(since), /^2025-12-17 \d\d:\d\d:\d\d$/);
  });

  it("finds a lease that its owner let run out", async () => {
    await using world = await startChangeWorld();
    await leaveHold(world, "0 * * * *");
    await asSomebody(
      world,
      `UPDATE ${LEASES} SET OWNER = 'ana@notebook process 7', EXPIRES_AT = DATEADD(second, -1, CURRENT_TIMESTAMP())`,
    );

    const lease = only(await doctorOf(world).look(), "expired-lease");

    assert.equal(lease.owner, "ana@notebook process 7");
    assert.match(String(lease.expiredAt), /^2025-12-17 \d\d:\d\d:\d\d$/);
  });

  it("leaves a pipeline alone that somebody works on, and says who", async () => {
    await using world = await startChangeWorld(HOURLY);
    await leaveUnfinished(world);
    await asSomebody(
      world,
      `UPDATE ${LEASES} SET OWNER = 'ana@notebook process 7', EXPIRES_AT = DATEADD(second, 60, CURRENT_TIMESTAMP())`,
    );

    const { findings, underWay } = await doctorOf(world).look();

    assert.deepEqual(findings, []);
    assert.deepEqual(
      underWay.map(({ pipelineId, owner, changeIds }) => [pipelineId, owner, changeIds.length]),
      [[PIPELINE, "ana@notebook process 7", 1]],
    );
  });

  it("finds back-ups after seven days, or as many as the program said", async () => {
    await using world = await startChangeWorld();
    const changed = await world.update("Job", world.job, withTelefone());
    await world.update("Job", changed, {
      ...withTelefone(undefined, { triggers: ["again"], backUp: { keepDays: 1 } }),
    });
    world.emulator.clock.advance(2 * DAY_MS);
    const short = only(await doctorOf(world).look(), "expired-back-ups");

    world.emulator.clock.advance(6 * DAY_MS);
    const { findings } = await doctorOf(world).look();

    assert.equal(short.keepDays, 1);
    assert.match(short.backUps.map(({ name }) => name).join(), /__BK_[0-9A-F]{8}$/);
    assert.deepEqual(
      findings.map((each) => each.kind === "expired-back-ups" && each.keepDays).sort(),
      [1, 7],
    );
  });

  it("looks at one pipeline only, and refuses one that nobody knows", async () => {
    await using world = await startChangeWorld(HOURLY);
    await leaveUnfinished(world);
    const unknown = PIPELINE.replace("7b8b", "0000");

    const own = await doctorOf(world).look(PIPELINE);

    assert.equal(only(own, "unfinished-change").pipelineId, PIPELINE);
    await assert.rejects(doctorOf(world).look(unknown), {
      code: "PIPELINE_NOT_FOUND",
      message: new RegExp(`^Found no pipeline ${unknown}, at Maestro or in the journal\\.`),
    });
  });

  it("reports nothing of another pipeline than the one asked for", async () => {
    await using world = await startChangeWorld(HOURLY);
    await leaveUnfinished(world);
    const other = PIPELINE.replace("7b8b", "0000");
    await asSomebody(world, `UPDATE ${LEASES} SET PIPELINE_ID = '${other}'`);

    const { findings } = await doctorOf(world).look(other);

    assert.deepEqual(
      findings.map(({ kind }) => kind),
      ["held-schedule"],
    );
  });

  it("cannot look where a newer version wrote", async () => {
    await using world = await startChangeWorld();
    await world.update("Job", world.job, withTelefone());
    await asSomebody(
      world,
      "UPDATE PUBLIC.PULUMI_DADOSFERA_CHANGES SET VERSION = 99 WHERE STEP = 'finished'",
    );

    await assert.rejects(doctorOf(world).look(), { code: "JOURNAL_UNREADABLE" });
  });
});
