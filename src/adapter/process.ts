import { randomUUID } from "node:crypto";
import { hostname, userInfo } from "node:os";
import type { Context, Doors, Report } from "../lifecycle/context.js";
import { MaestroClient } from "../maestro/client.js";
import { type Clock, systemClock } from "../maestro/clock.js";
import { Journal } from "../warehouse/journal.js";
import { Leases } from "../warehouse/leases.js";
import { Warehouse } from "../warehouse/warehouse.js";
import type { EngineLog } from "./engine-log.js";
import type { Settings } from "./settings.js";

/** What all resources of one provider process share: doors, log, and the order among changes of a pipeline. */
export class ProviderProcess {
  readonly log: EngineLog;
  readonly #settings: Settings;
  readonly #clock: Clock;
  readonly #doors: Doors;
  readonly #interrupt = new AbortController();
  readonly #owner =
    `${userName()}@${hostname()} process ${process.pid} (${randomUUID().slice(0, 8)})`;
  readonly #queues = new Map<string, Promise<unknown>>();
  #unfinished: Promise<ReadonlySet<string>> | undefined;

  constructor(settings: Settings, log: EngineLog, clock: Clock = systemClock) {
    this.#settings = settings;
    this.log = log;
    this.#clock = clock;
    this.#doors = openDoors(settings, clock);
  }

  /** What a verb of the resource with this URN is given. */
  contextOf(urn: string): Context {
    return {
      doors: this.#doors,
      report: this.#reportOf(urn),
      clock: this.#clock,
      signal: this.#interrupt.signal,
      owner: this.#owner,
      polling: this.#settings.polling,
      alone: (pipelineId, work) => this.#alone(pipelineId, work),
      unfinished: () => this.askJournal(),
    };
  }

  /** Asks the journal once, in the background: a killed change leaves no trace in Pulumi's state. */
  askJournal(): Promise<ReadonlySet<string>> {
    this.#unfinished ??= this.#readJournal();
    return this.#unfinished;
  }

  async #readJournal(): Promise<ReadonlySet<string>> {
    const changes = await this.#doors.warehouse?.journal.unfinished();
    return new Set((changes ?? []).map((change) => change.jobId));
  }

  #reportOf(urn: string): Report {
    return {
      info: (text) => this.log.show("info", text, urn, false),
      warning: (text) => this.log.show("warning", text, urn, false),
      progress: (text) => this.log.show("info", text, urn, true),
    };
  }

  async #alone<T>(pipelineId: string, work: () => Promise<T>): Promise<T> {
    const before = this.#queues.get(pipelineId) ?? Promise.resolve();
    const mine = before.catch(() => undefined).then(work);
    this.#queues.set(pipelineId, mine);
    return mine;
  }

  /** Ends waiting work, and resolves when all work has written what is true. */
  async interrupt(): Promise<void> {
    this.#interrupt.abort();
    await Promise.allSettled(this.#queues.values());
  }

  /** Frees the connections. */
  async close(): Promise<void> {
    await Promise.allSettled([
      this.#doors.maestro.close(),
      this.#doors.warehouse?.warehouse.close(),
    ]);
  }
}

function openDoors({ maestro, warehouse }: Settings, clock: Clock): Doors {
  const door = warehouse === undefined ? undefined : new Warehouse(warehouse);
  return {
    maestro: new MaestroClient(maestro, { clock }),
    warehouse: door && { warehouse: door, journal: new Journal(door), leases: new Leases(door) },
  };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "unknown";
  }
}
