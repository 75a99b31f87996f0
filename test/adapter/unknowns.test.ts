import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { holdsUnknown, isUnknownAt } from "#src/adapter/unknowns.js";

const unknown = unknownOfPulumi();

describe("a value that is not known yet", () => {
  it("is found at any depth", () => {
    const values = [unknown, [1, unknown], { input: { columns: ["id", unknown] } }];

    assert.deepEqual(values.map(holdsUnknown), [true, true, true]);
  });

  it("is not seen where everything is known", () => {
    const values = [null, undefined, 0, "", [], { input: { columns: ["id"] } }];

    assert.ok(!values.some(holdsUnknown));
  });

  it("excuses what is said of it, and of what lies in it", () => {
    const given = { jobId: unknown, input: { tableName: "" }, limits: unknown };

    assert.equal(isUnknownAt(given, ["jobId"]), true);
    assert.equal(isUnknownAt(given, ["limits", "deletedRows"]), true);
  });

  it("excuses what is said of something around it", () => {
    assert.equal(isUnknownAt({ backfill: { rows: { after: unknown } } }, ["backfill"]), true);
  });

  it("excuses nothing that is said of its neighbours", () => {
    const given = { jobId: unknown, input: { tableName: "" } };

    assert.equal(isUnknownAt(given, ["input", "tableName"]), false);
    assert.equal(isUnknownAt(given, ["input", "plugin"]), false);
  });
});

/** Pulumi's own mark, from its SDK, so that a change of it is noticed here. */
function unknownOfPulumi(): string {
  const { unknownValue } = require("@pulumi/pulumi/runtime/rpc");
  assert.equal(typeof unknownValue, "string");
  assert.ok(pulumi.unknown);
  return unknownValue;
}
