import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { planDeletions } from "#src/engine/deletion-order.js";
import { findIntegrityProblem } from "#src/engine/integrity.js";
import type { ResourceState } from "#src/engine/resource-state.js";
import { Boxes } from "./boxes.js";

const provider = {
  urn: "urn:p::default",
  type: "pulumi:providers:pulumi-nodejs",
  custom: true,
  id: "1",
};
const box = { urn: "urn:a", type: "box", custom: true, id: "a", provider: "urn:p::default::1" };

describe("a state file", () => {
  it("is sound when everything stands after what it refers to", () => {
    const child = { ...box, urn: "urn:b", parent: "urn:a", dependencies: ["urn:a"] };

    assert.equal(findIntegrityProblem([provider, box, child, { ...box, delete: true }]), undefined);
  });

  it("is refused for what the Pulumi CLI refuses", () => {
    const { provider: _none, ...orphan } = box;
    const { id: _id, ...nameless } = box;

    assert.match(
      findIntegrityProblem([box, provider]) ?? "",
      /has a provider that does not stand before it/,
    );
    assert.match(findIntegrityProblem([provider, orphan]) ?? "", /has no provider/);
    assert.match(findIntegrityProblem([provider, nameless]) ?? "", /without an id/);
    assert.match(findIntegrityProblem([provider, box, box]) ?? "", /is there twice/);
    assert.match(
      findIntegrityProblem([provider, { ...box, parent: "urn:x" }]) ?? "",
      /refers to urn:x/,
    );
    assert.match(
      findIntegrityProblem([provider, { ...box, custom: false }]) ?? "",
      /is not a custom resource/,
    );
    assert.match(findIntegrityProblem([provider, { ...box, type: "" }]) ?? "", /has no type/);
  });

  it("is refused, and left alone, when its magic is not that of its version", async () => {
    await using boxes = new Boxes();
    mkdirSync(dirname(boxes.stateFile), { recursive: true });
    const manifest = { version: "v3.260.0", magic: "0" };
    const text = JSON.stringify({ version: 3, checkpoint: { latest: { manifest } } });
    writeFileSync(boxes.stateFile, text);

    const up = await boxes.up([]);

    assert.equal(up.exitCode, 1);
    assert.match(up.stderr, /magic does not match its version\.\nNothing was changed\.\n/);
    assert.equal(boxes.stateText, text);
  });

  it("is not written by two commands at once", async () => {
    await using boxes = new Boxes();
    const first = boxes.up([{ name: "a" }], { env: { FAULTS: "create:a=wait" } });
    await boxes.until(() => boxes.changes.length === 1);

    const second = await boxes.up([]);
    boxes.release();

    assert.equal(second.exitCode, 1);
    assert.match(second.stderr, /the stack is locked by 1 other command/);
    assert.equal((await first).exitCode, 0);
  }).timeout(60_000);
});

describe("an order of deletions", () => {
  // Each resource may refer to any that comes before it.
  const states = fc
    .array(fc.array(fc.nat({ max: 9 }), { maxLength: 3 }), { maxLength: 10 })
    .map((lists) =>
      lists.map((picks, at): ResourceState => {
        const dependencies = picks.filter((pick) => pick < at).map((pick) => `urn:${pick}`);
        return { urn: `urn:${at}`, type: "box", custom: true, id: `${at}`, dependencies };
      }),
    );

  it("deletes everything once, and nothing before what refers to it", () => {
    fc.assert(
      fc.property(states, (all) => {
        const batches = planDeletions(all);
        const batchOf = new Map(batches.flatMap((batch, at) => batch.map(({ urn }) => [urn, at])));
        assert.equal(batches.flat().length, all.length);
        assert.equal(batchOf.size, all.length);
        for (const { urn, dependencies = [] } of all) {
          for (const needed of dependencies)
            assert.ok(Number(batchOf.get(urn)) < Number(batchOf.get(needed)));
        }
      }),
    );
  });
});

describe("a state of the Pulumi CLI", function () {
  this.timeout(120_000);
  it("takes this engine's state over and hands it back (skipped where there is no pulumi on the PATH)", async function () {
    if (spawnSync("pulumi", ["version"]).status !== 0) return this.skip();
    await using boxes = new Boxes();
    const plan = [
      { name: "a", secrets: { note: "hush" } },
      { name: "b", from: "a" },
      { name: "c", parent: "a" },
    ];
    const env = { PULUMI_CONFIG_PASSPHRASE: "open" };
    await boxes.up(plan, { env });

    const preview = runPulumi(boxes, plan, ["preview", "--expect-no-changes"]);
    const up = runPulumi(boxes, plan.slice(0, 2), ["up", "--yes", "--skip-preview"]);
    const back = await boxes.preview(plan.slice(0, 2), { env });

    assert.equal(preview.status, 0, preview.stderr);
    assert.equal(up.status, 0, up.stderr);
    assert.equal(back.exitCode, 0, back.stderr);
    assert.deepEqual(back.changeSummary, { same: 3 });
  });
});

function runPulumi(boxes: Boxes, plan: readonly unknown[], args: readonly string[]) {
  return spawnSync("pulumi", [...args, "--stack", "test", "--non-interactive"], {
    cwd: boxes.program,
    encoding: "utf8",
    env: {
      ...process.env,
      ...boxes.environment,
      BOXES: JSON.stringify(plan),
      PULUMI_CONFIG_PASSPHRASE: "open",
      PULUMI_HOME: join(boxes.root, "home"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    },
  });
}
