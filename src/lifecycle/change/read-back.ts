import { DadosferaError } from "../../domain/errors.js";
import type { JobId } from "../../domain/job-id.js";
import type { Doors } from "../context.js";

/** Adds columns to a job, reads it back and compares. A job that loads every column has them already. */
export async function addColumnsTo(
  id: JobId,
  columns: readonly string[],
  maestro: Doors["maestro"],
  beforeSend?: () => void,
): Promise<void> {
  await maestro.addJobColumns(id, columns, beforeSend);
  const live = await maestro.findJob(id);
  const missing = columns.filter((column) => live?.columnIncludeList?.includes(column) === false);
  if (missing.length > 0)
    throw notAsTold(id, `add ${missing.join(", ")}`, "the job does not list it");
}

/** Maestro answered well, and shows something else. */
export function notAsTold(id: string, what: string, seen: string): DadosferaError {
  return new DadosferaError({
    code: "MAESTRO_REFUSED",
    happened: `Maestro accepted to ${what} for job ${id}, but ${seen}.`,
    now: "It is not known what Maestro did; what it shows now is named above.",
    next: "Run `pulumi up` again; if it happens again, ask Dadosfera's support.",
  });
}
