import assert from "node:assert/strict";
import fc from "fast-check";
import { jobId, jobIdAt, pipelineId, splitJobId, withUnderscores } from "#src/domain/job-id.js";

const positions = fc.nat({ max: 500 });
const spellings = fc.constantFrom<((id: string) => string)[]>(
  (id) => id,
  (id) => id.toUpperCase(),
  (id) => id.replaceAll("-", "_"),
  (id) => ` ${id.replace("-", "_")}\n`,
);

describe("a job id", () => {
  it("is the same value in every spelling", () => {
    fc.assert(
      fc.property(fc.uuid(), positions, spellings, (uuid, position, spell) => {
        const id = `${uuid}-${position}`;
        assert.equal(jobId.parse(spell(id)), id);
      }),
    );
  });

  it("splits into the pipeline and position that it was made of", () => {
    fc.assert(
      fc.property(fc.uuid(), positions, (uuid, index) => {
        const pipeline = pipelineId.parse(uuid);
        assert.deepEqual(splitJobId(jobIdAt(pipeline, index)), { pipelineId: pipeline, index });
      }),
    );
  });

  it("is itself again after a trip through underscores", () => {
    fc.assert(
      fc.property(fc.uuid(), positions, (uuid, position) => {
        const id = jobIdAt(pipelineId.parse(uuid), position);
        assert.equal(jobId.parse(withUnderscores(id)), id);
      }),
    );
  });

  const uuid = "7b8b3399-b8c0-4fc5-9116-142cd9f4e7ae";
  for (const wrong of [uuid, `${uuid}-`, `${uuid}-00`, `${uuid}--1`, `${uuid}-1.5`, "0", ""]) {
    it(`is not ${JSON.stringify(wrong)}`, () => {
      assert.equal(jobId.safeParse(wrong).success, false);
    });
  }
});

describe("a pipeline id", () => {
  it("is the same value in every spelling", () => {
    fc.assert(
      fc.property(fc.uuid(), spellings, (uuid, spell) => {
        assert.equal(pipelineId.parse(spell(uuid)), uuid);
      }),
    );
  });

  it("is not a job's id", () => {
    const id = "7b8b3399-b8c0-4fc5-9116-142cd9f4e7ae-0";
    assert.equal(pipelineId.safeParse(id).success, false);
  });
});
