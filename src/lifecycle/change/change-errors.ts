import { DadosferaError, isDadosferaError } from "../../domain/errors.js";
import { closing } from "../../domain/recovery.js";
import type { Change } from "./change.js";
import { nowText } from "./change-text.js";
import { isLoss } from "./intact.js";

/** The error of a change that was only cut short; `before` went wrong first, where `error` kept it from being undone. */
export function left(change: Change, error: unknown, before?: unknown): DadosferaError {
  const known = isDadosferaError(error) ? error : undefined;
  const first = before === undefined ? "" : `${messageOf(before)} It cannot be undone: `;
  return new DadosferaError(
    {
      code: known?.code ?? "INTERRUPTED",
      happened: `${first}${known?.happened ?? `Stopped the change of job ${change.request.jobId}: this command was interrupted.`}`,
      now: `${known?.now ?? ""} ${nowText(change.record, change.request)}`.trim(),
      next: [
        known?.next ?? "Run `pulumi up` again: it goes on from there.",
        ...(isLoss(error) ? [closing(change.record)] : []),
      ].join(" "),
    },
    { cause: error },
  );
}

/** The error of a change that failed and was undone. */
export function undone(change: Change, error: unknown): DadosferaError {
  const known = isDadosferaError(error) ? error : undefined;
  return new DadosferaError(
    {
      code: known?.code ?? "CHANGE_UNDONE",
      happened:
        known?.happened ?? `The change of job ${change.request.jobId} failed: ${messageOf(error)}.`,
      now: nowText(change.record, change.request),
      next: known?.next ?? "Mend the cause and run `pulumi up` again.",
    },
    { cause: error },
  );
}

/** The error of a change that failed and could not be undone. */
export function unfinished(
  change: Change,
  error: unknown,
  second: unknown = error,
): DadosferaError {
  const known = isDadosferaError(error) ? error : undefined;
  const why = error === second ? "" : ` Undoing it failed too: ${messageOf(second)}`;
  return new DadosferaError(
    {
      code: "CHANGE_UNFINISHED",
      happened: `${known?.happened ?? `The change of job ${change.request.jobId} failed: ${messageOf(error)}.`}${why}`,
      now: nowText(change.record, change.request),
      next: "Mend the cause and run `pulumi up` again: it goes on from there, or undoes the change.",
    },
    { cause: error },
  );
}

/** The error of a pipeline that somebody keeps running. */
export function endless(change: Change): DadosferaError {
  return new DadosferaError({
    code: "RUN_OUTCOME_UNKNOWN",
    happened: `Runs of pipeline ${change.pipelineId} keep starting while its rows are being changed.`,
    now: "",
    next: "Find out who starts them, stop that, and run `pulumi up` again.",
  });
}

export function messageOf(error: unknown): string {
  if (isDadosferaError(error)) return error.happened;
  if (error instanceof Error && error.name === "AbortError") return "this command was interrupted";
  return error instanceof Error ? error.message : String(error);
}
