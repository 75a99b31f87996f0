import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Boxes } from "./boxes.js";

const type = "pulumi-nodejs:dynamic/boxes:Box";

describe("an import on the engine", function () {
  // Each run starts two processes of about a second.
  this.timeout(60_000);

  it("takes what is there into the state, parents first and protected, and does nothing the second time", async () => {
    await using boxes = new Boxes();
    const __provider = await readProviderText();
    const resource = (name: string, more: object) => {
      const inputs = { name, colour: "blue", __provider };
      return { type, name, id: `${name}-1`, inputs, outputs: { ...inputs, label: name }, ...more };
    };
    const file = writeFile(boxes, [resource("child", { parent: "root" }), resource("root", {})]);
    boxes.forgetCalls();

    const first = await boxes.import({ imports: { file } });
    const again = await boxes.import({ imports: { file } });
    const up = await boxes.up([{ name: "root" }, { name: "child", parent: "root" }]);

    assert.equal(first.exitCode, 0, first.stdout);
    assert.deepEqual(first.changeSummary, { create: 1, import: 2 });
    assert.deepEqual(again.changeSummary, { same: 3 });
    assert.equal(boxes.calls.filter(({ method }) => method === "read").length, 0);
    assert.deepEqual(up.changeSummary, { same: 3 }, up.stdout);
    assert.match(up.stdout, /Box child {2}\[diff: ~protect\]\n/);
    assert.equal(boxes.find("child")?.parent, boxes.find("root")?.urn);
  });

  it("refuses a file that it cannot follow, and changes nothing", async () => {
    await using boxes = new Boxes();
    const box = { type, name: "a", id: "1" };
    const files: readonly (readonly object[])[] = [
      [{ ...box, parent: "nobody" }],
      [{ ...box, parent: "a" }],
      [box, box],
      [{ ...box, inputs: {} }],
      [{ ...box, type: "aws:s3:Bucket" }],
      [{ ...box, component: true }],
    ];

    const refused = [];
    for (const resources of files)
      refused.push(await boxes.import({ imports: { file: writeFile(boxes, resources) } }));

    assert.deepEqual(
      refused.map(
        ({ exitCode, stderr }) => `${exitCode} ${stderr.split(": ").at(-1)?.split("\n")[0]}`,
      ),
      [
        '2 the parent "nobody" is named 0 times in it, not once.',
        '2 "a" is its own ancestor.',
        `2 it has urn:pulumi:test::boxes::${type}::a twice.`,
        "2 it has one of `inputs` and `outputs`, and needs both or neither.",
        "2 its `type` is not that of a dynamic resource.",
        "2 this engine does not do `component`.",
      ],
    );
    assert.deepEqual(boxes.calls, []);
  });
});

describe("a stack that a killed command holds", () => {
  it("is free once that command is cancelled", async () => {
    await using boxes = new Boxes();
    const locks = join(boxes.root, ".pulumi/locks/organization/boxes/test");
    mkdirSync(locks, { recursive: true });
    writeFileSync(join(locks, "killed.json"), "{}");

    const locked = await boxes.up([]);
    const cancelled = await boxes.cancel();
    const up = await boxes.up([]);

    assert.match(locked.stderr, /run `dadosfera engine cancel --yes`/);
    assert.match(cancelled.stdout, /^The currently running update for 'test' has been canceled!\n/);
    assert.deepEqual([locked.exitCode, cancelled.exitCode, up.exitCode], [1, 0, 0]);
  }).timeout(60_000);
});

/** What a box's provider is in the state. */
async function readProviderText(): Promise<string> {
  await using boxes = new Boxes();
  await boxes.up([{ name: "a" }]);
  return String(boxes.find("a")?.inputs?.["__provider"]);
}

function writeFile(boxes: Boxes, resources: readonly object[]): string {
  const file = join(boxes.root, "import.json");
  writeFileSync(file, JSON.stringify({ resources }));
  return file;
}
