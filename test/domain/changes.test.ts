import assert from "node:assert/strict";
import fc from "fast-check";
import { refusalsOfChange } from "#src/domain/change-refusals.js";
import { addedColumns, planJobChanges, removedColumns, sameColumns } from "#src/domain/changes.js";
import type { JobInputs } from "#src/domain/job.js";
import { loadedColumns } from "#src/domain/job.js";
import { columnNames, jobs } from "../support/arbitraries.js";
import { aJob } from "../support/samples.js";

const backfill = { columns: ["telefone"], rows: "all" } as const;
const withPhone = { columnIncludeList: ["id", "valor", "updated_at", "telefone"] };

describe("equal descriptions of a job", () => {
  it("ask for nothing", () => {
    fc.assert(
      fc.property(jobs, (job) => {
        assert.deepEqual(planJobChanges(job, structuredClone(job)), []);
        assert.deepEqual(refusalsOfChange(job, structuredClone(job)), []);
      }),
    );
  });

  it("ask for nothing, in whatever order their keys and columns stand", () => {
    fc.assert(
      fc.property(jobs, (job) => {
        assert.deepEqual(planJobChanges(job, reversed(job)), []);
        assert.deepEqual(refusalsOfChange(job, reversed(job)), []);
      }),
    );
  });

  it("ask for nothing when only the backfill, limits or the source's columns changed", () => {
    const news = aJob({
      backfill,
      limits: { deletedRows: 5 },
      sourceColumns: ["id"],
      keepVersions: true,
      backUp: { keepDays: 1 },
      timeouts: { run: 60 },
    });

    assert.deepEqual(planJobChanges(aJob(), news), []);
    assert.deepEqual(planJobChanges(news, aJob()), []);
    assert.deepEqual(refusalsOfChange(news, aJob()), []);
  });
});

describe("a change of a job", () => {
  it("never asks for what Maestro cannot do: a column removed, a list narrowed or widened", () => {
    fc.assert(
      fc.property(jobs, jobs, backfillOf, (olds, wanted, rows) => {
        const added = addedColumns(olds, wanted);
        const news =
          added.length === 0 ? wanted : { ...wanted, backfill: { columns: added, rows } };
        fc.pre(refusalsOfChange(olds, news).length === 0);

        const asked = planJobChanges(olds, news).flatMap((change) =>
          change.kind === "columns" ? change.added : [],
        );
        const reached = loadedColumns(olds) && [...(loadedColumns(olds) ?? []), ...asked];
        assert.deepEqual(reached?.toSorted(), loadedColumns(news)?.toSorted());
      }),
    );
  });

  it("adds the columns that are listed and not loaded yet", () => {
    const changes = planJobChanges(aJob(), aJob({ backfill, input: withPhone }));

    assert.deepEqual(changes, [
      { kind: "columns", added: ["telefone"], backfill, repeated: false },
    ]);
  });

  it("adds a column that is retained without ever having been loaded", () => {
    const news = aJob({ retainedColumns: ["telefone"], backfill });

    assert.deepEqual(addedColumns(aJob(), news), ["telefone"]);
  });

  it("adds nothing when a listed column becomes a retained one", () => {
    const news = aJob({ retainedColumns: ["telefone"] });

    assert.deepEqual(planJobChanges(aJob({ input: withPhone }), news), []);
    assert.deepEqual(removedColumns(aJob({ input: withPhone }), news), []);
  });

  it("repeats the backfill as it stands when a trigger changes", () => {
    const olds = aJob({ backfill, input: withPhone, triggers: ["1"] });
    const news = aJob({ backfill, input: withPhone, triggers: ["2"] });

    assert.deepEqual(planJobChanges(olds, news), [
      { kind: "columns", added: [], backfill, repeated: true },
    ]);
  });

  it("adds columns once where a trigger changes at the same time", () => {
    const changes = planJobChanges(
      aJob(),
      aJob({ backfill, input: withPhone, triggers: ["again"] }),
    );

    assert.deepEqual(changes, [
      { kind: "columns", added: ["telefone"], backfill, repeated: false },
    ]);
  });

  it("does columns first, then the load type, then the memory", () => {
    const news = aJob({
      backfill,
      memoryMb: 4096,
      input: { ...withPhone, loadType: "incremental_with_qualify" },
    });

    assert.deepEqual(planJobChanges(aJob(), news).slice(1), [
      { kind: "load-type", from: "incremental", to: "incremental_with_qualify" },
      { kind: "memory", megabytes: 4096 },
    ]);
  });

  it("leaves the memory alone where the program stops naming it", () => {
    assert.deepEqual(planJobChanges(aJob({ memoryMb: 4096 }), aJob()), []);
  });
});

describe("two lists of columns", () => {
  it("are the same in whatever order", () => {
    fc.assert(
      fc.property(fc.uniqueArray(columnNames), columnNames, (names, other) => {
        assert.equal(sameColumns(names, names.toReversed()), true);
        assert.equal(sameColumns(names, [...names, other]), names.includes(other));
      }),
    );
  });
});

const backfillOf = fc.constantFrom("all" as const, "none" as const);

function reversed(job: JobInputs): JobInputs {
  const backwards = <T extends object>(value: T) =>
    Object.fromEntries(Object.entries(value).toReversed()) as T;
  const { columnIncludeList } = job.input;
  return backwards({
    ...job,
    output: backwards(job.output),
    input: backwards({
      ...job.input,
      authParameters: backwards(job.input.authParameters),
      columnIncludeList: columnIncludeList?.toReversed(),
    }),
  });
}
