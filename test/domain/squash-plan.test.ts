import assert from "node:assert/strict";
import fc from "fast-check";
import { planSquash, type SquashGroup, type SquashPlan } from "#src/domain/squash-plan.js";
import type { SquashRecord } from "#src/domain/squash-record.js";
import type { TransactionTraits } from "#src/domain/transaction-traits.js";
import { aSquashRequest, type PartSample } from "../support/squash-samples.js";

const three = [{ version: "1" }, { version: "2" }, { version: "3" }];
const concurrently = { alone: [{ line: 1, words: "CREATE INDEX CONCURRENTLY cannot" }] };

describe("a squash of plain migrations", () => {
  it("is one migration with the version of the last", () => {
    const plan = planSquash(aSquashRequest(three));

    assert.deepEqual(brief(plan), ["3_joined: 1 2 3"]);
    const [squash] = groupsOf(plan);
    assert.ok(squash?.kind === "squash");
    assert.equal(squash.up, "-- 1_part\nup 1;\n\n-- 2_part\nup 2;\n\n-- 3_part\nup 3;\n");
    assert.equal(squash.down, "-- 3_part\ndown 3;\n\n-- 2_part\ndown 2;\n\n-- 1_part\ndown 1;\n");
    assert.deepEqual(squash.replaces[0], {
      version: "1",
      name: "part",
      up: "a".repeat(64),
      down: "b".repeat(64),
    });
  });

  it("takes a part of the folder", () => {
    const plan = planSquash(aSquashRequest([{ version: "0" }, ...three], { from: "01", to: "2" }));

    assert.deepEqual(brief(plan), ["2_joined: 1 2"]);
  });

  it("gets a new version where that is asked for", () => {
    const policy = { kind: "now", milliseconds: 1_700_000_000_000 } as const;

    const plan = planSquash(aSquashRequest(three, { policy }));

    assert.deepEqual(brief(plan), ["1700000000000_joined: 1 2 3"]);
  });

  it("remembers what a squash among its parts replaced", () => {
    const nested = { version: "1", name: "old", up: "c".repeat(64), down: null };
    const record: SquashRecord = {
      format: 1,
      replaces: [nested],
      up: "d".repeat(64),
      down: "e".repeat(64),
      commit: "f".repeat(40),
      folder: "migrations",
      proofs: [],
    };

    const [squash] = groupsOf(
      planSquash(aSquashRequest(three, { records: new Map([["2", record]]) })),
    );

    assert.ok(squash?.kind === "squash");
    assert.deepEqual(
      squash.replaces.map(({ version, replaces }) => [version, replaces]),
      [
        ["1", undefined],
        ["2", [nested]],
        ["3", undefined],
      ],
    );
  });
});

describe("a squash that one transaction cannot hold", () => {
  it("leaves alone what must be alone, and names the squashes around it by number", () => {
    const plan = planSquash(
      aSquashRequest([
        ...three,
        { version: "4", up: concurrently },
        { version: "5" },
        { version: "6" },
      ]),
    );

    assert.deepEqual(brief(plan), ["3_joined_1: 1 2 3", "4 stays", "6_joined_2: 5 6"]);
    const [, kept] = groupsOf(plan);
    assert.ok(kept?.kind === "kept");
    assert.equal(kept.why, "migrations/4_part/up.sql:1: CREATE INDEX CONCURRENTLY cannot");
  });

  it("does so for a down as well", () => {
    const plan = planSquash(aSquashRequest([...three, { version: "4", down: concurrently }]));

    assert.deepEqual(brief(plan), ["3_joined: 1 2 3", "4 stays"]);
  });

  it("ends after a value was added to an enum", () => {
    const adds = { addedValues: [{ line: 1, type: "mood", value: "sad" }] };
    const samples = [{ version: "1" }, { version: "2", up: adds }, { version: "3" }];

    const plan = planSquash(aSquashRequest([...samples, { version: "4" }]));

    assert.deepEqual(brief(plan), ["2_joined_1: 1 2", "4_joined_2: 3 4"]);
    const [, second] = groupsOf(plan);
    assert.ok(second?.kind === "squash");
    assert.equal(
      second.split,
      "the up of 2_part adds 'sad' to mood, which can be used only after the transaction that adds it",
    );
  });

  it("keeps rows and a changed definition apart where checks wait for the end", () => {
    const rows = { version: "2", up: { changesRows: true } };
    const altered = { version: "3", up: { alteredTables: ["a"] } };
    const code = { version: "3", up: { altersUnknown: true } };
    const before = { version: "0", up: { deferredTables: ["a"] } };
    const asked = (samples: readonly PartSample[]) =>
      brief(planSquash(aSquashRequest(samples, { from: "1" })));

    assert.deepEqual(asked([before, { version: "1" }, rows, altered]), [
      "2_joined: 1 2",
      "3 stays",
    ]);
    assert.deepEqual(asked([before, { version: "1" }, rows, code]), ["2_joined: 1 2", "3 stays"]);
    assert.deepEqual(asked([{ version: "1" }, rows, altered]), ["3_joined: 1 2 3"]);
  });

  it("looks at the downs in the order in which they run", () => {
    const rows = { version: "3", down: { changesRows: true } };
    const altered = { version: "2", down: { alteredTables: ["a"] } };
    const before = { version: "1", up: { deferredTables: ["a"] } };

    const plan = planSquash(aSquashRequest([before, altered, rows]));

    assert.deepEqual(brief(plan), ["2_joined: 1 2", "3 stays"]);
  });

  it("is refused where nothing is left to join", () => {
    const samples = [{ version: "1", up: concurrently }, { version: "2" }];

    assert.deepEqual(refusalsOf(planSquash(aSquashRequest(samples))), [
      "Did not squash: no two neighbours of the range can share one transaction; migrations/1_part/up.sql:1: CREATE INDEX CONCURRENTLY cannot.",
    ]);
  });
});

describe("any plan", () => {
  const finding = fc.constant([{ line: 1, words: "cannot" }]);
  const traits: fc.Arbitrary<Partial<TransactionTraits>> = fc.record(
    {
      alone: fc.oneof({ weight: 5, arbitrary: fc.constant([]) }, finding),
      addedValues: fc.constantFrom([], [], [], [{ line: 1, type: "mood", value: "sad" }]),
      deferredTables: fc.constantFrom([], [], ["a"]),
      changesRows: fc.boolean(),
      alteredTables: fc.constantFrom([], ["a"], ["b"]),
    },
    { requiredKeys: [] },
  );
  const samples = fc
    .array(fc.record({ up: traits, down: traits }), { minLength: 2, maxLength: 12 })
    .map((list) => list.map((sample, at) => ({ version: String(10 + at), ...sample })));

  it("holds each migration of the range once, in order, whatever the traits", () => {
    fc.assert(
      fc.property(samples, (list) => {
        const plan = planSquash(aSquashRequest(list));
        fc.pre(plan.kind === "planned");
        assert.deepEqual(
          groupsOf(plan).flatMap((group) =>
            group.kind === "kept"
              ? [group.migration.version]
              : group.replaces.map(({ version }) => version),
          ),
          list.map(({ version }) => version),
        );
      }),
    );
  });

  it("joins nothing that must be alone, and uses no value before its transaction ended", () => {
    fc.assert(
      fc.property(samples, (list) => {
        for (const group of groupsOf(planSquash(aSquashRequest(list)))) {
          if (group.kind === "kept") continue;
          const parts = list.filter(({ version }) =>
            group.parts.some((part) => part.version === version),
          );
          assert.ok(parts.length > 1);
          assert.ok(parts.every(({ up, down }) => !up.alone?.length && !down.alone?.length));
          const added = parts.findIndex(({ up }) => up.addedValues?.length);
          assert.ok(added === -1 || added === parts.length - 1);
          const undone = parts.findLastIndex(({ down }) => down.addedValues?.length);
          assert.ok(undone <= 0);
        }
      }),
    );
  });
});

function groupsOf(plan: SquashPlan): readonly SquashGroup[] {
  return plan.kind === "planned" ? plan.groups : [];
}

function brief(plan: SquashPlan): readonly string[] {
  assert.deepEqual(refusalsOf(plan), []);
  return groupsOf(plan).map((group) =>
    group.kind === "kept"
      ? `${group.migration.version} stays`
      : `${group.version}_${group.name}: ${group.parts.map(({ version }) => version).join(" ")}`,
  );
}

function refusalsOf(plan: SquashPlan): readonly string[] {
  return plan.kind === "refused" ? plan.troubles.map(({ happened }) => happened) : [];
}
