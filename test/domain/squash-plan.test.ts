import assert from "node:assert/strict";
import fc from "fast-check";
import { planSquash, type SquashGroup, type SquashPlan } from "#src/domain/squash-plan.js";
import type { SquashRecord } from "#src/domain/squash-record.js";
import type { TransactionTraits } from "#src/domain/transaction-traits.js";
import { aMigration, aSquashRequest, type PartSample } from "../support/squash-samples.js";

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

  it("ends after a value was added to an enum, unless it makes the enum", () => {
    const adds = { addedValues: [{ line: 1, type: "mood", value: "sad" }] };
    const after = [{ version: "2", up: adds }, { version: "3" }, { version: "4" }];

    const old = planSquash(aSquashRequest([{ version: "1" }, ...after]));
    const own = planSquash(
      aSquashRequest([{ version: "1", up: { madeTypes: ["mood"] } }, ...after]),
    );

    assert.deepEqual(brief(old), ["2_joined_1: 1 2", "4_joined_2: 3 4"]);
    assert.deepEqual(brief(own), ["4_joined: 1 2 3 4"]);
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

describe("a squash that is refused", () => {
  const refused = (...request: Parameters<typeof aSquashRequest>) =>
    refusalsOf(planSquash(aSquashRequest(...request)));

  it("names versions that are not there", () => {
    assert.deepEqual(refused(three, { from: "9", to: "last" }), [
      "Did not squash: the folder has no migration of version 9.",
      "Did not squash: the folder has no migration of version last.",
    ]);
  });

  it("has its ends exchanged, or has only one migration", () => {
    assert.match(refused(three, { from: "3", to: "1" })[0] ?? "", /3_part comes after 1_part/);
    assert.match(refused(three, { from: "3" })[0] ?? "", /nothing to join it with/);
  });

  it("lacks files, and says each", () => {
    const { up, down, ...bare } = aMigration("2");
    assert.ok(up && down);

    const gone = refused(three, { migrations: [aMigration("1"), bare, aMigration("3")] });
    const undone = refused(three, { migrations: [aMigration("1"), { ...bare, up }] });

    assert.deepEqual(gone, [
      "Did not squash 2_part: its up.sql is missing or holds no bytes.",
      "Did not squash 2_part: its down.sql is missing or holds no bytes.",
    ]);
    assert.deepEqual(undone, ["Did not squash 2_part: its down.sql is missing or holds no bytes."]);
  });

  it("has parts that are broken, not proven, or never verified, and says all of them", () => {
    const samples: readonly PartSample[] = [
      { version: "1", verdict: { kind: "broken", why: "its down fails: 42601" } },
      { version: "2", verdict: { kind: "not proven", why: "its tables stayed empty" } },
      { version: "3", verdict: { kind: "position only" } },
    ];

    assert.deepEqual(refused(samples), [
      "Did not squash 1_part: its down fails: 42601.",
      "Did not squash 2_part: its tables stayed empty.",
    ]);
    assert.match(refused(three, { verdicts: new Map() })[0] ?? "", /it was not verified/);
  });

  it("loses what nobody accepted", () => {
    const losses = [{ object: "a.b", words: "a.b: 3 of 8 values differ" }];
    const samples = [
      { version: "1", verdict: { kind: "lossy", losses } as const },
      { version: "2" },
    ];

    assert.deepEqual(refused(samples), [
      "Did not squash 1_part: its down loses something: a.b: 3 of 8 values differ.",
    ]);
    assert.deepEqual(refused(samples, { acceptedLosses: ["a.b"] }), []);
  });

  it("holds a file without statements, which Hasura refuses alone", () => {
    assert.match(
      refused([...three, { version: "4", down: { isEmpty: true } }])[0] ?? "",
      /EmptyQuery/,
    );
  });

  it("has a name that is no folder's everywhere", () => {
    for (const name of ["", "a/b", "..", "a b", "a\nb", "x".repeat(101), "end."]) {
      assert.match(refused(three, { name })[0] ?? "", /cannot be part of a folder's name/);
    }
    assert.deepEqual(refused(three, { name: "alteração_1.2" }), []);
  });

  it("would run too late with a new version, or too early", () => {
    const policy = (milliseconds: number) => ({ kind: "now", milliseconds }) as const;

    assert.match(refused(three, { policy: policy(2) })[0] ?? "", /is not later than 3_part/);
    assert.match(refused(three, { to: "2", policy: policy(9) })[0] ?? "", /would run after 3_part/);
  });

  it("would collide with a migration that stays", () => {
    const policy = { kind: "now", milliseconds: 3 } as const;

    assert.match(refused(three, { to: "2", policy })[0] ?? "", /would run after 3_part/);
  });
});

describe("any plan", () => {
  const finding = fc.constant([{ line: 1, words: "cannot" }]);
  const traits: fc.Arbitrary<Partial<TransactionTraits>> = fc.record(
    {
      alone: fc.oneof({ weight: 5, arbitrary: fc.constant([]) }, finding),
      addedValues: fc.constantFrom([], [], [], [{ line: 1, type: "mood", value: "sad" }]),
      madeTypes: fc.constantFrom([], [], ["mood"]),
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
          const made = parts.findIndex(({ up }) => up.madeTypes?.length);
          const added = parts.findIndex(({ up }) => up.addedValues?.length);
          assert.ok(
            added === -1 || added === parts.length - 1 || (made !== -1 && made <= parts.length),
          );
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
