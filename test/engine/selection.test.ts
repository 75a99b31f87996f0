import assert from "node:assert/strict";
import fc from "fast-check";
import { findIntegrityProblem, orderByReferences } from "#src/engine/integrity.js";
import { type ResourceState, referencesOf } from "#src/engine/resource-state.js";
import { follow, matcherOf, type Selection, selectDeletions } from "#src/engine/selection.js";
import { Boxes } from "./boxes.js";

// Each resource may refer to any that comes before it.
const states = fc
  .array(fc.array(fc.nat({ max: 9 }), { maxLength: 3 }), { maxLength: 10 })
  .map((lists) =>
    lists.map((picks, at): ResourceState => {
      const dependencies = picks.filter((pick) => pick < at).map((pick) => `urn:${pick}`);
      return { urn: `urn:${at}`, type: "box", custom: false, dependencies };
    }),
  );

const selections = fc.record({
  kind: fc.constantFrom("only" as const, "except" as const),
  names: fc.array(
    fc.nat({ max: 9 }).map((at) => `urn:${at}`),
    { minLength: 1, maxLength: 3 },
  ),
  withDependents: fc.boolean(),
});

describe("a selection of resources", () => {
  it("takes what is named and nothing else, or all but that", () => {
    fc.assert(
      fc.property(states, selections, (all, { names }) => {
        const only = pick({ kind: "only", names, withDependents: false }, all);
        const except = pick({ kind: "except", names, withDependents: false }, all);
        assert.deepEqual(
          only,
          all.map(({ urn }) => urn).filter((urn) => names.includes(urn)),
        );
        assert.deepEqual([...only, ...except].sort(), all.map(({ urn }) => urn).sort());
      }),
    );
  });

  it("with dependents takes or leaves whatever rests on what it names", () => {
    fc.assert(
      fc.property(states, selections, (all, selection) => {
        const taken = new Set(pick({ ...selection, withDependents: true }, all));
        const isMet = (urn: string) => taken.has(urn) === (selection.kind === "only");
        for (const state of all)
          if ([...referencesOf(state)].some(isMet)) assert.ok(isMet(state.urn));
      }),
    );
  });

  it("never lets a resource go that another one, which stays, rests on", () => {
    fc.assert(
      fc.property(states, selections, (all, selection) => {
        const { going, staying, unasked } = selectDeletions(selection, all, all);
        const gone = new Set(going.map(({ urn }) => urn));
        for (const state of staying)
          for (const urn of referencesOf(state)) assert.ok(!gone.has(urn));
        assert.equal(going.length + staying.length, all.length);
        const isAllowed = selection.kind === "except" || selection.withDependents;
        assert.deepEqual(
          unasked,
          isAllowed ? [] : [...gone].filter((urn) => !selection.names.includes(urn)),
        );
      }),
    );
  });

  it("reads one star as anything up to the next colon, and two as anything at all", () => {
    const urn = "urn:pulumi:dev::shop::a$b:c/d:E::name.1";
    const names = (name: string) => matcherOf([name])(urn);

    assert.deepEqual(
      [
        urn,
        "**",
        "**::name.1",
        "urn:pulumi:*::shop::**",
        "**E::name?1",
        "**::*:E::*",
        "*",
        "name.1",
      ].map(names),
      [true, true, true, true, false, false, false, false],
    );
  });
});

describe("an order of resources", () => {
  it("is sound whatever they were mixed like, and the same where it was sound", () => {
    const mixed = states.chain((all) =>
      fc.shuffledSubarray(all, { minLength: all.length }).map((shuffled) => ({ all, shuffled })),
    );
    fc.assert(
      fc.property(mixed, ({ all, shuffled }) => {
        assert.equal(findIntegrityProblem(orderByReferences(shuffled)), undefined);
        assert.deepEqual(orderByReferences(all), all);
      }),
    );
  });
});

describe("a run on some resources", function () {
  // Each run starts two processes of about a second.
  this.timeout(60_000);
  const urnOf = (name: string) =>
    `urn:pulumi:test::boxes::pulumi-nodejs:dynamic/boxes:Box::${name}`;

  it("leaves the others as they are, even where they rest on what the program dropped", async () => {
    await using boxes = new Boxes();
    await boxes.up([{ name: "a" }, { name: "b", from: "a" }, { name: "c" }]);
    const before = boxes.find("b");
    const plan = [
      { name: "b", inputs: { size: 2 } },
      { name: "c", inputs: { size: 3 } },
      { name: "d" },
    ];

    const up = await boxes.up(plan, { targets: ["**::c"] });
    const next = await boxes.preview(plan);

    assert.equal(up.exitCode, 0, up.stdout);
    assert.deepEqual(up.changeSummary, { same: 4, update: 1 });
    assert.deepEqual(boxes.find("b"), before);
    assert.equal(boxes.find("c")?.outputs?.["size"], 3);
    assert.equal(boxes.things.length, 3);
    assert.deepEqual(next.changeSummary, { create: 1, delete: 1, same: 2, update: 1 });
  });

  it("is refused where it needs what it must not make, and where it names what nobody knows", async () => {
    await using boxes = new Boxes();
    const plan = [{ name: "a" }, { name: "b", dependsOn: ["a"] }];

    const needy = await boxes.up(plan, { targets: [urnOf("b")] });
    const lost = await boxes.up([], { excludes: [urnOf("nobody")] });

    assert.deepEqual([needy.exitCode, lost.exitCode], [1, 1]);
    assert.match(
      needy.stdout,
      /'.*::b' depends on '.*::a' which was was not specified in --target/,
    );
    assert.match(lost.stdout, /error: Target '.*::nobody' could not be found in the stack/);
    assert.deepEqual(boxes.changes, []);
  });

  it("that goes on after a failure deletes what the program dropped, and keeps what failed", async () => {
    await using boxes = new Boxes();
    await boxes.up([{ name: "a" }, { name: "b", from: "a" }, { name: "c" }]);
    boxes.forgetCalls();

    const destroy = await boxes.destroy({
      continueOnError: true,
      env: { FAULTS: "delete:b=plain" },
    });
    const left = boxes.resources.map(({ urn }) => urn.split("::")[3]);
    const kept = await boxes.destroy({ excludes: [urnOf("b")] });

    assert.equal(destroy.exitCode, 1);
    assert.deepEqual(boxes.changes, ["delete b", "delete c"]);
    assert.deepEqual(left, ["boxes-test", "default", "a", "b"]);
    assert.match(destroy.stdout, /error: update failed\n/);
    assert.equal(kept.exitCode, 0, kept.stdout);
    assert.deepEqual(kept.changeSummary, { same: 3 });
  });
});

function pick(selection: Selection, all: readonly ResourceState[]): readonly string[] {
  const takesPart = follow(selection);
  return all.filter((state) => takesPart(state.urn, referencesOf(state))).map(({ urn }) => urn);
}
