import assert from "node:assert/strict";
import { createRequire } from "node:module";
import fc from "fast-check";
import { DadosferaError, isDadosferaError } from "#src/domain/errors.js";

const trouble = {
  code: "LEASE_TAKEN",
  happened: "Did not begin.",
  now: "Nothing was changed.",
  next: "Wait.",
} as const;

describe("an error for a person", () => {
  it("says in three lines what happened, what is true now, and what to do next", () => {
    const error = new DadosferaError(trouble);

    assert.equal(error.message, "Did not begin.\nNothing was changed.\nWait.");
    assert.equal(error.code, "LEASE_TAKEN");
    assert.equal(error.name, "DadosferaError");
  });

  it("stays within three lines, whatever a service answered", () => {
    const text = fc.string({ unit: fc.constantFrom("a", " ", "\n", "\r") });
    fc.assert(
      fc.property(text, text, text, (happened, now, next) => {
        const error = new DadosferaError({ code: "RUN_FAILED", happened, now, next });
        assert.equal(error.message.split(/\r\n|\r|\n/).length, 3);
        assert.equal(error.message, `${error.happened}\n${error.now}\n${error.next}`);
      }),
    );
  });

  it("folds a trace over several lines into one", () => {
    const happened = "Run r1 failed: Traceback\n  File x\r\nKeyError: fax.";

    assert.equal(
      new DadosferaError({ ...trouble, happened }).happened,
      "Run r1 failed: Traceback File x KeyError: fax.",
    );
  });

  it("carries its cause", () => {
    const cause = new Error("socket hang up");

    assert.equal(new DadosferaError(trouble, { cause }).cause, cause);
  });

  it("is known across copies of the package", () => {
    const other = anotherCopy();
    const error = new other.DadosferaError(trouble);

    assert.notEqual(other.DadosferaError, DadosferaError);
    assert.ok(!(error instanceof DadosferaError));
    assert.ok(isDadosferaError(error));
  });

  it("shows no mark of ours where its fields are listed", () => {
    assert.deepEqual(Object.getOwnPropertySymbols({ ...new DadosferaError(trouble) }), []);
  });

  it("is not just anything with the same fields", () => {
    const others = [new Error("x"), { ...trouble }, "LEASE_TAKEN", null, undefined];

    assert.deepEqual(others.map(isDadosferaError), [false, false, false, false, false]);
  });
});

function anotherCopy(): typeof import("#src/domain/errors.js") {
  const load = createRequire(__filename);
  const path = load.resolve("#src/domain/errors.js");
  const loaded = load.cache[path];
  delete load.cache[path];
  const copy = load("#src/domain/errors.js");
  if (loaded !== undefined) load.cache[path] = loaded;
  return copy;
}
