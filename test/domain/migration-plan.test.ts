import assert from "node:assert/strict";
import { planMigrations } from "#src/domain/migration-plan.js";
import type { PlannedMigration } from "#src/domain/squash-fold.js";
import {
  aRequest,
  codesOf,
  hashOf,
  inWords,
  migration,
  squashed,
  stateOf,
} from "../support/migrations.js";

describe("a plan for migrations", () => {
  it("runs what is not applied, in the order of numbers", () => {
    const plan = planMigrations(aRequest({ state: stateOf("2") }));

    assert.deepEqual(inWords(plan), ["run-up 1_m", "run-up 10_m"]);
  });

  it("does nothing where everything is applied", () => {
    const plan = planMigrations(aRequest({ state: stateOf("1", "2", "10") }));

    assert.deepEqual(inWords(plan), []);
  });

  it("takes back what lies beyond the target, newest first", () => {
    const plan = planMigrations(aRequest({ state: stateOf("1", "2", "10"), target: "1" }));

    assert.deepEqual(inWords(plan), ["run-down 10_m", "run-down 2_m"]);
  });

  it("asks for a dirty version to be settled before anything else", () => {
    const plan = planMigrations(aRequest({ state: new Map([["1", true]]), target: "7" }));

    assert.deepEqual(plan, { kind: "resolve", versions: ["1"] });
  });

  it("refuses a target that is not in the folder", () => {
    assert.deepEqual(codesOf(planMigrations(aRequest({ target: "3" }))), ["MIGRATION_NOT_FOUND"]);
  });

  it("refuses applied versions that the folder lacks, and names them", () => {
    const plan = planMigrations(aRequest({ state: stateOf("1", "3", "4") }));

    assert.match(
      plan.kind === "refused" ? (plan.refusals[0]?.happened ?? "") : "",
      /applied 3, 4,/,
    );
  });

  it("refuses a migration without an up, and to go back over one without a down", () => {
    const [one, two] = [
      { version: "1", name: "a" },
      { ...migration("2"), down: undefined },
    ];

    const ups = planMigrations(aRequest({ migrations: [one, two] }));
    const downs = planMigrations(
      aRequest({ migrations: [one, two], state: stateOf("1", "2"), target: "1" }),
    );

    assert.deepEqual(codesOf(ups), ["MIGRATION_NOT_FOUND"]);
    assert.deepEqual(codesOf(downs), ["MIGRATION_NOT_FOUND"]);
  });

  it("refuses a file that was edited after it was applied", () => {
    const applied = new Map([["1", hashOf("as it was")]]);

    const plan = planMigrations(aRequest({ state: stateOf("1"), applied }));

    assert.deepEqual(codesOf(plan), ["MIGRATION_EDITED"]);
  });

  it("takes no offence at a file edited before it is applied", () => {
    const applied = new Map([["1", hashOf("as it was")]]);

    assert.equal(inWords(planMigrations(aRequest({ applied }))).length, 3);
  });
});

describe("a plan for a squash", () => {
  it("runs it where none of its parts is applied", () => {
    const plan = planMigrations(squashed({ state: stateOf("1") }));

    assert.deepEqual(inWords(plan), ["run-up 4_squashed", "run-up 9_m"]);
  });

  it("only marks it where all of its parts are applied", () => {
    const plan = planMigrations(squashed({ state: stateOf("1", "2", "3", "4", "9") }));

    assert.deepEqual(inWords(plan), ["mark 4 unmark 2,3"]);
  });

  it("marks one that has a version of its own, and takes all parts away", () => {
    const plan = planMigrations(squashed({ state: stateOf("1", "2", "3", "4", "9") }, "7"));

    assert.deepEqual(inWords(plan), ["mark 7 unmark 2,3,4"]);
  });

  it("leaves it alone where it is applied", () => {
    const plan = planMigrations(squashed({ state: stateOf("1", "4", "9") }));

    assert.deepEqual(inWords(plan), []);
  });

  it("refuses where some parts are applied, and names them", () => {
    const plan = planMigrations(squashed({ state: stateOf("1", "2", "3") }));

    assert.deepEqual(plan.kind === "refused" ? plan.refusals : [], [
      {
        code: "SQUASH_PARTLY_APPLIED",
        happened:
          "Will not apply squash 4_squashed: the database has applied 2, 3 of the 3 migrations that it replaces, and would run them again.",
        now: "Nothing was changed; missing: 4_m.",
        next: 'Say `partlyApplied: "finish"` to run the missing ones from the commit that the squash names, or squash no further than what is applied.',
      },
    ]);
  });

  it("runs the missing tail when asked, then marks it", () => {
    const plan = planMigrations(squashed({ state: stateOf("1", "2"), partlyApplied: "finish" }));

    assert.deepEqual(inWords(plan), [
      "run-up 3_m",
      "run-up 4_m",
      "mark 4 unmark 2,3",
      "run-up 9_m",
    ]);
  });

  it("finishes no squash of which an earlier part was skipped", () => {
    const plan = planMigrations(squashed({ state: stateOf("1", "3"), partlyApplied: "finish" }));

    assert.deepEqual(codesOf(plan), ["SQUASH_PARTLY_APPLIED"]);
  });

  it("finishes no squash whose parts cannot be read any more", () => {
    const plan = planMigrations(
      squashed({ state: stateOf("2"), partlyApplied: "finish", parts: new Set() }),
    );

    assert.deepEqual(codesOf(plan), ["SQUASH_PARTLY_APPLIED"]);
  });

  it("takes its version for the last part where this resource ran that part", () => {
    const applied = new Map([["4", migration("4").up ?? ""]]);

    const plan = planMigrations(squashed({ state: stateOf("1", "4"), applied }));

    assert.deepEqual(codesOf(plan), ["SQUASH_PARTLY_APPLIED"]);
  });

  it("refuses a squash of parts that were edited since they were applied", () => {
    const applied = new Map([["3", hashOf("as it was")]]);

    const plan = planMigrations(squashed({ state: stateOf("1", "2", "3", "4"), applied }));

    assert.deepEqual(codesOf(plan), ["MIGRATION_EDITED"]);
  });

  it("refuses a proof of other files, and one of another major version unless it is allowed", () => {
    const [one, folded, nine] = squashed().migrations;
    const edited = [one, { ...folded, down: hashOf("else") }, nine] as PlannedMigration[];

    const otherFiles = planMigrations(squashed({ migrations: edited }));
    const otherMajor = planMigrations(squashed({ serverMajor: 12 }));
    const allowed = planMigrations(squashed({ serverMajor: 12, allowProofOf: [15] }));

    assert.deepEqual(codesOf(otherFiles), ["MIGRATION_UNPROVEN"]);
    assert.deepEqual(codesOf(otherMajor), ["MIGRATION_UNPROVEN"]);
    assert.equal(allowed.kind, "steps");
  });
});
