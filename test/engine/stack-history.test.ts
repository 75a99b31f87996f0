import assert from "node:assert/strict";
import { Boxes } from "./boxes.js";

describe("a stack on the engine", function () {
  // Each run starts two processes of about a second.
  this.timeout(60_000);

  it("is previewed without a call that changes anything, then made, in the order of its references", async () => {
    await using boxes = new Boxes();
    const plan = [
      { name: "a", inputs: { size: 1 } },
      { name: "b", from: "a" },
      { name: "c", parent: "a" },
    ];

    const preview = await boxes.preview(plan);
    const lookedAt = boxes.calls.map(({ method }) => method);
    const up = await boxes.up(plan);

    assert.equal(preview.exitCode, 0, preview.stdout);
    assert.deepEqual(new Set(lookedAt), new Set(["configure", "check"]));
    assert.deepEqual(preview.changeSummary, { create: 4 });
    assert.equal(up.exitCode, 0, up.stdout);
    assert.equal(boxes.changes[0], "create a");
    assert.deepEqual(up.outputs, { a: "a-1", b: "b-0", c: "c-0" });
    assert.deepEqual(
      boxes.resources.slice(0, 3).map(({ type }) => type),
      ["pulumi:pulumi:Stack", "pulumi:providers:pulumi-nodejs", "pulumi-nodejs:dynamic/boxes:Box"],
    );
    assert.deepEqual(boxes.pendingOperations, []);
  });

  it("shows what it would do and what it did as Pulumi does", async () => {
    await using boxes = new Boxes();
    await boxes.up([{ name: "a", inputs: { size: 1 } }, { name: "b", from: "a" }, { name: "z" }]);
    const plan = [
      { name: "a", inputs: { size: 2, note: "n" } },
      { name: "b", from: "a" },
    ];

    const preview = await boxes.preview(plan, { env: { LOG: "1" } });
    const tree = await boxes.preview(plan, { diff: true });
    const up = await boxes.up(plan);

    assert.match(preview.stdout, /^Previewing update \(test\):\n\n/);
    assert.match(
      preview.stdout,
      /\n ~ {2}pulumi-nodejs:dynamic\/boxes:Box a update \[diff: \+note~size\]; will change the box\n/,
    );
    assert.match(
      preview.stdout,
      /\n ~ {2}pulumi-nodejs:dynamic\/boxes:Box b update \[diff: ~source\]\n/,
    );
    assert.match(preview.stdout, /measuring the box[\s\S]*Diagnostics:\n/);
    assert.doesNotMatch(preview.stdout, /Diagnostics:[\s\S]*measuring the box/);
    assert.match(
      preview.stdout,
      /\n {2}pulumi-nodejs:dynamic\/boxes:Box \(a\):\n {4}will change the box\n/,
    );
    assert.match(preview.stdout, /\n {4}warning: the program warns\n/);
    assert.match(
      preview.stdout,
      /\nResources:\n {4}~ 2 to update\n {4}- 1 to delete\n {4}3 changes. 1 unchanged\n\n$/,
    );
    assert.match(tree.stdout, /\n {6}\+ note {2}: "n"\n {6}~ size {2}: 1 => 2\n/);
    assert.match(tree.stdout, /~ source: "a-1" => \[unknown\]\n/);
    assert.doesNotMatch(tree.stdout, /__provider/);
    assert.match(
      up.stdout,
      /\nOutputs:\n {2}~ a: "a-1" => "a-2"\n {4}b: "b-0"\n {2}- z: "z-0"\n\nResources:\n/,
    );
    assert.match(
      up.stdout,
      /\n {4}~ 2 updated\n {4}- 1 deleted\n {4}3 changes. 1 unchanged\n\nDuration: \d+s\n\n$/,
    );
  });

  it("keeps what does not change, and takes note of what only the state needs to know", async () => {
    await using boxes = new Boxes();
    await boxes.up([
      { name: "a", inputs: { size: 1 } },
      { name: "shelf", shelf: true },
    ]);
    boxes.forgetCalls();

    const up = await boxes.up([
      { name: "a", inputs: { size: 1 }, options: { protect: true } },
      { name: "shelf", shelf: true },
    ]);

    assert.equal(up.exitCode, 0, up.stdout);
    assert.deepEqual(boxes.changes, []);
    assert.deepEqual(up.changeSummary, { same: 3 });
    assert.match(up.stdout, /Box a {2}\[diff: ~protect\]\n/);
    assert.equal(boxes.find("a")?.protect, true);
    assert.deepEqual(boxes.find("shelf")?.outputs, { height: 2 });
  });

  it("deletes dependents before what they need, and leaves alone what is to be retained", async () => {
    await using boxes = new Boxes();
    const kept = { name: "kept", options: { retainOnDelete: true } };
    await boxes.up([
      { name: "a" },
      { name: "b", dependsOn: ["a"] },
      { name: "c", parent: "b" },
      kept,
    ]);
    boxes.forgetCalls();

    const destroy = await boxes.destroy({ skipPreview: false });

    assert.equal(destroy.exitCode, 0, destroy.stdout);
    assert.deepEqual(boxes.changes, ["delete c", "delete b", "delete a"]);
    assert.match(destroy.stdout, /Box kept deleted \([\d.]+s\)\[retain\]/);
    assert.deepEqual(boxes.resources, []);
    assert.equal(boxes.things.length, 1);
  });

  it("runs as many provider calls at once as it is told to", async () => {
    await using boxes = new Boxes();
    const plan = ["a", "b", "c"].map((name) => ({ name }));
    const env = { FAULTS: "create:*=wait" };

    const up = boxes.up(plan, { parallel: 2, env });
    await boxes.until(() => boxes.changes.length >= 2);
    const checked = boxes.calls.filter(({ method }) => method === "check").length;
    const started = boxes.pendingOperations.length;
    boxes.release();
    const { exitCode } = await up;

    assert.equal(checked, 2);
    assert.equal(started, 2);
    assert.equal(exitCode, 0);
    assert.equal(boxes.things.length, 3);
  });
});
