import { randomUUID } from "node:crypto";
import { hostname, userInfo } from "node:os";
import { DadosferaError, isDadosferaError } from "../domain/errors.js";
import { Redaction } from "../domain/redaction.js";
import { HasuraClient } from "../hasura/api/client.js";
import { gitFolder } from "../hasura/folder/git.js";
import { findFolder, readProject } from "../hasura/folder/project.js";
import { readEveryOriginal } from "../hasura/squash/originals.js";
import { PipelineSessions } from "../lifecycle/change/pipeline-session.js";
import type { Context, Doors, Place, Report } from "../lifecycle/context.js";
import type { Proving } from "../lifecycle/migrations/doors.js";
import { withoutScratch } from "../lifecycle/migrations/without-scratch.js";
import { MaestroClient } from "../maestro/client.js";
import { type Clock, systemClock } from "../maestro/clock.js";
import { Journal } from "../warehouse/journal.js";
import { Leases } from "../warehouse/leases.js";
import { tablesOf } from "../warehouse/tables.js";
import { Warehouse } from "../warehouse/warehouse.js";
import type { EngineLog } from "./engine-log.js";
import { type Settings, secretsOf } from "./settings.js";
import { Turns } from "./turns.js";

/** What all resources of one provider process share: doors, log, and the order among changes of a pipeline. */
export class ProviderProcess {
  readonly log: EngineLog;
  readonly #settings: Settings;
  readonly #clock: Clock;
  readonly #doors: OpenedDoors;
  readonly #redaction = new Redaction();
  readonly #interrupt = new AbortController();
  readonly #owner =
    `${userName()}@${hostname()} process ${process.pid} (${randomUUID().slice(0, 8)})`;
  readonly #sessions: PipelineSessions;
  readonly #turns = new Turns();
  #unfinished: Promise<ReadonlySet<string>> | undefined;

  constructor(
    settings: Settings,
    log: EngineLog,
    clock: Clock = systemClock,
    proving: Proving = withoutScratch,
  ) {
    this.#settings = settings;
    this.log = log;
    this.#clock = clock;
    this.#doors = openDoors(settings, clock, proving);
    this.#sessions = new PipelineSessions(clock, this.#interrupt.signal);
    for (const secret of secretsOf(settings)) this.#redaction.learn(secret);
  }

  /** A text without any credential that this process was given, whoever repeated it: Maestro, Snowflake or a run's trace. */
  withhold(text: string): string {
    return this.#redaction.text(text);
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
      sessions: this.#sessions,
      inTurn: (place, work) => this.#inTurn(place, work),
      unfinished: () => this.#askJournal(),
    };
  }

  /** Throws if Maestro's settings are missing or wrong, before any verb that is about Maestro does anything. */
  requireMaestro(): void {
    void this.#doors.maestro;
  }

  /** Asks the journal in the background, while the program is still starting. */
  lookAhead(): void {
    // Whoever waits for the answer hears of its failure.
    this.#askJournal().catch(() => undefined);
  }

  /** Asks the journal once: a killed change leaves no trace in Pulumi's state. */
  #askJournal(): Promise<ReadonlySet<string>> {
    this.#unfinished ??= this.#readJournal(this.#reportOf(""));
    return this.#unfinished;
  }

  /** A job that has not changed must not fail because the warehouse is away for a while; a change reads the journal again. */
  async #readJournal(report: Report): Promise<ReadonlySet<string>> {
    const journal = this.#doors.warehouse?.journal;
    if (journal === undefined) {
      this.log.show("info", NOT_ASKED, "", false);
      return new Set();
    }
    try {
      return new Set((await journal.unfinished()).map((change) => change.jobId));
    } catch (error) {
      if (!isDadosferaError(error) || error.code !== "WAREHOUSE_UNAVAILABLE") throw error;
      report.warning(`unfinished changes could not be looked for: ${error.happened}`);
      return new Set();
    }
  }

  #reportOf(urn: string): Report {
    const show = (severity: "info" | "warning", text: string, isEphemeral: boolean) =>
      this.log.show(severity, this.withhold(text), urn, isEphemeral);
    return {
      info: (text) => show("info", text, false),
      warning: (text) => show("warning", text, false),
      progress: (text) => show("info", text, true),
    };
  }

  #inTurn<T>(place: Place, work: () => Promise<T>): Promise<T> {
    return this.#turns.take(place, async () => {
      if (this.#interrupt.signal.aborted) throw notBegun(place.pipelineId);
      return work();
    });
  }

  /** Ends waiting work, and resolves when all work has written what is true and its answers can have left. */
  async interrupt(): Promise<void> {
    this.#interrupt.abort();
    const underWay = this.#turns.underWay;
    if (underWay.length === 0) return;
    await Promise.allSettled(underWay);
    await systemClock.wait(ANSWER_MS);
  }

  /** Frees the connections. */
  async close(): Promise<void> {
    await this.#doors.close();
  }
}

const NOT_ASKED =
  "not checked whether a change of rows is unfinished: no settings of Snowflake are given";

/** Between the end of work and the moment when Pulumi has heard of it: an error log, then an answer on loopback. */
const ANSWER_MS = 250;

function notBegun(pipelineId: string): DadosferaError {
  return new DadosferaError({
    code: "INTERRUPTED",
    happened: `Did not begin to change pipeline ${pipelineId}: this command was interrupted.`,
    now: "Nothing was changed.",
    next: "Run `pulumi up` again.",
  });
}

function openDoors(settings: Settings, clock: Clock, proving: Proving): OpenedDoors {
  const { warehouse, deadlineMs, hasura } = settings;
  const door = warehouse === undefined ? undefined : new Warehouse(warehouse, clock);
  let maestro: MaestroClient | undefined;
  const hasuras = new Map<string, HasuraClient>();
  return {
    // Only now: a stack of migrations alone has no settings for it.
    get maestro() {
      const options = { clock, ...(deadlineMs !== undefined && { deadlineMs }) };
      maestro ??= new MaestroClient(settings.maestro, options);
      return maestro;
    },
    warehouse: door && {
      warehouse: door,
      tables: tablesOf(door),
      tablesIn: tablesOf,
      journal: new Journal(door),
      leases: new Leases(door),
    },
    migrations: {
      hasura(endpoint) {
        const opened = hasuras.get(endpoint) ?? new HasuraClient({ endpoint, ...hasura });
        hasuras.set(endpoint, opened);
        return opened;
      },
      readFolder: async (directory, database) => findFolder(await readProject(directory), database),
      readParts: async (folder, record) =>
        readEveryOriginal((await gitFolder(folder.directory)).root, record),
      ...proving,
    },
    async close() {
      for (const opened of hasuras.values()) opened.close();
      await Promise.allSettled([maestro?.close(), door?.close()]);
    },
  };
}

type OpenedDoors = Doors & { close(): Promise<void> };

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "unknown";
  }
}
