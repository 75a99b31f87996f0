import assert from "node:assert/strict";
import fc from "fast-check";
import { foldsOf } from "#src/domain/squash-fold.js";
import type { ReplacedMigration } from "#src/domain/squash-record.js";
import { hashOf, squash, stateOf } from "../support/migrations.js";
import { events, SquashingWorld } from "../support/squashing-world.js";

const part = (version: string, ...replaces: readonly ReplacedMigration[]): ReplacedMigration => ({
  version,
  name: "part",
  up: hashOf(`up ${version} of ${replaces.length}`),
  down: null,
  ...(replaces.length > 0 ? { replaces: [...replaces] } : {}),
});

/** A squash of a version and what it replaces, and how it stands with what is listed; `ran` are files that the resource ran. */
function standing(
  version: string,
  replaces: readonly ReplacedMigration[],
  listed: readonly string[],
  ran: readonly ReplacedMigration[] = [],
) {
  const { folded, record } = squash(["0"], version);
  const [fold] = foldsOf({
    migrations: [folded],
    squashes: new Map([[version, { ...record, replaces: [...replaces] }]]),
    state: stateOf(...listed),
    applied: new Map(ran.map((one) => [one.version, one.up.slice(0, 20)])),
  });
  assert.ok(fold);
  const versions = (parts: readonly ReplacedMigration[]) => parts.map((one) => one.version);
  const { present, missing, leftover } = fold;
  return [fold.standing, versions(present), versions(missing), versions(leftover)];
}

describe("a database and a squash that took the version of its last part", () => {
  const parts = [part("1"), part("2"), part("3")];

  it("stand apart, together, or somewhere between", () => {
    assert.deepEqual(standing("3", parts, ["0", "9"]), ["none", [], ["1", "2", "3"], []]);
    assert.deepEqual(standing("3", parts, ["1", "2", "3"]), ["all", ["1", "2", "3"], [], []]);
    assert.deepEqual(standing("3", parts, ["0", "3"]), ["done", [], [], []]);
    assert.deepEqual(standing("3", parts, ["1"]), ["some", ["1"], ["2", "3"], []]);
    assert.deepEqual(standing("3", parts, ["1", "3"]), ["some", ["1", "3"], ["2"], []]);
  });

  it("stand between where the resource ran the last part alone, and together where it ran them all and only the mark is left", () => {
    const alone = standing("3", parts, ["3"], parts.slice(2));
    const all = standing("3", parts, ["3"], parts);

    assert.deepEqual(alone, ["some", ["3"], ["1", "2"], []]);
    assert.deepEqual(all, ["done", [], [], []]);
  });
});

describe("a database and a squash with a version of its own", () => {
  it("stand together where it is listed, whatever is left beside it", () => {
    assert.deepEqual(standing("9", [part("1"), part("2")], ["1", "9"]), ["done", [], [], ["1"]]);
  });
});

describe("a database and a squash of squashes", () => {
  const parts = [part("7", part("1"), part("2")), part("8")];
  const namesakes = [part("1"), part("4", part("2"), part("4", part("3"), part("4"))), part("5")];

  it("stand together where the old parts were applied, or the old squash", () => {
    assert.deepEqual(standing("9", parts, ["1", "2", "8"]), ["all", ["1", "2", "8"], [], []]);
    assert.deepEqual(standing("9", parts, ["7", "8"]), ["all", ["7", "8"], [], []]);
    assert.deepEqual(standing("9", parts, ["9"]), ["done", [], [], []]);
    assert.deepEqual(standing("9", parts, []), ["none", [], ["7", "8"], []]);
  });

  it("do not where the old squash was half applied: what is missing of it is named part by part", () => {
    assert.deepEqual(standing("9", parts, ["1"]), ["some", ["1"], ["2", "8"], []]);
    assert.deepEqual(standing("9", parts, ["1", "2"]), ["some", ["1", "2"], ["8"], []]);
    assert.deepEqual(standing("9", parts, ["1", "8"]), ["some", ["1", "8"], ["2"], []]);
    assert.deepEqual(standing("9", parts, ["8"]), ["some", ["8"], ["7"], []]);
  });

  it("take a version that several of them carry for the innermost whose fellows are listed", () => {
    assert.deepEqual(standing("5", namesakes, ["1", "4"]), ["some", ["1", "4"], ["5"], []]);
    assert.deepEqual(standing("5", namesakes, ["1", "2", "4", "5"]), [
      "all",
      ["1", "2", "4", "5"],
      [],
      [],
    ]);
    assert.deepEqual(standing("5", namesakes, ["1", "2", "3"]), [
      "some",
      ["1", "2", "3"],
      ["4", "5"],
      [],
    ]);
  });
});

describe("a squash of which nothing is said to be there", () => {
  it("has no version listed that its record names, at whatever depth", () => {
    const version = fc.integer({ min: 1, max: 9 }).map(String);
    fc.assert(
      fc.property(
        fc.uniqueArray(version),
        fc.uniqueArray(version, { minLength: 2 }),
        fc.nat({ max: 4 }),
        (listed, parts, depth) => {
          const [first = "", ...rest] = parts.toSorted();
          const inner = [part(first), ...rest.slice(0, depth).map((one) => part(one))];
          const nested = [
            part(rest[depth - 1] ?? first, ...inner),
            ...rest.slice(depth).map((one) => part(one)),
          ];
          const [found] = standing(parts.toSorted().at(-1) ?? "", nested, listed);
          assert.equal(found === "none", !parts.some((one) => listed.includes(one)));
        },
      ),
    );
  });
});

describe("migrations that are squashed, and squashed again, while a database lags behind", () => {
  it("run once each and in order, wherever an update was killed, and whoever ran them", () => {
    fc.assert(
      fc.property(events, (happenings) => {
        const world = new SquashingWorld();
        for (const event of happenings) world.happen(event);

        const plan = world.finish();

        assert.equal(plan.kind, "steps", JSON.stringify(plan));
        assert.deepEqual(world.ran, world.leaves);
        assert.deepEqual(world.state.toSorted(), world.versions.toSorted());
      }),
      { numRuns: 1000 },
    );
  });
});
