import type { IncomingMessage, ServerResponse } from "node:http";
import type { TurnableClock } from "../clock.js";
import type { Faults } from "../faults.js";
import type { RequestRecord } from "../message.js";
import { type Account, Accounts } from "./accounts.js";
import { type Extract, Runs } from "./runs.js";
import { startSchedule } from "./schedule.js";
import { MaestroServer } from "./server.js";
import { Store } from "./store.js";
import type { Switches } from "./switches.js";

export interface MaestroOptions {
  readonly clock: TurnableClock;
  readonly extract: Extract;
  readonly accounts: readonly Account[];
  readonly switches: Switches;
  readonly faults: Faults;
  readonly runMs: number;
  readonly requestsPerSecond?: number;
  readonly onRequest: (request: RequestRecord) => void;
}

/** Maestro, emulated: its requests, and what only a test may see. */
export interface EmulatedMaestro extends AsyncDisposable {
  readonly runs: Runs;
  readonly accounts: Accounts;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  limit(requestsPerSecond: number): void;
  /** The newest cursor that a job has seen, as text; undefined if there is none. */
  bookmark(jobId: string): string | undefined;
}

export function openMaestro(options: MaestroOptions): EmulatedMaestro {
  const { clock, switches, extract, runMs, faults, onRequest } = options;
  const store = new Store();
  const accounts = new Accounts(options.accounts, clock);
  const runs = new Runs({ clock, store, extract, runMs });
  const { requestsPerSecond } = options;
  const server = new MaestroServer({
    world: { clock, store, switches, accounts, runs },
    faults,
    onRequest,
    ...(requestsPerSecond === undefined ? {} : { requestsPerSecond }),
  });
  startSchedule(clock, store, (pipelineId) => runs.startIfNoneQueued(pipelineId));
  return {
    runs,
    accounts,
    limit: (requestsPerSecond) => server.limit(requestsPerSecond),
    handle: (request, response) => server.handle(request, response),
    bookmark: (jobId) => store.findJob(jobId)?.bookmark,
    [Symbol.asyncDispose]: () => runs[Symbol.asyncDispose](),
  };
}
