import { jobIdAt, pipelineId } from "#src/domain/job-id.js";
import { lastEntry } from "#src/domain/journal.js";
import { WorldClock } from "./clock.js";
import type { CursorKind } from "./cursors.js";
import { MemoryJournal } from "./journal.js";
import { MemoryLeases } from "./leases.js";
import { MemoryMaestro } from "./maestro.js";
import { Obligations } from "./obligations.js";
import type { Stage } from "./process.js";
import { CURSOR, KEY, type Row } from "./rows.js";
import { Source } from "./source.js";
import { Storage } from "./storage.js";
import type { ModelSwitches } from "./switches.js";

export const PIPELINE = pipelineId.parse("7b8b3399-b8c0-4fc5-9116-142cd9f4e7ae");
export const JOB = jobIdAt(PIPELINE, 0);
const TABLE = { database: "DADOSFERA", schema: "PUBLIC", name: "PEDIDOS" };
const STAGED = { ...TABLE, schema: "STAGED" };
const BEGINNING = Date.parse("2025-12-17T18:00:30Z");

const MOST_LOOKS = 100;

/** What a world is, whatever happens in it. */
export interface Nature {
  readonly switches: ModelSwitches;
  readonly cron: string | null;
  readonly loadType: "full_load" | "incremental" | "incremental_with_qualify";
  /** Whether programs name the job's keys. */
  readonly isKeyed: boolean;
  readonly cursorKind: CursorKind;
  readonly runMs: number;
  readonly callMs: number;
}

/** Source, Maestro and destination, all in memory and in one virtual time. */
export class ModelWorld {
  readonly nature: Nature;
  readonly stage: Stage;
  readonly source: Source;
  readonly storage = new Storage();
  readonly maestro: MemoryMaestro;
  readonly journal: MemoryJournal;
  readonly leases: MemoryLeases;
  readonly obligations: Obligations;
  #isRenewing = false;

  constructor(nature: Nature) {
    const clock = new WorldClock(BEGINNING);
    this.nature = nature;
    this.source = new Source(nature.cursorKind);
    this.stage = { clock, callMs: nature.callMs, processesAtWork: 0 };
    this.leases = new MemoryLeases(clock);
    this.obligations = new Obligations(this);
    this.journal = new MemoryJournal(clock, (change, entry) =>
      this.obligations.onEntry(change, entry),
    );
    this.maestro = new MemoryMaestro(
      {
        clock,
        switches: nature.switches,
        cursorKind: nature.cursorKind,
        storage: this.storage,
        runMs: nature.runMs,
        isUndoing: () => this.isUndoing,
        onWritten: (job) => this.obligations.onWritten(job.loadType === "full_load"),
      },
      nature.cron,
    );
    this.maestro.put({
      id: JOB,
      source: this.source,
      destination: TABLE,
      deduplicated: STAGED,
      columns: BASE_COLUMNS,
      loadType: nature.loadType,
      cursor: nature.loadType === "full_load" ? undefined : "updated_at",
      cursorType: nature.cursorKind === "timestamp" ? "timestamp" : "bigint",
      primaryKeys: nature.loadType === "incremental_with_qualify" ? ["id"] : [],
      bookmark: { at: undefined, by: "reset" },
    });
  }

  /** True while the renewal of a lease asks, which waits for nobody's turn. */
  readonly isRenewing = (): boolean => this.#isRenewing;

  /** Does what a timer does. */
  renew(work: () => void): void {
    this.#isRenewing = true;
    work();
    this.#isRenewing = false;
  }

  get clock(): WorldClock {
    return this.stage.clock;
  }

  /** Rows as they stand at the destination. */
  get rows() {
    return this.storage.rowsOf(TABLE);
  }

  /** True if the source would deliver this version, were everything extracted. */
  isAtSource({ cells }: Row): boolean {
    const { switches } = this.nature;
    const cursor = cells[CURSOR] ?? null;
    if (cursor === null && switches.fullExtractionSkipsNullCursors) return false;
    const row = this.source.find(Number(cells[KEY]));
    return row !== undefined && this.stored(row.cursor) === cursor;
  }

  /** How much later a cursor is stored than it stands at the source. */
  get clockOffset(): number {
    const { cursorKind, switches } = this.nature;
    return cursorKind === "timestamp" ? switches.sourceClockOffsetMs : 0;
  }

  /** A cursor as an incremental run stores it. */
  stored(cursor: number | null): number | null {
    return cursor === null ? null : cursor + this.clockOffset;
  }

  /** Starts a run as a person would, and waits until all runs have ended. */
  runAndWait(): void {
    this.maestro.start();
    this.waitForRuns();
  }

  waitForRuns(): void {
    for (let looks = 0; looks < MOST_LOOKS && !this.maestro.isIdle; looks += 1) {
      this.clock.advance(this.nature.runMs / 2 + 1);
    }
  }

  get isUndoing(): boolean {
    return this.journal.unfinished().some((one) => lastEntry(one, "undoing") !== undefined);
  }

  /** True where an undoing has put the rows back, and has only the schedule left to do. */
  get isRestored(): boolean {
    return this.journal.unfinished().some((one) => one.entries.at(-1)?.step === "restored");
  }

  /** True once the rows are backed up: what runs bring from then on may be taken away again, to come once more. */
  get isChanging(): boolean {
    return this.journal.unfinished().some((change) => lastEntry(change, "backed-up") !== undefined);
  }
}

export const BASE_COLUMNS = ["id", "valor", "updated_at"];
