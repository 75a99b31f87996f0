import { DadosferaError } from "../domain/errors.js";
import type { LoadType } from "../domain/job.js";
import { jobId } from "../domain/job-id.js";
import type { Change } from "./change.js";

/** Sets the bookmark, and makes sure by the echo that Maestro read the value as it was meant. @throws `MAESTRO_REFUSED` */
export async function setState(to: string | undefined, change: Change): Promise<void> {
  const { maestro } = change.context.doors;
  const id = jobId.parse(change.request.jobId);
  if (to === undefined) return change.atMaestro(() => maestro.resetState(id));
  const { echoed } = await change.atMaestro(() => maestro.resetStateTo(id, to));
  if (plain(String(echoed)) !== plain(to))
    throw notAsTold(change, `set the state to ${to}`, `it answered ${echoed}`);
}

/** sync-mode, read back: its answers are not documented. */
export async function switchLoadType(to: LoadType, change: Change): Promise<void> {
  const { maestro } = change.context.doors;
  const { change: wanted, primaryKeys } = change.request;
  const id = jobId.parse(change.request.jobId);
  const cursor = wanted.kind === "load-type" ? wanted : undefined;
  await change.atMaestro(() =>
    maestro.setSyncMode(id, {
      targetLoadType: to,
      ...(to !== "full_load" &&
        cursor?.incrementalColumnName !== undefined && {
          incrementalColumnName: cursor.incrementalColumnName,
        }),
      ...(to !== "full_load" &&
        cursor?.incrementalColumnType !== undefined && {
          incrementalColumnType: cursor.incrementalColumnType,
        }),
      ...(to === "incremental_with_qualify" && { primaryKeys }),
    }),
  );
  const live = await maestro.findJob(id);
  if (live?.loadType !== to)
    throw notAsTold(change, `set the load type to ${to}`, `it is ${live?.loadType}`);
}

/** Maestro answered well, and shows something else. */
export function notAsTold(change: Change, what: string, seen: string): DadosferaError {
  return new DadosferaError({
    code: "MAESTRO_REFUSED",
    happened: `Maestro accepted to ${what} for job ${change.request.jobId}, but ${seen}.`,
    now: "",
    next: "Run `pulumi up` again; if it happens again, ask Dadosfera's support.",
  });
}

/** A timestamp without what two spellings of it may differ in. */
function plain(value: string): string {
  return value
    .replace("T", " ")
    .replace(/Z$|\+00:00$/, "")
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");
}
