import { DadosferaError, type DadosferaErrorCode } from "../../domain/errors.js";
import type { Redaction } from "../../domain/redaction.js";
import { type Complaint, parseComplaint } from "./wire.js";

/** One request to Hasura, with what an error about it has to say. */
export interface Operation {
  readonly path: string;
  readonly body?: unknown;
  /** Completes "Could not …". */
  readonly intent: string;
  /** Whether something may have been changed when the answer is lost. */
  readonly isEffect: boolean;
  readonly deadlineMs: number;
}

/** Makes the errors of one operation at one Hasura. */
export interface Complainant {
  readonly operation: Operation;
  readonly endpoint: string;
  readonly redaction: Redaction;
}

/** The error for an answer that is not a success. */
export function refusal(by: Complainant, status: number, text: string): DadosferaError {
  const complaint = parseComplaint(text);
  const code = codeOf(by, status, complaint);
  const words = complaint === undefined ? "" : ` (${by.redaction.quote(wordsOf(complaint))})`;
  return new DadosferaError({
    code,
    happened: `Could not ${by.operation.intent}: Hasura at ${by.endpoint} answered ${status}${words}.`,
    now: nowOf(code),
    next: NEXT[code] ?? "Correct what the answer names, then run the same command again.",
  });
}

/** The error for an answer that never came, or not whole. `isSettled` says that nothing can have been done. */
export function noAnswer(by: Complainant, cause: unknown, isSettled: boolean): DadosferaError {
  const isOpen = by.operation.isEffect && !isSettled;
  const code = isOpen ? "HASURA_OUTCOME_UNKNOWN" : "HASURA_UNAVAILABLE";
  const reason = by.redaction.cause(cause);
  const words = by.redaction.quote(reason?.message || reason?.name || "no reason given");
  return new DadosferaError(
    {
      code,
      happened: `Could not ${by.operation.intent}: no answer came from Hasura at ${by.endpoint} (${words}).`,
      now: nowOf(code),
      next: NEXT[code] ?? "",
    },
    { cause: reason },
  );
}

/** The error for a success whose body is not what the operation answers. */
export function unreadable(by: Complainant, problem: string): DadosferaError {
  const code = by.operation.isEffect ? "HASURA_OUTCOME_UNKNOWN" : "HASURA_ANSWER_UNREADABLE";
  return new DadosferaError({
    code,
    happened: `Could not ${by.operation.intent}: cannot read the answer of ${by.endpoint}: ${by.redaction.quote(problem)}.`,
    now: nowOf(code),
    next: NEXT[code] ?? "",
  });
}

function codeOf(
  { operation }: Complainant,
  status: number,
  complaint: Complaint | undefined,
): DadosferaErrorCode {
  if (status === 401 || status === 403) return "HASURA_UNAUTHORIZED";
  if (complaint?.code === "access-denied") return "HASURA_UNAUTHORIZED";
  // Another service, or none of Hasura's addresses: a redirect too.
  if (complaint === undefined && status < 429) return "HASURA_ANSWER_UNREADABLE";
  if (status === 429 || complaint?.code === "postgres-max-connections-error")
    return "HASURA_UNAVAILABLE";
  if (status < 500) return "HASURA_REFUSED";
  return operation.isEffect ? "HASURA_OUTCOME_UNKNOWN" : "HASURA_UNAVAILABLE";
}

/** PostgreSQL's own words go before Hasura's "query execution failed". */
function wordsOf({ error, code, internal }: Complaint): string {
  const inner = internal?.error;
  if (inner?.exec_status === "EmptyQuery") return "the text holds no statement";
  if (inner?.message === undefined || inner.message === null) return `${code}: ${error}`;
  const parts = [inner.message, inner.description, inner.hint].filter(Boolean).join(" ");
  return `${parts} [${inner.status_code ?? code}]`;
}

function nowOf(code: DadosferaErrorCode): string {
  return code === "HASURA_OUTCOME_UNKNOWN"
    ? "It is not known whether Hasura did it."
    : "Nothing was changed.";
}

const NEXT: Partial<Record<DadosferaErrorCode, string>> = {
  HASURA_UNAUTHORIZED:
    "Check HASURA_GRAPHQL_ADMIN_SECRET (or the secret config key hasura:adminSecret), then run the same command again.",
  HASURA_UNAVAILABLE:
    "Check that Hasura and its database can be reached from this machine, then run the same command again.",
  HASURA_OUTCOME_UNKNOWN: "Run `pulumi up` again: it looks first at what was done.",
  HASURA_ANSWER_UNREADABLE:
    "Check that `endpoint` is the address of Hasura's server, without a path such as /console or /v1/graphql.",
};
