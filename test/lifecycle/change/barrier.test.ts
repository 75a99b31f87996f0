import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { Barrier, type Errand } from "#src/lifecycle/change/barrier.js";
import { QuickClock } from "../../support/quick-clock.js";

describe("the barrier before a run that several changes share", () => {
  it("opens when everybody who is present waits at it, and has the work done once", async () => {
    const { barrier, done } = aBarrier("one", "other");

    const first = barrier.meet(errand("one", done));
    await settled();
    const before = [...done];
    const outcomes = await Promise.all([first, barrier.meet(errand("other", done))]);

    assert.deepEqual(before, []);
    assert.deepEqual(done, ["one prepares", "other prepares", "one works"]);
    assert.deepEqual(outcomes, ["by one", "by one"]);
  });

  it("waits two seconds for others to come in", async () => {
    const clock = new QuickClock();
    const { barrier, done } = aBarrier("one", { clock });

    await barrier.meet(errand("one", done));

    assert.deepEqual(clock.waits, [2000]);
  });

  it("waits for nobody where nobody else can come", async () => {
    const clock = new QuickClock();
    const { barrier, done } = aBarrier("one", { clock });
    barrier.mostMembers = 1;

    await barrier.meet(errand("one", done));

    assert.deepEqual(clock.waits, []);
  });

  it("opens when the one that was waited for leaves", async () => {
    const { barrier, done } = aBarrier("one", "other");
    const first = barrier.meet(errand("one", done));
    await settled();

    barrier.leave("other");

    assert.equal(await first, "by one");
  });

  it("has the most patient do the work", async () => {
    const { barrier, done } = aBarrier("one", "other");

    const outcomes = await Promise.all([
      barrier.meet(errand("one", done, { patienceSeconds: 60 })),
      barrier.meet(errand("other", done, { patienceSeconds: 61 })),
    ]);

    assert.deepEqual(outcomes, ["by other", "by other"]);
  });

  it("tells everybody of a failure of the work", async () => {
    const { barrier, done } = aBarrier("one", "other");
    const work = () => Promise.reject(new Error("paused"));

    const outcomes = await Promise.allSettled([
      barrier.meet(errand("one", done, { work })),
      barrier.meet(errand("other", done)),
    ]);

    assert.deepEqual(
      outcomes.map((outcome) => outcome.status === "rejected" && String(outcome.reason)),
      ["Error: paused", "Error: paused"],
    );
  });

  it("leaves out who cannot prepare, and lets the others go on", async () => {
    const { barrier, done } = aBarrier("one", "other");
    const prepare = () => Promise.reject(new Error("lease lost"));

    const [one, other] = await Promise.allSettled([
      barrier.meet(errand("one", done, { prepare })),
      barrier.meet(errand("other", done)),
    ]);

    assert.deepEqual([one?.status, other?.status], ["rejected", "fulfilled"]);
    assert.deepEqual(done, ["other prepares", "other works"]);
  });

  it("is quiet again only when the work has ended, well or badly", async () => {
    const { barrier, done } = aBarrier("one");
    const work = () => settled().then(() => assert.fail("the run was lost"));
    const failing = barrier.meet(errand("one", done, { work })).catch(() => done.push("it failed"));
    await settled();

    const wasBusy = barrier.isBusy;
    await barrier.quiet();

    assert.equal(wasBusy, true);
    await failing;
    assert.deepEqual(done, ["one prepares", "it failed"]);
  });

  it("lets everybody go at once when the process is interrupted", async () => {
    const interrupt = new AbortController();
    const { barrier, done } = aBarrier("one", "other", "third", { signal: interrupt.signal });
    const waiting = Promise.allSettled([
      barrier.meet(errand("one", done)),
      barrier.meet(errand("other", done)),
    ]);
    await settled();

    interrupt.abort(new Error("interrupted"));

    assert.deepEqual(
      (await waiting).map((outcome) => outcome.status === "rejected" && String(outcome.reason)),
      ["Error: interrupted", "Error: interrupted"],
    );
    await assert.rejects(barrier.meet(errand("third", done)), /interrupted/);
    assert.deepEqual(done, []);
  });

  it("opens again for those who come back", async () => {
    const { barrier, done } = aBarrier("one", "other");
    const meet = () =>
      Promise.all([barrier.meet(errand("one", done)), barrier.meet(errand("other", done))]);
    await meet();

    const outcomes = await meet();

    assert.deepEqual(outcomes, ["by one", "by one"]);
    assert.equal(done.filter((each) => each === "one works").length, 2);
  });
});

interface Surroundings {
  readonly clock?: QuickClock;
  readonly signal?: AbortSignal;
}

/** A barrier with these members present, and a list of what they did. */
function aBarrier(...parts: readonly (string | Surroundings)[]) {
  const { clock = new QuickClock(), signal = new AbortController().signal } = (parts.find(
    (part) => typeof part === "object",
  ) ?? {}) as Surroundings;
  const barrier = new Barrier<string, string>(clock, signal);
  for (const part of parts) if (typeof part === "string") barrier.enter(part);
  return { barrier, done: [] as string[] };
}

function errand(name: string, done: string[], changes: Partial<Errand<string>> = {}) {
  return {
    patienceSeconds: 60,
    prepare: async () => void done.push(`${name} prepares`),
    async work() {
      done.push(`${name} works`);
      return `by ${name}`;
    },
    ...changes,
  };
}

/** Ends when everything that could happen by now has happened. */
async function settled(): Promise<void> {
  await setImmediate();
  await setImmediate();
}
