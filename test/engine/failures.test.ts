import assert from "node:assert/strict";
import { Boxes } from "./boxes.js";

describe("a run that fails", function () {
  // Each run starts two processes of about a second.
  this.timeout(60_000);

  it("keeps what was done, leaves out what depends on the failure, and deletes nothing", async () => {
    await using boxes = new Boxes();
    await boxes.up([{ name: "old" }]);
    const plan = [{ name: "a" }, { name: "b", from: "a" }, { name: "c", dependsOn: ["a"] }];

    const up = await boxes.up(plan, { env: { FAULTS: "create:b=plain" } });

    assert.equal(up.exitCode, 1);
    assert.match(up.stdout, /Box b \*\*creating failed\*\* error: create of b failed\n/);
    assert.match(
      up.stdout,
      /\n {2}pulumi:pulumi:Stack \(boxes-test\):\n {4}error: update failed\n/,
    );
    assert.notEqual(boxes.find("a"), undefined);
    assert.equal(boxes.find("b"), undefined);
    assert.notEqual(boxes.find("old"), undefined);
    assert.deepEqual(boxes.find("boxes-test")?.outputs, { old: "old-0" });
    assert.deepEqual(boxes.pendingOperations, []);
  });

  it("stops before the update when its preview fails, and names what a check refused", async () => {
    await using boxes = new Boxes();

    const up = await boxes.up([{ name: "a", inputs: { size: 7 } }], {
      skipPreview: false,
      env: { FAULTS: "check:a=bad" },
    });

    assert.equal(up.exitCode, 1);
    assert.doesNotMatch(up.stdout, /Updating/);
    assert.match(
      up.stdout,
      /error: pulumi-nodejs:dynamic\/boxes:Box resource 'a': property size value \{7\} has a problem: no box is that large\n/,
    );
    assert.deepEqual(boxes.changes, []);
  });
});

describe("a program that breaks off", function () {
  // Each run starts two processes of about a second.
  this.timeout(60_000);

  it("deletes nothing and changes no output when it throws", async () => {
    await using boxes = new Boxes();
    await boxes.up([{ name: "a" }]);

    const up = await boxes.up([], { env: { THROW: "1" } });

    assert.equal(up.exitCode, 1);
    assert.match(up.stdout, /the program threw/);
    assert.notEqual(boxes.find("a"), undefined);
    assert.deepEqual(boxes.find("boxes-test")?.outputs, { a: "a-0" });
  });

  it("deletes nothing when it ends itself early, whatever its exit code", async () => {
    await using boxes = new Boxes();
    await boxes.up([{ name: "a" }]);

    const up = await boxes.up([], { env: { EXIT: "1" } });

    assert.equal(up.exitCode, 1);
    assert.match(up.stdout, /The program ended [^;]+; nothing was deleted\./);
    assert.notEqual(boxes.find("a"), undefined);
  });

  it("is refused by name what this engine does not do", async () => {
    await using boxes = new Boxes();

    const hook = await boxes.preview([], { env: { HOOK: "1" } });
    const imported = await boxes.preview([{ name: "a", options: { import: "a-1" } }]);

    assert.equal(hook.exitCode, 2);
    assert.match(hook.stdout, /error: Refused: this engine does not do resource hooks\.\n/);
    assert.equal(imported.exitCode, 2);
    assert.match(imported.stdout, /error: Refused: this engine does not do import\.\n/);
  });
});
