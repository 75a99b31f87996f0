import { type DadosferaError, isDadosferaError } from "../../domain/errors.js";
import type { LoadType } from "../../domain/job.js";
import { jobId } from "../../domain/job-id.js";
import type { Change } from "./change.js";
import { notAsTold } from "./read-back.js";
import { leastSince, type Moment, momentOf } from "./time-left.js";

/** Sets the bookmark, and makes sure by the echo that Maestro read the value as it was meant. @throws `MAESTRO_REFUSED` */
export async function setState(to: string | undefined, change: Change): Promise<void> {
  const difference = await sendState(to, change);
  if (difference !== undefined) throw difference;
}

/** Sets the bookmark; answers what is wrong with the echo, if anything is. */
export async function sendState(
  to: string | undefined,
  change: Change,
): Promise<DadosferaError | undefined> {
  const { maestro } = change.context.doors;
  const id = jobId.parse(change.request.jobId);
  const echo = await outlastingLateAttempts(change, (beforeSend) =>
    to === undefined
      ? maestro.resetState(id, beforeSend).then(() => undefined)
      : maestro.resetStateTo(id, to, beforeSend),
  );
  if (to !== undefined && plain(String(echo?.echoed)) !== plain(to)) {
    return notAsTold(change.request.jobId, `set the state to ${to}`, `it answered ${echo?.echoed}`);
  }
  return undefined;
}

/**
 * An effect at Maestro. An attempt whose answer was lost may still arrive: late, it would set back what was done since,
 * so this ends, well or badly, only when no such attempt can arrive any more.
 */
export async function outlastingLateAttempts<T>(
  change: Change,
  work: (beforeSend: () => void) => Promise<T>,
): Promise<T> {
  const { clock, doors, signal } = change.context;
  const sentAt: Moment[] = [];
  const outlast = async (sent: Moment | undefined) => {
    const left = sent === undefined ? 0 : doors.maestro.deadlineMs - leastSince(sent, clock);
    if (left > 0) await clock.wait(left, signal);
  };
  const result = await change
    .atMaestro((beforeSend) =>
      work(() => {
        beforeSend();
        sentAt.push(momentOf(clock));
      }),
    )
    .catch(async (error: unknown) => {
      if (isOpen(error)) await outlast(sentAt.at(-1));
      throw error;
    });
  await outlast(sentAt.at(-2));
  return result;
}

/** True if nobody knows whether Maestro did it. */
function isOpen(error: unknown): boolean {
  return isDadosferaError(error) && error.code === "MAESTRO_OUTCOME_UNKNOWN";
}

/** sync-mode, read back: its answers are not documented, and a lost one is settled by the same look. */
export async function switchLoadType(to: LoadType, change: Change): Promise<void> {
  const { maestro } = change.context.doors;
  const { change: wanted, primaryKeys } = change.request;
  const id = jobId.parse(change.request.jobId);
  const cursor = wanted.kind === "load-type" ? wanted : undefined;
  let lost: unknown;
  await outlastingLateAttempts(change, (beforeSend) =>
    maestro.setSyncMode(
      id,
      {
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
      },
      beforeSend,
    ),
  ).catch((error: unknown) => {
    if (!isOpen(error)) throw error;
    lost = error;
  });
  const live = await maestro.findJob(id);
  if (live?.loadType === to) return;
  throw (
    lost ?? notAsTold(change.request.jobId, `set the load type to ${to}`, `it is ${live?.loadType}`)
  );
}

/** A timestamp without what two spellings of it may differ in. */
function plain(value: string): string {
  return value
    .replace("T", " ")
    .replace(/Z$|\+00:00$/, "")
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");
}
