import assert from "node:assert/strict";
import { Boxes } from "./boxes.js";

interface Told {
  readonly sequence: number;
  readonly [kind: string]: unknown;
}

describe("the events of a run", function () {
  // Each run starts two processes of about a second.
  this.timeout(60_000);

  it("are told one a line, from the prelude to the end, without a secret", async () => {
    await using boxes = new Boxes();
    const plan = [
      { name: "a", secrets: { note: "hush" } },
      { name: "b", from: "a" },
    ];
    const env = { PULUMI_CONFIG_PASSPHRASE: "open", FAULTS: "create:b=half" };

    const up = await boxes.up(plan, { json: true, env });

    const events: readonly Told[] = up.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.equal(up.exitCode, 1);
    assert.deepEqual(
      events.map(({ sequence }) => sequence),
      events.map((_, at) => at),
    );
    assert.deepEqual(events.map(describeEvent), [
      "preludeEvent",
      "resourcePreEvent create boxes-test",
      "resourcePreEvent create a",
      "resOutputsEvent create a a-0",
      "resourcePreEvent create b",
      "diagnosticEvent error b",
      "resOpFailedEvent create b half",
      "diagnosticEvent error",
      'summaryEvent failed {"create":2}',
      "cancelEvent",
    ]);
    assert.match(up.stdout, /"note":"\[secret\]"/);
    assert.doesNotMatch(up.stdout, /hush/);
  });
});

function describeEvent({ sequence: _sequence, timestamp: _timestamp, ...event }: Told): string {
  const [kind = "", content] = Object.entries(event)[0] ?? [];
  // Each event has the fields of its kind.
  const { metadata, severity, urn, result, resourceChanges } = content as Record<string, string>;
  const { op, urn: of, new: next } = (metadata ?? {}) as unknown as Record<string, never>;
  const label = (next as { outputs?: { label?: string } } | undefined)?.outputs?.label;
  const nameOf = (text: string | undefined) => text?.split("::")[3];
  const words = [kind, op, nameOf(of), label, severity, nameOf(urn), result];
  const counts = resourceChanges && JSON.stringify(resourceChanges);
  return [...words, counts].filter((word) => word !== undefined).join(" ");
}
