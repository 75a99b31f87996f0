import assert from "node:assert/strict";
import fc from "fast-check";
import type { ReplacedMigration } from "#src/domain/squash-record.js";
import { squashStanding } from "#src/domain/squash-standing.js";

const part = (version: string, ...replaces: readonly ReplacedMigration[]): ReplacedMigration => ({
  version,
  name: "part",
  up: "a".repeat(64),
  down: null,
  ...(replaces.length > 0 ? { replaces: [...replaces] } : {}),
});

describe("an environment and a squash that took the version of its last part", () => {
  const squash = { version: "3", record: { replaces: [part("1"), part("2"), part("3")] } };
  const standing = (...held: readonly string[]) => squashStanding(squash, new Set(held));

  it("stand apart, together, or somewhere between", () => {
    assert.deepEqual(standing("0", "9"), { kind: "none" });
    assert.deepEqual(standing("1", "2", "3"), { kind: "all" });
    assert.deepEqual(standing("0", "3"), { kind: "applied" });
    assert.deepEqual(standing("1"), { kind: "some", applied: ["1"], missing: ["2", "3"] });
    assert.deepEqual(standing("1", "3"), { kind: "some", applied: ["1", "3"], missing: ["2"] });
  });
});

describe("an environment and a squash of squashes", () => {
  const squash = {
    version: "9",
    record: { replaces: [part("7", part("1"), part("2")), part("8")] },
  };
  const standing = (...held: readonly string[]) => squashStanding(squash, new Set(held)).kind;

  it("stand together where the old parts were applied, or the old squash", () => {
    assert.equal(standing("1", "2", "8"), "all");
    assert.equal(standing("7", "8"), "all");
    assert.equal(standing("9"), "applied");
    assert.equal(standing(), "none");
  });

  it("do not where the old squash was half applied: the squash must not run again", () => {
    assert.equal(standing("1"), "some");
    assert.equal(standing("1", "2"), "some");
    assert.equal(standing("1", "8"), "some");
    assert.equal(standing("7"), "some");
  });
});

describe("a standing of `none`", () => {
  it("is never given where any version that the record names was applied", () => {
    const version = fc.integer({ min: 1, max: 9 }).map(String);
    fc.assert(
      fc.property(
        fc.uniqueArray(version),
        fc.uniqueArray(version, { minLength: 1 }),
        (held, parts) => {
          const squash = {
            version: parts.at(-1) ?? "",
            record: { replaces: parts.map((one) => part(one)) },
          };
          const { kind } = squashStanding(squash, new Set(held));
          assert.equal(kind === "none", !parts.some((one) => held.includes(one)));
        },
      ),
    );
  });
});
