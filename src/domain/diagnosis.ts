import type {
  Diagnosis,
  ExpiredBackUps,
  ExpiredLease,
  HeldSchedule,
  UnderWay,
  UnfinishedChange,
} from "./finding.js";
import { backUpsOf, type ChangeRecord, isFinished, KEEP_DAYS, lastEntry } from "./journal.js";

/** When something was written: `YYYY-MM-DD HH:MM:SS` in UTC, and how long ago, both by the warehouse's clock. */
interface Moment {
  readonly at: string;
  readonly secondsAgo: number;
}

/** A change as the journal holds it; `times` are those of its entries. Of an ended change, only some steps are read. */
export interface SurveyedChange extends ChangeRecord {
  readonly jobId: string;
  readonly pipelineId: string;
  readonly table: string;
  /** Who wrote the last entry. */
  readonly owner: string;
  readonly times: readonly Moment[];
}

/** The row of one pipeline that somebody owns, or whose schedule is held. Times as in `Moment.at`. */
export interface SurveyedLease {
  readonly pipelineId: string;
  readonly owner: string | undefined;
  readonly takenAt: string | undefined;
  readonly expiresAt: string | undefined;
  readonly isExpired: boolean;
  readonly isHeld: boolean;
  /** null: manual execution only. */
  readonly heldCron: string | null;
}

/** What was read of journal and leases; `now` says in sentences what an unfinished change did. */
export interface Survey {
  readonly changes: readonly SurveyedChange[];
  readonly leases: readonly SurveyedLease[];
  readonly nowOf: (change: SurveyedChange) => string;
}

/** What journal and leases tell. The tables themselves are looked at apart. */
export function diagnose({ changes, leases, nowOf }: Survey): Diagnosis {
  const unfinished = changes.filter((change) => !isFinished(change));
  const underWay = leases.flatMap((lease) => workOf(lease, unfinished));
  const findings = [
    ...unfinished.map((change) => unfinishedChange(change, nowOf(change))),
    ...leases.flatMap((lease) => heldSchedule(lease, unfinished)),
    ...leases.flatMap(expiredLease),
    ...changes.flatMap(expiredBackUps),
  ];
  const busy = new Set(underWay.map((work) => work.pipelineId));
  return {
    findings: findings.filter(({ pipelineId }) => !busy.has(pipelineId)),
    underWay,
    notes: [],
  };
}

/** The last change that ended, of each job that has no unfinished one and that nobody works on. */
export function lastEnded(
  changes: readonly SurveyedChange[],
  { underWay }: Pick<Diagnosis, "underWay">,
): readonly SurveyedChange[] {
  const open = new Set(changes.filter((each) => !isFinished(each)).map(({ jobId }) => jobId));
  const busy = new Set(underWay.map(({ pipelineId }) => pipelineId));
  const last = new Map<string, SurveyedChange>();
  for (const change of changes) {
    const known = last.get(change.jobId);
    if (open.has(change.jobId) || busy.has(change.pipelineId)) continue;
    if (known === undefined || endOf(change).secondsAgo <= endOf(known).secondsAgo)
      last.set(change.jobId, change);
  }
  return [...last.values()];
}

/** The rows that a change was to load again, as `after 2025-12-17 16:49:00`, `all` or `none`. */
export function windowText(change: ChangeRecord): string {
  const window = lastEntry(change, "started")?.request.window;
  return window?.kind === "after" ? `after ${window.bookmark}` : (window?.kind ?? "none");
}

function workOf(
  { pipelineId, owner, takenAt, expiresAt, isExpired }: SurveyedLease,
  unfinished: readonly SurveyedChange[],
): readonly UnderWay[] {
  if (owner === undefined || isExpired) return [];
  const own = unfinished.filter((change) => change.pipelineId === pipelineId);
  const changeIds = own.map(({ changeId }) => changeId);
  return [{ pipelineId, owner, since: takenAt, expiresAt, changeIds }];
}

function unfinishedChange(change: SurveyedChange, now: string): UnfinishedChange {
  const { pipelineId, jobId, changeId, table, owner, entries, times } = change;
  const wanted = lastEntry(change, "started")?.request.change;
  const columns = wanted?.kind === "columns" ? wanted.filled : [];
  return {
    kind: "unfinished-change",
    pipelineId,
    jobId,
    changeId,
    table,
    purpose:
      wanted?.kind === "load-type"
        ? `load type from ${wanted.from} to ${wanted.to}`
        : `columns ${columns.join(", ")}, rows ${windowText(change)}`,
    columns,
    since: times[0]?.at ?? "",
    owner,
    step: entries.at(-1)?.step ?? "",
    stepAt: times.at(-1)?.at ?? "",
    isUndoing: lastEntry(change, "undoing") !== undefined,
    now,
  };
}

function heldSchedule(
  { pipelineId, isHeld, heldCron, takenAt }: SurveyedLease,
  unfinished: readonly SurveyedChange[],
): readonly HeldSchedule[] {
  if (!isHeld) return [];
  const change = unfinished.find((each) => each.pipelineId === pipelineId);
  const position = change?.entries.findIndex(({ step }) => step === "schedule-held") ?? -1;
  return [
    {
      kind: "held-schedule",
      pipelineId,
      cron: heldCron,
      since: change?.times[position]?.at ?? takenAt,
      changeId: change?.changeId,
    },
  ];
}

function expiredLease(lease: SurveyedLease): readonly ExpiredLease[] {
  const { pipelineId, owner, takenAt, expiresAt, isExpired } = lease;
  if (owner === undefined || !isExpired) return [];
  return [{ kind: "expired-lease", pipelineId, owner, since: takenAt, expiredAt: expiresAt }];
}

function expiredBackUps(change: SurveyedChange): readonly ExpiredBackUps[] {
  const { pipelineId, jobId, changeId, table } = change;
  const backUps = backUpsOf(change).map((backUp) => backUp.table);
  const isDropped = lastEntry(change, "back-ups-dropped") !== undefined;
  if (!isFinished(change) || isDropped || backUps.length === 0) return [];
  const keepDays = lastEntry(change, "started")?.policy?.backUp?.keepDays ?? KEEP_DAYS;
  const { at, secondsAgo } = endOf(change);
  if (secondsAgo <= keepDays * 86_400) return [];
  const found = { pipelineId, jobId, changeId, table, backUps, keepDays, endedAt: at };
  return [{ kind: "expired-back-ups", ...found }];
}

function endOf({ entries, times }: SurveyedChange): Moment {
  const position = entries.findIndex(({ step }) => step === "finished");
  return times[position] ?? { at: "", secondsAgo: 0 };
}
