import assert from "node:assert/strict";
import type { Checkpoint } from "#src/engine/checkpoint.js";
import { Snapshot } from "#src/engine/snapshot.js";

const box = (name: string) => ({ urn: `urn:${name}`, type: "box", custom: true });

describe("a state that changes while it is being written", () => {
  it("is written once more for all changes since, and none is said to be kept before that", async () => {
    const { snapshot, written, begun, end } = slowlyWritten();
    const kept: string[] = [];
    const settle = (name: string) => snapshot.settle(box(name)).then(() => void kept.push(name));
    const first = settle("a");
    await begun();
    const others = [settle("b"), settle("c")];

    end();
    await first;
    await begun();
    const keptByFirst = [...kept];
    end();
    await Promise.all(others);

    assert.deepEqual(keptByFirst, ["a"]);
    assert.deepEqual(kept, ["a", "b", "c"]);
    assert.deepEqual(written, [["urn:a"], ["urn:a", "urn:b", "urn:c"]]);
  });
});

/** A snapshot whose writes end when they are told to. */
function slowlyWritten() {
  const written: string[][] = [];
  let underWay: (() => void) | undefined;
  const save = async ({ resources }: Checkpoint) => {
    await new Promise<void>((resolve) => {
      underWay = resolve;
    });
    written.push(resources.map(({ urn }) => urn));
  };
  const begun = async () => {
    while (underWay === undefined) await new Promise(setImmediate);
  };
  const end = () => {
    underWay?.();
    underWay = undefined;
  };
  const snapshot = new Snapshot({ resources: [], pendingOperations: [] }, save);
  return { snapshot, written, begun, end };
}
