import assert from "node:assert/strict";
import { planSquash } from "#src/domain/squash-plan.js";
import { aMigration, aSquashRequest, type PartSample } from "../support/squash-samples.js";

const three = [{ version: "1" }, { version: "2" }, { version: "3" }];

describe("a squash that is refused", () => {
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

  it("holds a file that cannot be parsed", () => {
    const { traits } = aSquashRequest(three);
    const up = traits.get("2")?.up;
    assert.ok(up);

    assert.deepEqual(refused(three, { traits: new Map([...traits, ["2", { up }]]) }), [
      "Did not squash 2_part: migrations/2_part/down.sql cannot be parsed.",
    ]);
  });

  it("holds a squash of which nobody knows any more what it replaced", () => {
    const unreadableRecords = new Map([["2", "Unexpected end of JSON input"]]);

    assert.deepEqual(refused(three, { unreadableRecords }), [
      "Did not squash 2_part: the squash.json beside its up.sql cannot be read: Unexpected end of JSON input.",
    ]);
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

function refused(...request: Parameters<typeof aSquashRequest>): readonly string[] {
  const plan = planSquash(aSquashRequest(...request));
  return plan.kind === "refused" ? plan.troubles.map(({ happened }) => happened) : [];
}
