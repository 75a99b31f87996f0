import assert from "node:assert/strict";
import fc from "fast-check";
import { jobInputs, loadedColumns } from "#src/domain/job.js";
import { refusalsOfJob } from "#src/domain/job-refusals.js";
import { brokenJobs, jobs } from "../support/arbitraries.js";
import { aJob } from "../support/samples.js";

describe("a job's description", () => {
  it("is accepted, and itself again after a trip through the state", () => {
    fc.assert(
      fc.property(jobs, (job) => {
        const returned = jobInputs.parse(JSON.parse(JSON.stringify(job)));
        assert.deepEqual(JSON.stringify(returned), JSON.stringify(job));
        assert.deepEqual(refusalsOfJob(returned), []);
      }),
    );
  });

  it("is rejected where a single field is wrong", () => {
    fc.assert(
      fc.property(brokenJobs, (job) => {
        assert.equal(jobInputs.safeParse(job).success, false);
      }),
    );
  });

  it("loads what it lists and what it retains", () => {
    const job = aJob({ retainedColumns: ["fax"] });

    assert.deepEqual(loadedColumns(job), ["id", "valor", "updated_at", "fax"]);
  });

  it("loads whatever its source has where it lists nothing", () => {
    const lists = [undefined, null].map((columnIncludeList) =>
      loadedColumns(aJob({ input: { columnIncludeList } })),
    );

    assert.deepEqual(lists, [undefined, undefined]);
  });
});
