import assert from "node:assert/strict";
import type { MigrationPlan, MigrationRequest, MigrationStep } from "#src/domain/migration-plan.js";
import type { PlannedMigration } from "#src/domain/squash-fold.js";
import type { SquashRecord } from "#src/domain/squash-record.js";

export const hashOf = (text: string) =>
  Buffer.from(text).toString("hex").padEnd(64, "0").slice(0, 64);
const COMMIT = "c".repeat(40);

export function migration(version: string, name = "m"): PlannedMigration {
  return {
    version,
    name,
    up: hashOf(`up ${version} ${name}`),
    down: hashOf(`down ${version} ${name}`),
  };
}

/** A squash of these parts; it carries the last one's version unless another is given. */
export function squash(parts: readonly string[], version = parts.at(-1) ?? "0") {
  const folded = { ...migration(version, "squashed") };
  const record: SquashRecord = {
    format: 1,
    replaces: parts.map((part) => {
      const { name, up = "", down = null } = migration(part);
      return { version: part, name, up, down };
    }),
    up: folded.up ?? "",
    down: folded.down ?? "",
    commit: COMMIT,
    folder: "migrations/default",
    proofs: [
      { engine: "PostgreSQL 15.18", major: 15, prelude: null, tables: 1, rows: 8, losses: [] },
    ],
  };
  return { folded, record };
}

export function aRequest(fields: Partial<MigrationRequest> = {}): MigrationRequest {
  return {
    migrations: ["1", "2", "10"].map((version) => migration(version)),
    squashes: new Map(),
    state: new Map(),
    applied: new Map(),
    partlyApplied: "refuse",
    parts: new Set(),
    serverMajor: 15,
    allowProofOf: [],
    ...fields,
  };
}

/** A folder in which 2, 3 and 4 became one, between 1 and 5. */
export function squashed(fields: Partial<MigrationRequest> = {}, version = "4") {
  const { folded, record } = squash(["2", "3", "4"], version);
  return aRequest({
    migrations: [migration("1"), folded, migration("9")],
    squashes: new Map([[version, record]]),
    parts: new Set(record.replaces.map(({ up }) => up)),
    ...fields,
  });
}

export function stateOf(...versions: readonly string[]): ReadonlyMap<string, boolean> {
  return new Map(versions.map((version) => [version, false]));
}

export function stepsOf(plan: MigrationPlan): readonly MigrationStep[] {
  assert.equal(plan.kind, "steps", JSON.stringify(plan));
  return plan.kind === "steps" ? plan.steps : [];
}

export function inWords(plan: MigrationPlan): readonly string[] {
  return stepsOf(plan).map((step) =>
    step.kind === "mark"
      ? `mark ${step.version} unmark ${step.unmark.join(",")}`
      : `${step.kind} ${step.version}_${step.name}`,
  );
}

export function codesOf(plan: MigrationPlan): readonly string[] {
  return plan.kind === "refused" ? plan.refusals.map(({ code }) => code) : [plan.kind];
}
