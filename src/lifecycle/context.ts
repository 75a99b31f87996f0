import { DadosferaError } from "../domain/errors.js";
import type { MaestroClient } from "../maestro/client.js";
import type { Clock } from "../maestro/clock.js";
import type { Journal } from "../warehouse/journal.js";
import type { Leases } from "../warehouse/leases.js";
import type { Runner } from "../warehouse/session.js";
import type { Tables } from "../warehouse/tables.js";
import type { Warehouse } from "../warehouse/warehouse.js";
import type { PipelineSessions } from "./change/pipeline-session.js";
import type { MigrationDoors } from "./migrations/doors.js";

/** What a door shows: whatever behaves like it will do. */
export type Shown<Door> = { readonly [Member in keyof Door]: Door[Member] };

/** The destination, with what is kept beside the data. */
export interface WarehouseDoors {
  readonly warehouse: Shown<Warehouse>;
  readonly tables: Tables;
  /** The tables as a transaction sees and changes them. */
  tablesIn(transaction: Runner): Tables;
  readonly journal: Shown<Journal>;
  readonly leases: Shown<Leases>;
}

/** The outside services; without warehouse settings, only changes that move no rows are possible. */
export interface Doors {
  readonly maestro: Shown<MaestroClient>;
  readonly warehouse: WarehouseDoors | undefined;
  readonly migrations: MigrationDoors;
}

/** What the engine shows beside one resource. */
export interface Report {
  info(text: string): void;
  warning(text: string): void;
  /** One line that the next one replaces. */
  progress(text: string): void;
}

/** What a verb is given beside its arguments. */
export interface Context {
  readonly doors: Doors;
  readonly report: Report;
  readonly clock: Clock;
  /** Aborts when the process is asked to end. */
  readonly signal: AbortSignal;
  /** This process, as a lease names it: user, host, process id and a random part. */
  readonly owner: string;
  readonly polling: Polling;
  /** What the changes of a pipeline's jobs share while this process makes them. */
  readonly sessions: PipelineSessions;
  /** Runs the work when nothing that it must not meet is under way in this process. */
  inTurn<T>(place: Place, work: () => Promise<T>): Promise<T>;
  /** Jobs whose change the journal says is unfinished, asked for once per process. Said, not thrown, if it cannot be asked. */
  unfinished(): Promise<ReadonlySet<string>>;
}

/** What work is done to: a whole pipeline, or one of its jobs. Work on different jobs of a pipeline may meet. */
export interface Place {
  readonly pipelineId: string;
  readonly jobId?: string;
}

/** How often Maestro is asked for a run: 5 % of the elapsed time, within these bounds. */
export interface Polling {
  readonly leastMs: number;
  readonly mostMs: number;
}

/** Milliseconds until the next look at something that has been going on for so long. */
export function nextLook(elapsedMs: number, { leastMs, mostMs }: Polling): number {
  return Math.min(mostMs, Math.max(leastMs, elapsedMs * 0.05));
}

/** The warehouse, for work that cannot do without. */
export function requireWarehouse(doors: Doors, what: string): WarehouseDoors {
  if (doors.warehouse !== undefined) return doors.warehouse;
  throw new DadosferaError({
    code: "SETTINGS_MISSING",
    happened: `Cannot ${what}: no settings of Snowflake are given.`,
    now: "Nothing was changed.",
    next: 'Set SNOWFLAKE_ACCOUNT, SNOWFLAKE_USER and a credential (or the config keys snowflake:account and so on), or say `rows: "none"`.',
  });
}
