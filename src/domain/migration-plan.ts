import type { Trouble } from "./errors.js";
import { byVersion } from "./migration.js";
import * as refusals from "./migration-refusals.js";
import {
  everyPart,
  type Fold,
  foldsOf,
  type PlannedMigration,
  sortedByVersion,
  wasApplied,
} from "./squash-fold.js";
import type { SquashRecord } from "./squash-record.js";

/** What is known when a plan is made. */
export interface MigrationRequest {
  /** The folder, in any order. */
  readonly migrations: readonly PlannedMigration[];
  /** The squashes of the folder, by their version. */
  readonly squashes: ReadonlyMap<string, SquashRecord>;
  /** What Hasura says the database has, and whether it is dirty. */
  readonly state: ReadonlyMap<string, boolean>;
  /** By version, how the hash of the up file that this resource applied or took over begins. */
  readonly applied: ReadonlyMap<string, string>;
  /** The newest version wanted; every version unless given, and none for null. To give one is to ask for the downs beyond it. */
  readonly target?: string | null | undefined;
  /** What to do with a squash of which some parts are applied: refuse, or run the rest of them first. */
  readonly partlyApplied: "refuse" | "finish";
  /** Parts of squashes that can still be run, by the hash of their up: the recorded commits hold them. */
  readonly parts: ReadonlySet<string>;
  /** The major version of the PostgreSQL that is to be changed. */
  readonly serverMajor: number;
  /** Major versions whose proofs are taken for the server's own. */
  readonly allowProofOf: readonly number[];
}

/** One thing to do, in the order given. Each leaves a state from which the next plan goes on. */
export type MigrationStep =
  | {
      readonly kind: "run-up";
      readonly version: string;
      readonly name: string;
      /** The squash that it is a part of, and the hash of its own up: several parts may share a version. */
      readonly part?: { readonly of: string; readonly up: string };
    }
  | { readonly kind: "run-down"; readonly version: string; readonly name: string }
  /** Says that a squash is applied where all of its parts are, and takes those away, in one write. */
  | {
      readonly kind: "mark";
      readonly version: string;
      readonly name: string;
      readonly unmark: readonly string[];
    };

export type MigrationPlan =
  /** Dirty versions come first: whether they are applied is not known. */
  | { readonly kind: "resolve"; readonly versions: readonly string[] }
  | { readonly kind: "refused"; readonly refusals: readonly Trouble[] }
  | { readonly kind: "steps"; readonly steps: readonly MigrationStep[] };

/** What turns the state into exactly the versions of the folder, up to the target; nothing runs twice. */
export function planMigrations(request: MigrationRequest): MigrationPlan {
  const dirty = [...request.state].filter(([, isDirty]) => isDirty).map(([version]) => version);
  if (dirty.length > 0) return { kind: "resolve", versions: dirty };
  const { target, migrations } = request;
  if (typeof target === "string" && !migrations.some(({ version }) => version === target)) {
    return { kind: "refused", refusals: [refusals.targetNotFound(target)] };
  }
  const folds = foldsOf(request);
  const ups = upSteps(request, folds);
  const downs = downSteps(request, folds);
  const found = [
    ...strangers(request),
    ...edited(request),
    ...folds.flatMap((fold) => foldRefusals(fold, request)),
    ...ups.flatMap((step) => upRefusals(step, request)),
    ...downs.flatMap((step) => downRefusals(step, request)),
  ];
  if (found.length > 0) return { kind: "refused", refusals: found };
  const marks = folds.flatMap((fold) => markStep(fold));
  return { kind: "steps", steps: inOrder([...ups, ...marks], downs) };
}

/** The state after a step that ended well. */
export function stateAfter(
  state: ReadonlyMap<string, boolean>,
  step: MigrationStep,
): ReadonlyMap<string, boolean> {
  const after = new Map(state);
  if (step.kind === "run-down") after.delete(step.version);
  else after.set(step.version, false);
  if (step.kind === "mark") for (const version of step.unmark) after.delete(version);
  return after;
}

function upSteps(request: MigrationRequest, folds: readonly Fold[]): readonly MigrationStep[] {
  return sortedByVersion(request.migrations).flatMap((migration): readonly MigrationStep[] => {
    const { version, name } = migration;
    if (!isWanted(version, request)) return [];
    const fold = folds.find(({ squash }) => squash === migration);
    if (fold?.standing === "some") return fold.missing.map((part) => partStep(part, fold));
    const isThere = fold === undefined ? request.state.has(version) : fold.standing !== "none";
    return isThere ? [] : [{ kind: "run-up", version, name }];
  });
}

function partStep({ version, name, up }: Fold["missing"][number], fold: Fold): MigrationStep {
  return { kind: "run-up", version, name, part: { of: fold.squash.version, up } };
}

/** Where all parts are applied, or will be after the missing ones ran; leftovers of a squash that is done go, too. */
function markStep({
  squash,
  standing,
  present,
  missing,
  leftover,
}: Fold): readonly MigrationStep[] {
  const { version, name } = squash;
  if (standing === "none" || (standing === "done" && leftover.length === 0)) return [];
  const versions = [...present, ...missing, ...leftover].sort(byVersion).map((one) => one.version);
  const unmark = [...new Set(versions)].filter((one) => one !== version);
  return [{ kind: "mark", version, name, unmark }];
}

function downSteps(request: MigrationRequest, folds: readonly Fold[]): readonly MigrationStep[] {
  const isThere = (migration: PlannedMigration) => {
    const fold = folds.find(({ squash }) => squash === migration);
    return fold === undefined
      ? request.state.has(migration.version)
      : fold.standing === "all" || fold.standing === "done";
  };
  return sortedByVersion(request.migrations)
    .filter((migration) => !isWanted(migration.version, request) && isThere(migration))
    .reverse()
    .map(({ version, name }) => ({ kind: "run-down", version, name }));
}

/** Ups and marks by version, a mark after the parts of its squash; then the downs. */
function inOrder(
  forward: readonly MigrationStep[],
  downs: readonly MigrationStep[],
): readonly MigrationStep[] {
  const place = (step: MigrationStep) =>
    step.kind === "run-up" ? (step.part?.of ?? step.version) : step.version;
  const ordered = [...forward].sort(
    (one, other) =>
      byVersion({ version: place(one) }, { version: place(other) }) ||
      Number(one.kind === "mark") - Number(other.kind === "mark") ||
      byVersion(one, other),
  );
  return [...ordered, ...downs];
}

function isWanted(version: string, { target }: MigrationRequest): boolean {
  if (target === null) return false;
  return target === undefined || byVersion({ version }, { version: target }) <= 0;
}

/** Applied versions that neither the folder nor a squash of it knows. */
function strangers({ state, migrations, squashes }: MigrationRequest): readonly Trouble[] {
  const known = new Set([
    ...migrations.map(({ version }) => version),
    ...partsOf(squashes).map(({ version }) => version),
  ]);
  const unknown = [...state.keys()].filter((version) => !known.has(version));
  return unknown.length === 0 ? [] : [refusals.notInFolder(unknown)];
}

/** Files, or parts of squashes, that are not what this resource applied. */
function edited({ migrations, squashes, state, applied }: MigrationRequest): readonly Trouble[] {
  const parts = partsOf(squashes).map(({ version, name, up }) => ({ version, name, up }));
  const files: readonly PlannedMigration[] = [...parts, ...migrations];
  const changed = [...applied.keys()].filter((version) => {
    const ofVersion = files.filter((file) => file.version === version);
    const isKnown = ofVersion.length > 0 && state.has(version);
    return isKnown && !ofVersion.some((file) => wasApplied(file, applied));
  });
  return changed.map((version) =>
    refusals.edited({
      version,
      name: files.findLast((file) => file.version === version)?.name ?? "",
    }),
  );
}

function partsOf(squashes: MigrationRequest["squashes"]) {
  return [...squashes.values()].flatMap(({ replaces }) => everyPart(replaces));
}

function foldRefusals(fold: Fold, request: MigrationRequest): readonly Trouble[] {
  if (fold.standing === "all") return proofRefusals(fold, request);
  if (fold.standing !== "some") return [];
  if (request.partlyApplied === "refuse" || !isWanted(fold.squash.version, request)) {
    return [refusals.partlyApplied(fold)];
  }
  const [newest] = [...fold.present].sort(byVersion).slice(-1);
  const gaps = fold.missing.filter((part) => newest && byVersion(part, newest) < 0);
  if (gaps.length > 0) return [refusals.notATail(fold, gaps)];
  const lost = fold.missing.filter(({ up }) => !request.parts.has(up));
  return lost.length === 0 ? proofRefusals(fold, request) : [refusals.partsLost(fold, lost)];
}

function upRefusals(step: MigrationStep, request: MigrationRequest): readonly Trouble[] {
  if (step.kind !== "run-up" || step.part !== undefined) return [];
  const migration = request.migrations.find(({ version }) => version === step.version);
  return migration?.up === undefined ? [refusals.noUp(step)] : squashRefusals(migration, request);
}

function squashRefusals(squash: PlannedMigration, request: MigrationRequest): readonly Trouble[] {
  const record = request.squashes.get(squash.version);
  return record === undefined ? [] : proofRefusals({ squash, record }, request);
}

function downRefusals(step: MigrationStep, request: MigrationRequest): readonly Trouble[] {
  const migration = request.migrations.find(({ version }) => version === step.version);
  if (migration?.down === undefined) return [refusals.noDown(step)];
  return squashRefusals(migration, request);
}

function proofRefusals(
  { squash, record }: Pick<Fold, "squash" | "record">,
  { serverMajor, allowProofOf }: MigrationRequest,
): readonly Trouble[] {
  if (squash.up !== record.up || squash.down !== record.down) {
    return [refusals.proofOfOtherFiles(squash)];
  }
  const accepted = [serverMajor, ...allowProofOf];
  const isProven = record.proofs.some(({ major }) => accepted.includes(major));
  return isProven ? [] : [refusals.proofOfOtherServer(squash, record, serverMajor)];
}
