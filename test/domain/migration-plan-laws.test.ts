import assert from "node:assert/strict";
import fc from "fast-check";
import { planMigrations, stateAfter } from "#src/domain/migration-plan.js";
import { aRequest, migration, squash, stateOf, stepsOf } from "../support/migrations.js";

describe("any plan for migrations", () => {
  const versions = ["1", "2", "3", "4", "5", "6"];
  const requests = fc
    .record({
      applied: fc.subarray(versions),
      from: fc.integer({ min: 0, max: 4 }),
      length: fc.integer({ min: 0, max: 4 }),
      own: fc.boolean(),
      isDone: fc.boolean(),
      target: fc.option(fc.nat({ max: 5 }), { nil: undefined }),
      partlyApplied: fc.constantFrom("refuse" as const, "finish" as const),
    })
    .map(({ applied, from, length, own, isDone, target, partlyApplied }) => {
      const parts = versions.slice(from, from + length);
      if (parts.length < 2)
        return aRequest({
          migrations: versions.map((one) => migration(one)),
          state: stateOf(...applied),
          target: target === undefined ? undefined : versions[target],
        });
      const { folded, record } = squash(parts, own ? "7" : undefined);
      const others = versions
        .filter((version) => !parts.includes(version))
        .map((one) => migration(one));
      const migrations = [...others, folded];
      const state = isDone
        ? [...applied.filter((version) => !parts.includes(version)), folded.version]
        : applied;
      return aRequest({
        migrations,
        squashes: new Map([[folded.version, record]]),
        state: stateOf(...state),
        target: target === undefined ? undefined : migrations[target % migrations.length]?.version,
        partlyApplied,
        parts: new Set(record.replaces.map(({ up }) => up)),
      });
    });

  it("ends, if it is carried out, with exactly what the folder holds up to the target", () => {
    fc.assert(
      fc.property(requests, (request) => {
        const plan = planMigrations(request);
        fc.pre(plan.kind === "steps");
        const after = stepsOf(plan).reduce(stateAfter, request.state);
        const { target = "999" } = request;
        const wanted = request.migrations
          .map(({ version }) => version)
          .filter((version) => Number(version) <= Number(target));
        assert.deepEqual([...after.keys()].sort(), wanted.sort());
      }),
    );
  });

  it("goes on to the same end from wherever it was cut off, and runs nothing twice", () => {
    fc.assert(
      fc.property(requests, fc.nat({ max: 9 }), (request, cut) => {
        const plan = planMigrations(request);
        fc.pre(plan.kind === "steps");
        const steps = stepsOf(plan);
        const done = steps.slice(0, cut);
        const rest = planMigrations({ ...request, state: done.reduce(stateAfter, request.state) });
        assert.deepEqual(stepsOf(rest), steps.slice(cut));
        const ran = steps.flatMap((step) =>
          step.kind === "run-up" ? [`${step.version}_${step.name}`] : [],
        );
        assert.equal(new Set(ran).size, ran.length);
      }),
    );
  });

  it("runs no squash of which a part is applied", () => {
    fc.assert(
      fc.property(requests, (request) => {
        const plan = planMigrations(request);
        fc.pre(plan.kind === "steps");
        const ran = stepsOf(plan).filter(
          (step) =>
            step.kind === "run-up" && request.squashes.has(step.version) && step.part === undefined,
        );
        const parts = ran.flatMap(({ version }) => request.squashes.get(version)?.replaces ?? []);
        assert.ok(parts.every(({ version }) => !request.state.has(version)));
      }),
    );
  });
});
