import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Attempt,
  DEFAULT_PATIENCE,
  decide,
  isUnsettled,
  type Repeat,
  retryAfterMs,
} from "#src/maestro/retry.js";

const NOW = Date.UTC(2026, 2, 1);
const first = { attempts: 1, elapsedMs: 0, now: NOW, random: 0.5 };

function answered(status: number, more: { retryAfter?: string; isPlatformFailure?: true } = {}) {
  return { kind: "answered", status, isPlatformFailure: false, ...more } as const;
}

const attempts = fc.oneof(
  fc.constant<Attempt>({ kind: "lost" }),
  fc.constant<Attempt>({ kind: "not-sent" }),
  fc.record({
    kind: fc.constant("answered" as const),
    status: fc.integer({ min: 200, max: 599 }),
    retryAfter: fc.option(fc.nat({ max: 500 }).map(String), { nil: undefined }),
    isPlatformFailure: fc.boolean(),
  }),
);
const situations = fc.record({
  attempts: fc.integer({ min: 1, max: 20 }),
  elapsedMs: fc.nat({ max: 200_000 }),
  now: fc.constant(NOW),
  random: fc.double({ min: 0, max: 1, noNaN: true }),
});

describe("another try", () => {
  const worthIt: readonly Attempt[] = [
    { kind: "lost" },
    { kind: "not-sent" },
    answered(429),
    answered(500, { isPlatformFailure: true }),
    answered(502),
    answered(503),
    answered(504),
  ];
  const final = [200, 400, 401, 403, 404, 405, 409, 422, 500].map((status) => answered(status));

  it("is made for what may pass, when doing it twice changes nothing", () => {
    const kinds = worthIt.map((attempt) => decide(attempt, "always", first).kind);

    assert.deepEqual(new Set(kinds), new Set(["again"]));
  });

  it("is not made for what another try would answer the same", () => {
    const kinds = final.map((attempt) => decide(attempt, "always", first).kind);

    assert.deepEqual(new Set(kinds), new Set(["give-up"]));
  });

  it("is never made for what may have been accepted, when each acceptance counts", () => {
    fc.assert(
      fc.property(attempts, situations, (attempt, situation) => {
        const { kind } = decide(attempt, "unless-accepted", situation);
        const isRefused =
          attempt.kind === "not-sent" || (attempt.kind === "answered" && attempt.status === 429);
        assert.ok(kind === "give-up" || isRefused);
      }),
    );
  });

  it("ends: in attempts, and in time", () => {
    fc.assert(
      fc.property(attempts, situations, (attempt, situation) => {
        const decision = decide(attempt, "always", situation);
        if (decision.kind === "give-up") return;
        assert.ok(situation.attempts < DEFAULT_PATIENCE.maxAttempts);
        assert.ok(situation.elapsedMs + decision.afterMs <= DEFAULT_PATIENCE.totalMs);
      }),
    );
  });

  it("comes no sooner than Retry-After asks", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), situations, (seconds, situation) => {
        const decision = decide(answered(429, { retryAfter: `${seconds}` }), "always", situation);
        if (decision.kind === "again") assert.ok(decision.afterMs >= seconds * 1000);
      }),
    );
  });

  it("backs off further each time, up to a bound, anywhere between nothing and the whole", () => {
    const backOffs = [1, 2, 3, 7].map((attempts) =>
      decide({ kind: "lost" }, "always", { ...first, attempts, random: 1 }),
    );

    assert.deepEqual(
      backOffs,
      [500, 1000, 2000, 20_000].map((afterMs) => ({ kind: "again", afterMs })),
    );
    assert.deepEqual(decide({ kind: "lost" }, "always", { ...first, random: 0 }), {
      kind: "again",
      afterMs: 0,
    });
  });

  it("does not wait for longer than a minute, whatever Retry-After says", () => {
    const decision = decide(answered(429, { retryAfter: "86400" }), "always", first);

    assert.deepEqual(decision, { kind: "again", afterMs: 60_250 });
  });
});

describe("Retry-After", () => {
  it("is read in seconds and as a date", () => {
    assert.equal(retryAfterMs("7", NOW), 7000);
    assert.equal(retryAfterMs("Sun, 01 Mar 2026 00:00:09 GMT", NOW), 9000);
  });

  it("asks for nothing when it is missing, past or unreadable", () => {
    const headers = [undefined, "Sat, 28 Feb 2026 00:00:00 GMT", "soon", "-3", ""];

    assert.deepEqual(
      headers.map((header) => retryAfterMs(header, NOW)),
      [0, 0, 0, 0, 0],
    );
  });
});

describe("an attempt", () => {
  const cases: readonly (readonly [string, Attempt, boolean])[] = [
    ["without a connection", { kind: "not-sent" }, false],
    ["without an answer", { kind: "lost" }, true],
    ["answered by a broken gateway", answered(502), true],
    ["that the platform could not commit", answered(500, { isPlatformFailure: true }), false],
    ["refused for its rate", answered(429), false],
    ["refused for its content", answered(400), false],
  ];

  for (const [name, attempt, open] of cases) {
    it(`${name} ${open ? "leaves open" : "settles"} what Maestro did`, () => {
      assert.equal(isUnsettled(attempt), open);
    });
  }
});

describe("what is never to be repeated", () => {
  it("is not, whatever happened", () => {
    const repeat: Repeat = "never";

    fc.assert(
      fc.property(attempts, situations, (attempt, situation) => {
        assert.equal(decide(attempt, repeat, situation).kind, "give-up");
      }),
    );
  });
});
