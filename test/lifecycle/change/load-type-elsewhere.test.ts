import assert from "node:assert/strict";
import type { LoadType } from "#src/domain/job.js";
import { jobId } from "#src/domain/job-id.js";
import {
  administer,
  beforeStatement,
  type ChangeWorld,
  LATER_PAIR,
  PATIENCE_MS,
  pairs,
  runLater,
  startChangeWorld,
} from "../../support/change-world.js";
import { FULL, QUALIFY } from "../../support/several-jobs-world.js";
import { aJob, JOB, PIPELINE, type Props, TABLE } from "../../support/world.js";

const NEWEST = [1, 2, 3, 4, 5].map((id) => `${id} 2025-12-17 16:50:0${id}`);

describe("a change of load type beside what others do", function () {
  this.timeout(PATIENCE_MS);

  it("begins again where a full load began before it, and ends with each row once", async () => {
    await using world = await startChangeWorld({ job: { input: FULL } });
    const { faults, runs } = world.emulator;
    const fire = async () => {
      runs.start(PIPELINE, "scheduled");
      await runs.idle();
    };
    faults.once("POST", "sync-mode", { kind: "run", work: fire });

    await world.update("Job", world.job, aJob());

    assert.deepEqual(pairs(await world.rows()), NEWEST);
    assert.deepEqual(await runLater(world), [...NEWEST, LATER_PAIR]);
  });

  it("leaves the state where it stands if it fails before it moved it, though rows are gone from the table", async () => {
    await using world = await startChangeWorld();
    await administer(world, `DELETE FROM ${TABLE} WHERE UPDATED_AT = '2025-12-17 16:50:05'`);
    const refusal = { kind: "status", status: 400 } as const;
    beforeStatement(world, /^SELECT/, async () =>
      world.emulator.faults.once("GET", "/jobs/jdbc/", refusal),
    );

    await assert.rejects(world.update("Job", world.job, aJob({ input: FULL })), {
      message: /Maestro answered 400/,
    });

    assert.equal(world.emulator.bookmark(JOB), "2025-12-17 16:50:05");
  });

  it("is undone to the load type that somebody else had given the job", async () => {
    await using world = await startChangeWorld();
    await setElsewhere(world, "full_load");
    world.emulator.runs.failNext("out of memory", 3);

    await assert.rejects(world.update("Job", world.job, aJob({ input: QUALIFY })), {
      message: /are back as they were/,
    });

    assert.equal(await liveLoadType(world), "full_load");
    assert.deepEqual(await runLater(world), [...NEWEST, LATER_PAIR]);
  });

  it("names a cursor for a job that a refresh found incremental, of which the state knows none", async () => {
    await using world = await startChangeWorld({ job: { input: FULL } });
    await setElsewhere(world, "incremental");
    const read = await world.providers.Job.read?.("id", world.job);

    await world.update("Job", read?.props as Props, aJob({ input: QUALIFY }), read?.inputs);

    assert.equal(await liveLoadType(world), "incremental_with_qualify");
  });
});

/** Changes the load type as somebody would who does not use Pulumi. */
async function setElsewhere({ process }: ChangeWorld, targetLoadType: LoadType): Promise<void> {
  await process.contextOf("").doors.maestro.setSyncMode(jobId.parse(JOB), {
    targetLoadType,
    incrementalColumnName: "updated_at",
    incrementalColumnType: "timestamp",
  });
}

async function liveLoadType({ process }: ChangeWorld): Promise<string | undefined> {
  return (await process.contextOf("").doors.maestro.findJob(jobId.parse(JOB)))?.loadType;
}
