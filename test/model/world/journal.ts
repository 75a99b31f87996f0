import { isFinished, type JournalEntry } from "#src/domain/journal.js";
import type { ChangeIdentity, JournalledChange } from "#src/warehouse/journal.js";
import type { WorldClock } from "./clock.js";
import type { Statements } from "./storage.js";

interface Line {
  readonly identity: ChangeIdentity;
  readonly position: number;
  readonly entry: JournalEntry;
  readonly at: number;
}

const DAY_MS = 86_400_000;

/** PULUMI_DADOSFERA_CHANGES: entries are only ever inserted. */
export class MemoryJournal {
  readonly #clock: WorldClock;
  readonly #onEntry: (change: JournalledChange, entry: JournalEntry) => void;
  readonly #lines: Line[] = [];

  constructor(clock: WorldClock, onEntry: (change: JournalledChange, entry: JournalEntry) => void) {
    this.#clock = clock;
    this.#onEntry = onEntry;
  }

  async append(
    statements: Statements,
    identity: ChangeIdentity,
    position: number,
    entry: JournalEntry,
  ): Promise<void> {
    const line = { identity, position, entry, at: this.#clock.now() };
    await statements.atCommit(`entry ${identity.changeId} ${position}`, () => {
      this.#lines.push(line);
      const change = this.#changes((each) => each.identity.changeId === identity.changeId)[0];
      if (change !== undefined) this.#onEntry(change, entry);
    });
  }

  /** When the last change began. */
  get lastBeginning(): number {
    return this.#lines.findLast(({ entry }) => entry.step === "started")?.at ?? 0;
  }

  unfinished(jobId?: string): readonly JournalledChange[] {
    const ofJob = ({ identity }: Line) => jobId === undefined || identity.jobId === jobId;
    return this.#changes(ofJob).filter((change) => !isFinished(change));
  }

  lastDone(jobId: string): JournalledChange | undefined {
    const done = this.#lines.findLast(
      ({ identity, entry }) =>
        identity.jobId === jobId && entry.step === "finished" && entry.outcome === "done",
    );
    return done && this.read(done.identity.changeId);
  }

  read(changeId: string): JournalledChange | undefined {
    return this.#changes(({ identity }) => identity.changeId === changeId)[0];
  }

  expiredBackUps(jobId: string, keepDays: number): readonly JournalledChange[] {
    const latest = this.#clock.now() - keepDays * DAY_MS;
    const has = (changeId: string, step: JournalEntry["step"], before = Number.POSITIVE_INFINITY) =>
      this.#lines.some(
        (line) =>
          line.identity.changeId === changeId && line.entry.step === step && line.at < before,
      );
    return this.#changes(
      ({ identity, entry }) =>
        identity.jobId === jobId &&
        entry.step === "backed-up" &&
        has(identity.changeId, "finished", latest) &&
        !has(identity.changeId, "back-ups-dropped"),
    );
  }

  #changes(wanted: (line: Line) => boolean): readonly JournalledChange[] {
    const changes = new Map<string, Line[]>();
    for (const line of this.#lines.filter(wanted)) {
      const { changeId } = line.identity;
      changes.set(changeId, [...(changes.get(changeId) ?? []), line]);
    }
    return [...changes].map(([changeId, lines]) => {
      // The driver may have sent one entry twice.
      const byPosition = new Map(lines.map((line) => [line.position, line]));
      const entries = [...byPosition.values()].sort((one, other) => one.position - other.position);
      const { jobId = "", pipelineId = "" } = lines[0]?.identity ?? {};
      return { changeId, jobId, pipelineId, entries: entries.map(({ entry }) => entry) };
    });
  }
}
