import assert from "node:assert/strict";
import { z } from "zod";
import { verbsOf } from "#src/adapter/verbs.js";
import { pipelineInputs } from "#src/domain/pipeline.js";
import { Struct } from "#src/engine/sdk.js";
import { HalfMade } from "#src/lifecycle/half-made.js";
import type { Lifecycle } from "#src/lifecycle/lifecycle.js";
import { complaintOf } from "../support/complaint.js";
import { aPipeline, PIPELINE, type Props, startWorld, type World } from "../support/world.js";

/** A resource of anything. */
type Anything = Readonly<Record<string, unknown>>;

describe("what crosses Pulumi's wire", function () {
  this.timeout(20_000);

  it("is plain JSON with a text for an id, whatever a resource answers", async () => {
    await using world = await startWorld();
    const answers = { a: undefined, b: new Date(0), c: Number.NaN, d: () => 1, list: [undefined] };
    const verbs = verbsFor(world, {
      create: async () => ({ id: 17 as unknown as string, outputs: answers }),
    });

    const { id, outs } = await verbs.create({});

    assert.equal(id, "17");
    assert.deepEqual(outs, { b: "1970-01-01T00:00:00.000Z", c: null, list: [null] });
    assert.doesNotThrow(() => Struct.fromJavaScript(outs ?? {}));
  });

  it("is an error made anew, whatever was thrown", async () => {
    await using world = await startWorld();
    const strange = [
      Object.assign(new Error("from a library"), { metadata: {}, code: 404, details: "no" }),
      "a text",
      null,
    ];

    const heard = await Promise.all(
      strange.map((thrown) => heardOf(verbsFor(world, { update: () => Promise.reject(thrown) }))),
    );

    assert.deepEqual(
      heard.map(({ message }) => message),
      ["from a library", "a text", "null"].map(
        (what) =>
          `Stopped at something that pulumi-dadosfera did not expect: ${what}.\n` +
          "It is not known whether anything was changed.\n" +
          "Run the same command again: it looks first. If it happens again, report it to the authors of pulumi-dadosfera.",
      ),
    );
    assert.ok(heard.every((error) => !("metadata" in error || "code" in error || "id" in error)));
  });

  it("holds what revives a half-made resource, and nothing that the wire hangs on", async () => {
    await using world = await startWorld();
    const inputs = pipelineInputs.parse({ ...aPipeline(), memoryMb: undefined });
    const verbs = verbsFor(world, {
      create: () =>
        Promise.reject(new HalfMade(inputs, { cause: new Error("the source is down") })),
    });

    const { half } = await complaintOf(verbs.create({ __provider: "text" }));

    assert.equal(half.id, PIPELINE);
    assert.equal(half.properties?.["__provider"], "text");
    assert.equal("memoryMb" in (half.properties ?? {}), false);
    assert.ok(half.reasons?.every((reason) => typeof reason === "string"));
    assert.doesNotThrow(() => Struct.fromJavaScript(wireOf(half.properties)));
  });

  it("never brings the provider's text to a resource", async () => {
    await using world = await startWorld();
    const seen: unknown[] = [];
    const verbs = verbsFor(world, {
      diff: async (olds, news) => {
        seen.push(olds, news);
        return false;
      },
    });

    await verbs.diff?.("id", { __provider: "old", a: 1 }, { __provider: "new", a: 1 });

    assert.deepEqual(seen, [{ a: 1 }, { a: 1 }]);
  });

  it("is always a plain yes or no in a diff", async () => {
    await using world = await startWorld();
    const verbs = verbsFor(world, { diff: async () => false });

    assert.deepEqual(await verbs.diff?.("id", {}, {}), { changes: false });
  });

  it("shows what an update will do for a program that was checked, and plans nothing in a refresh", async () => {
    await using world = await startWorld();
    const shown: unknown[] = [];
    const verbs = verbsFor(world, {
      diff: async () => true,
      show: async (_olds, news) => void shown.push(news),
    });

    const refreshed = await verbs.diff?.("id", { a: 1 }, { a: 2 });
    await verbs.check?.({ a: 1 }, { a: 3 });
    await verbs.diff?.("id", { a: 1 }, { a: 3 });

    assert.deepEqual(refreshed, { changes: true });
    assert.deepEqual(shown, [{ a: 3 }]);
  });
});

function verbsFor(world: World, changes: Partial<Lifecycle<Anything, Anything, Anything>>) {
  const schema = z.looseObject({}).readonly();
  return verbsOf<Anything, Anything, Anything>({
    lifecycle: {
      check: (_olds, news) => ({ inputs: news, refusals: [] }),
      diff: async () => true,
      create: async (inputs) => ({ id: "id", outputs: inputs }),
      read: async () => undefined,
      update: async (_olds, news) => news,
      delete: async () => undefined,
      ...changes,
    },
    news: schema,
    inputs: schema,
    outputs: schema,
    contextOf: async (urn) => world.process.contextOf(urn),
    lookAhead: () => undefined,
    flush: async () => undefined,
    withhold: (text) => text,
  });
}

function wireOf(value: unknown): Parameters<typeof Struct.fromJavaScript>[0] {
  return value as ReturnType<typeof wireOf>;
}

async function heardOf(verbs: ReturnType<typeof verbsFor>): Promise<Error & Props> {
  return verbs.update?.("id", {}, {}).then(
    () => assert.fail("it succeeded"),
    (error: Error & Props) => error,
  ) as Promise<Error & Props>;
}
