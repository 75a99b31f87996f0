import type { Trouble } from "../../domain/errors.js";
import { byVersion, type Migration } from "../../domain/migration.js";
import {
  type KeptMigration,
  type PartVerdict,
  planSquash,
  type Squash,
  type SquashPlan,
  type VersionPolicy,
} from "../../domain/squash-plan.js";
import type { SquashRecord } from "../../domain/squash-record.js";
import type { Verdict } from "../../domain/verdict.js";
import type { MigrationFolder } from "../folder/folder.js";
import { type GitFolder, gitFolder, requireClean } from "../folder/git.js";
import type { Scratch } from "../scratch/scratch.js";
import { migrationTraits } from "../sql/transaction-traits.js";
import type { Ground } from "../verify/stage.js";
import type { VerdictCache } from "../verify/verdict-cache.js";
import { type VerifyRequest, verifyFolder } from "../verify/verify-folder.js";
import { type Answer, proveSquash } from "./prove.js";
import { squashRecordOf } from "./squash-file.js";

export interface SquashRequest extends Ground, Pick<VerifyRequest, "jobs" | "inThreads"> {
  readonly folder: MigrationFolder;
  readonly from: string;
  readonly to: string | undefined;
  readonly name: string;
  readonly policy: VersionPolicy;
  readonly acceptedLosses: readonly string[];
  /** Each has to prove it; the first one also judges the parts. */
  readonly starts: readonly [() => Promise<Scratch>, ...(() => Promise<Scratch>)[]];
  readonly cache: VerdictCache;
  readonly onProgress?: (text: string) => void;
}

export type SquashOutcome =
  | { readonly kind: "refused"; readonly troubles: readonly Trouble[] }
  | {
      readonly kind: "refuted";
      readonly squash: Squash;
      readonly engine: string;
      readonly reasons: readonly string[];
    }
  | {
      readonly kind: "proven";
      readonly groups: readonly (ProvenGroup | KeptMigration)[];
      readonly git: GitFolder;
    };

interface ProvenGroup {
  readonly kind: "squash";
  readonly squash: Squash;
  readonly record: SquashRecord;
}

/** Judges the parts, plans, and proves what was planned. Writes nothing. Throws TREE_DIRTY first. */
export async function proposeSquash(request: SquashRequest): Promise<SquashOutcome> {
  const git = await gitFolder(request.folder.directory);
  requireClean(git);
  const plan = await planOf(request);
  if (plan.kind === "refused") return plan;
  const groups: (ProvenGroup | KeptMigration)[] = [];
  for (const group of plan.groups) {
    if (group.kind === "kept") {
      groups.push(group);
      continue;
    }
    request.onProgress?.(`proving ${group.version}_${group.name}`);
    const answers = await proofsOf(group, request);
    const refuted = answers.find((answer) => answer.kind === "refuted");
    if (refuted !== undefined) {
      return {
        kind: "refuted",
        squash: group,
        engine: refuted.engine.name,
        reasons: refuted.reasons,
      };
    }
    groups.push({ kind: "squash", squash: group, record: recordOf(group, answers, request, git) });
  }
  return { kind: "proven", groups, git };
}

async function planOf(request: SquashRequest): Promise<SquashPlan> {
  const { folder, from, to, name, policy, acceptedLosses, cache, onProgress } = request;
  const { migrations } = folder;
  const isJudged = ({ version }: Migration) =>
    byVersion({ version }, { version: from }) >= 0 &&
    (to === undefined || byVersion({ version }, { version: to }) <= 0);
  const { verdicts } = await verifyFolder({
    migrations,
    isJudged,
    prelude: request.prelude,
    seeds: request.seeds,
    start: request.starts[0],
    cache,
    jobs: request.jobs,
    inThreads: request.inThreads,
    onProgress: (label, index, count) => onProgress?.(`${index + 1}/${count} ${label}`),
  });
  return planSquash({
    migrations,
    from,
    ...(to !== undefined && { to }),
    name,
    policy,
    acceptedLosses,
    traits: new Map(await Promise.all(migrations.map(traitsOf))),
    verdicts: new Map(verdicts.map((verdict) => [verdict.version, partVerdict(verdict)])),
    ...recordsOf(folder),
  });
}

async function traitsOf(migration: Migration) {
  return [migration.version, await migrationTraits(migration)] as const;
}

function partVerdict({ status, findings }: Verdict): PartVerdict {
  const why = findings.map(({ words }) => words).join("; ");
  switch (status) {
    case "exact":
    case "position only":
      return { kind: status };
    case "lossy": {
      const losses = findings.filter(({ rule }) => rule === "rows-differ");
      return { kind: status, losses: losses.map(({ object = "", words }) => ({ object, words })) };
    }
    case "broken":
    case "not proven":
      return { kind: status, why };
  }
}

function recordsOf({ squashes }: MigrationFolder) {
  const readings = [...squashes];
  return {
    records: new Map(
      readings.flatMap(([version, reading]) =>
        reading.kind === "record" ? [[version, reading.record] as const] : [],
      ),
    ),
    unreadableRecords: new Map(
      readings.flatMap(([version, reading]) =>
        reading.kind === "unreadable" ? [[version, reading.why] as const] : [],
      ),
    ),
  };
}

async function proofsOf(squash: Squash, request: SquashRequest): Promise<readonly Answer[]> {
  const [first] = squash.parts;
  const before = request.folder.migrations.filter(
    (migration) => first !== undefined && byVersion(migration, first) < 0,
  );
  const answers: Answer[] = [];
  for (const start of request.starts) {
    await using scratch = await start();
    const { prelude, seeds } = request;
    answers.push(
      await proveSquash(scratch, { before, parts: squash.parts, squash, prelude, seeds }),
    );
  }
  return answers;
}

function recordOf(
  squash: Squash,
  answers: readonly Answer[],
  { prelude }: SquashRequest,
  git: GitFolder,
): SquashRecord {
  const proofs = answers.flatMap((answer) =>
    answer.kind === "proven"
      ? [
          {
            engine: answer.engine.name,
            major: answer.engine.major,
            prelude: prelude?.hash ?? null,
            tables: answer.tables,
            rows: answer.rows,
            losses: [...answer.losses],
          },
        ]
      : [],
  );
  return squashRecordOf(squash, { commit: git.commit, folder: git.path }, proofs);
}
