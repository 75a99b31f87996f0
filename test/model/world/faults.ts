import { DadosferaError, type DadosferaErrorCode } from "#src/domain/errors.js";

/** What goes wrong with one request or statement of a process. */
export type Fault =
  /** SIGKILL; the request had its effect, had none, or has it so many milliseconds later. */
  | { readonly kind: "kill"; readonly effect: "none" | "done" | number }
  /** The answer is lost once. */
  | { readonly kind: "lost"; readonly effect: "none" | "done" | number }
  /** The service is away until the door gives up. */
  | { readonly kind: "outage"; readonly effect: "none" | "done" | number; readonly ms: number }
  /** The driver sends a statement twice, and hears the second answer. */
  | { readonly kind: "twice" }
  /** The process is suspended before it sends: its lease is not renewed meanwhile. */
  | { readonly kind: "stall"; readonly ms: number }
  /** SIGINT. */
  | { readonly kind: "interrupt" };

/** A request or statement. `once`: its door never sends it again by itself. */
export interface Call {
  readonly door: "maestro" | "warehouse";
  readonly kind: "read" | "effect" | "once" | "commit";
  readonly beforeSend?: (() => void) | undefined;
}

/** The error of a door that gave up. */
export function gaveUp({ door, kind }: Call, cause?: unknown): DadosferaError {
  const isRead = kind === "read";
  if (door === "maestro")
    return errorOf(isRead ? "MAESTRO_UNAVAILABLE" : "MAESTRO_OUTCOME_UNKNOWN", cause);
  return errorOf(kind === "commit" ? "WAREHOUSE_OUTCOME_UNKNOWN" : "WAREHOUSE_UNAVAILABLE", cause);
}

function errorOf(code: DadosferaErrorCode, cause: unknown): DadosferaError {
  return new DadosferaError(
    { code, happened: `The model says ${code}.`, now: "", next: "" },
    { cause },
  );
}
