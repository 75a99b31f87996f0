import { DadosferaError, type DadosferaErrorCode } from "../domain/errors.js";
import type { Redaction } from "../domain/redaction.js";
import { type Complaint, parseComplaint } from "./complaint.js";
import { isEffect, type Operation } from "./operation.js";
import type { Answer } from "./transport.js";

const NOTHING_CHANGED = "Nothing was changed.";
const NOT_KNOWN = "It is not known whether Maestro did it.";

const CUSTOMER_NAME =
  "Set DADOSFERA_CUSTOMER_NAME (or the config key dadosfera:customerName) to your tenant's name, then run the same command again.";

/** Makes the errors of one operation; `isUnsettled` says that an attempt may have been carried out without our knowing. */
export interface Complainant {
  readonly operation: Operation;
  readonly redaction: Redaction;
  readonly isUnsettled: boolean;
}

/** The error for an answer that is not a success. */
export function refusal(by: Complainant, answer: Answer): DadosferaError {
  const complaint = parseComplaint(answer.text);
  const code = codeOf(by, answer.status, complaint);
  const said = by.redaction.quote(complaint.words);
  const words = said === "" ? "" : ` (${said})`;
  return new DadosferaError({
    code,
    happened: `Could not ${by.operation.intent}: Maestro answered ${answer.status}${words}.`,
    now: isEffect(by.operation) && by.isUnsettled ? NOT_KNOWN : NOTHING_CHANGED,
    next: isHeaderMissing(by.operation, answer.status, complaint)
      ? CUSTOMER_NAME
      : (NEXT[code] ?? "Correct what the answer names, then run the same command again."),
  });
}

/** The error for an answer that never came, or not whole. */
export function noAnswer(by: Complainant, cause: unknown): DadosferaError {
  const isOpen = isEffect(by.operation) && by.isUnsettled;
  const reason = by.redaction.cause(cause);
  const code = isOpen ? "MAESTRO_OUTCOME_UNKNOWN" : "MAESTRO_UNAVAILABLE";
  return new DadosferaError(
    {
      code,
      happened: `Could not ${by.operation.intent}: no answer came from Maestro (${by.redaction.quote(reason?.message || reason?.name || "no reason given")}).`,
      now: isOpen ? NOT_KNOWN : NOTHING_CHANGED,
      next: NEXT[code] ?? "",
    },
    { cause: reason },
  );
}

/** The error for a success whose body is not what the operation answers. */
export function unreadable(by: Complainant, text: string, problem: string): DadosferaError {
  const isOpen = isEffect(by.operation);
  const code = isOpen ? "MAESTRO_OUTCOME_UNKNOWN" : "MAESTRO_ANSWER_UNREADABLE";
  const said = by.redaction.quote(parseComplaint(text).words);
  const words = said === "" ? "" : ` (${said})`;
  return new DadosferaError({
    code,
    happened: `Could not ${by.operation.intent}: cannot read Maestro's answer: ${by.redaction.quote(problem)}${words}.`,
    now: isOpen ? NOT_KNOWN : NOTHING_CHANGED,
    next: NEXT[code] ?? "",
  });
}

/** The error for work that was ended from outside before anything was sent. */
export function interrupted(intent: string): DadosferaError {
  return new DadosferaError({
    code: "INTERRUPTED",
    happened: `Did not ${intent}: the work was interrupted.`,
    now: "The last request was not sent.",
    next: "Run the same command again.",
  });
}

/** A delete without its `customer_name` header, or with a wrong one, is answered in this form; no new token would help. */
export function isHeaderMissing(
  operation: Operation,
  status: number,
  complaint: Complaint,
): boolean {
  return operation.method === "DELETE" && status === 401 && complaint.isMsg;
}

/** The error for a delete without the tenant's name, which only a delete needs. */
export function customerNameMissing(intent: string): DadosferaError {
  return new DadosferaError({
    code: "SETTINGS_MISSING",
    happened: `Could not ${intent}: Maestro wants the tenant's name with a delete, and it is not known.`,
    now: NOTHING_CHANGED,
    next: CUSTOMER_NAME,
  });
}

function codeOf(by: Complainant, status: number, complaint: Complaint): DadosferaErrorCode {
  if (status === 404) return absent(by.operation, complaint);
  // A redirect, like a method that is not routed, is no word about the pipeline or job.
  if (status === 405 || (status >= 300 && status < 400)) return "ROUTE_NOT_FOUND";
  if (complaint.exceptionType === "PipelinePaused") return "PIPELINE_PAUSED";
  if (status !== 429 && status < 500) return BY_STATUS[status] ?? "MAESTRO_REFUSED";
  if (isEffect(by.operation) && by.isUnsettled) return "MAESTRO_OUTCOME_UNKNOWN";
  return status === 429 ? "MAESTRO_RATE_LIMITED" : "MAESTRO_UNAVAILABLE";
}

const BY_STATUS: Partial<Record<number, DadosferaErrorCode>> = {
  401: "MAESTRO_UNAUTHORIZED",
  403: "MAESTRO_FORBIDDEN",
};

function absent({ about }: Operation, complaint: Complaint): DadosferaErrorCode {
  // Only Maestro itself can say that something is gone. A gateway's 404, or a page of HTML, speaks of the address; taken for absence,
  // it would drop what still exists from the stack's state.
  if (complaint.source !== "platform" || about.kind === "tenant") return "ROUTE_NOT_FOUND";
  if (about.kind === "pipeline" || complaint.exceptionType === "PipelineNotFound") {
    return "PIPELINE_NOT_FOUND";
  }
  return "JOB_NOT_FOUND";
}

const NEXT: Partial<Record<DadosferaErrorCode, string>> = {
  MAESTRO_UNAUTHORIZED:
    "Check DADOSFERA_USERNAME and DADOSFERA_PASSWORD (dadosfera:username, dadosfera:password), or DADOSFERA_API_KEY, then run the same command again.",
  MAESTRO_FORBIDDEN:
    "Ask an administrator of your Dadosfera tenant for the permission, then run the same command again.",
  MAESTRO_RATE_LIMITED: "Wait a few minutes, then run the same command again.",
  MAESTRO_UNAVAILABLE:
    "Check that Maestro can be reached from this machine, then run the same command again.",
  MAESTRO_OUTCOME_UNKNOWN:
    "Look at the pipeline in Dadosfera before you do it again; `pulumi up` looks first, too.",
  MAESTRO_ANSWER_UNREADABLE:
    "Check that the base URL (dadosfera:baseUrl) is Maestro's and that no proxy answers in its place.",
  ROUTE_NOT_FOUND: "Check that the base URL (dadosfera:baseUrl) is Maestro's, without a path.",
  PIPELINE_NOT_FOUND:
    "Check the pipeline's id and your tenant; if it was removed, run `pulumi refresh`.",
  JOB_NOT_FOUND: "Check the job's id and your tenant; if it was removed, run `pulumi refresh`.",
  PIPELINE_PAUSED: "Unpause the pipeline in Dadosfera, then run the same command again.",
};
