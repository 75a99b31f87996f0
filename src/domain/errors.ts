/** What went wrong, for programs. A code never changes its meaning; the text of a message may improve in any release. */
export type DadosferaErrorCode =
  // settings and arguments
  | "SETTINGS_INVALID"
  | "SETTINGS_MISSING"
  | "INPUT_INVALID"
  | "UNEXPECTED"
  | "CHANGE_REFUSED"
  // Maestro
  | "MAESTRO_UNAUTHORIZED"
  | "MAESTRO_FORBIDDEN"
  | "MAESTRO_REFUSED"
  | "MAESTRO_RATE_LIMITED"
  | "MAESTRO_UNAVAILABLE"
  | "MAESTRO_OUTCOME_UNKNOWN"
  | "MAESTRO_ANSWER_UNREADABLE"
  | "ROUTE_NOT_FOUND"
  | "PIPELINE_NOT_FOUND"
  | "JOB_NOT_FOUND"
  | "PIPELINE_PAUSED"
  | "PIPELINE_RUNNING"
  | "PIPELINE_EXISTS"
  | "PIPELINE_DIFFERS"
  | "PIPELINE_HALF_MADE"
  | "PIPELINE_HELD"
  // the column change
  | "BOOKMARK_TAKEN"
  | "BOOKMARK_BEYOND_ROWS"
  | "BUDGET_EXCEEDED"
  | "TABLE_MOVED"
  | "BACK_UP_GONE"
  | "DESTINATION_CHANGED"
  | "DESTINATION_NOT_EMPTY"
  | "DESTINATION_UNKNOWN"
  | "RUN_FAILED"
  | "RUN_OUTCOME_UNKNOWN"
  | "RUN_TIMEOUT"
  | "VERIFICATION_FAILED"
  | "CHANGE_UNDONE"
  | "CHANGE_UNFINISHED"
  | "CHANGE_NOT_LOST"
  | "INTERRUPTED"
  | "LEASE_TAKEN"
  | "LEASE_LOST"
  | "SCHEDULE_MOVED"
  | "JOURNAL_UNREADABLE"
  // the warehouse
  | "WAREHOUSE_UNAUTHORIZED"
  | "WAREHOUSE_UNAVAILABLE"
  | "WAREHOUSE_REFUSED"
  | "WAREHOUSE_PRIVILEGE_MISSING"
  | "WAREHOUSE_OUTCOME_UNKNOWN"
  // migrations: the folder, the scratch database, Hasura
  | "MIGRATIONS_UNREADABLE"
  | "MIGRATION_INVALID"
  | "MIGRATION_NOT_FOUND"
  | "MIGRATION_FAILED"
  | "MIGRATION_EDITED"
  | "MIGRATION_DIRTY"
  | "MIGRATION_UNPROVEN"
  | "SQUASH_REFUSED"
  | "SQUASH_PARTLY_APPLIED"
  | "TREE_DIRTY"
  | "SCRATCH_UNAVAILABLE"
  | "SCRATCH_REFUSED"
  | "SOURCE_COLUMN_LOST"
  | "HASURA_UNAUTHORIZED"
  | "HASURA_UNAVAILABLE"
  | "HASURA_REFUSED"
  | "HASURA_OUTCOME_UNKNOWN"
  | "HASURA_ANSWER_UNREADABLE";

/** The three lines of a message: what happened to which resource, what is true now, what to do next. */
export interface Trouble {
  readonly code: DadosferaErrorCode;
  /** What happened, to which resource: by kind, name in quotes, and id. */
  readonly happened: string;
  /** What is true now, on Maestro, in the warehouse, in the files; "Nothing was changed." if so. */
  readonly now: string;
  /** A command that can be pasted, or the person or page that can help. */
  readonly next: string;
}

const BRAND = Symbol.for("pulumi-dadosfera.error");

/** An error meant for a person at a terminal: three lines, and a `code` for programs. Never holds a credential. */
export class DadosferaError extends Error {
  readonly code: DadosferaErrorCode;
  readonly happened: string;
  readonly now: string;
  readonly next: string;

  constructor(trouble: Trouble, options?: ErrorOptions) {
    const happened = inOneLine(trouble.happened);
    const now = inOneLine(trouble.now);
    const next = inOneLine(trouble.next);
    super(`${happened}\n${now}\n${next}`, options);
    this.name = "DadosferaError";
    this.code = trouble.code;
    this.happened = happened;
    this.now = now;
    this.next = next;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** A trace or a complaint of a service may run over several lines; the three lines of a message stay three. */
function inOneLine(text: string): string {
  return text
    .trim()
    .split(/\s*[\r\n]+\s*/)
    .join(" ");
}

/** True for our errors, also for those made by another copy of this package. */
export function isDadosferaError(error: unknown): error is DadosferaError {
  return typeof error === "object" && error !== null && BRAND in error;
}
