import type { TableName } from "./destination.js";

/** Something that nobody works on and that somebody has to do something about. */
export type Finding =
  | UnfinishedChange
  | HeldSchedule
  | ExpiredLease
  | ExpiredBackUps
  | MissingTable
  | MissingColumns
  | DoubledRows;

export interface UnfinishedChange {
  readonly kind: "unfinished-change";
  readonly pipelineId: string;
  readonly jobId: string;
  readonly changeId: string;
  readonly table: string;
  /** What it is for, as `adds telefone`. */
  readonly purpose: string;
  readonly columns: readonly string[];
  readonly since: string;
  readonly owner: string;
  /** The journal's last entry, and when it was written. */
  readonly step: string;
  readonly stepAt: string;
  /** True if it is on its way back already: it is never finished, only undone. */
  readonly isUndoing: boolean;
  /** What was done to rows, state, schedule and columns, in sentences. */
  readonly now: string;
}

export interface HeldSchedule {
  readonly kind: "held-schedule";
  readonly pipelineId: string;
  /** What is to be put back; null for manual execution only. */
  readonly cron: string | null;
  readonly since: string | undefined;
  /** The unfinished change that holds it and puts it back; undefined if none does. */
  readonly changeId: string | undefined;
}

export interface ExpiredLease {
  readonly kind: "expired-lease";
  readonly pipelineId: string;
  readonly owner: string;
  readonly since: string | undefined;
  readonly expiredAt: string | undefined;
}

export interface ExpiredBackUps {
  readonly kind: "expired-back-ups";
  readonly pipelineId: string;
  readonly jobId: string;
  readonly changeId: string;
  readonly table: string;
  readonly backUps: readonly TableName[];
  readonly keepDays: number;
  /** When the change ended. */
  readonly endedAt: string;
}

/** The table of a job's last change is not there, or the role may not see it. */
interface MissingTable {
  readonly kind: "missing-table";
  readonly pipelineId: string;
  readonly jobId: string;
  readonly table: string;
}

/** Columns that the table had or was to have, and lacks. */
interface MissingColumns {
  readonly kind: "missing-columns";
  readonly pipelineId: string;
  readonly jobId: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly why: "gone-since-last-change" | "listed-but-not-loaded";
}

interface DoubledRows {
  readonly kind: "doubled-rows";
  readonly pipelineId: string;
  readonly jobId: string;
  readonly table: string;
  /** The columns by which rows were told apart. */
  readonly by: readonly string[];
  /** The window of the last change, in which was looked. */
  readonly window: string;
  /** How many values of these columns stand more often than they should. */
  readonly pairs: number;
}

/** Somebody at work; nothing of a pipeline that is being worked on is a finding. */
export interface UnderWay {
  readonly pipelineId: string;
  readonly owner: string;
  readonly since: string | undefined;
  /** When the lease runs out unless it is renewed: a process that is gone renews nothing. */
  readonly expiresAt: string | undefined;
  readonly changeIds: readonly string[];
}

export interface Diagnosis {
  readonly findings: readonly Finding[];
  readonly underWay: readonly UnderWay[];
  /** What could not be looked at, or explains itself: sentences. */
  readonly notes: readonly string[];
}
