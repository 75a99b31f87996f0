import { DadosferaError } from "../domain/errors.js";
import {
  type ChangeRecord,
  isFinished,
  JOURNAL_VERSION,
  type JournalEntry,
  journalEntry,
} from "../domain/journal.js";
import { countOf, first } from "./destination.js";
import { type JournalPlace, journalDefinitions, journalObject } from "./journal-tables.js";
import { isMissingObject, isMissingPrivilege } from "./refusals.js";
import type { Row, Runner } from "./session.js";
import { type Sql, sql } from "./sql.js";
import type { Warehouse } from "./warehouse.js";

/** Which change an entry belongs to. */
export interface ChangeIdentity {
  readonly changeId: string;
  readonly jobId: string;
  readonly pipelineId: string;
  readonly table: string;
  readonly owner: string;
}

/** A change, with the job that it was made for. */
export interface JournalledChange extends ChangeRecord {
  readonly jobId: string;
  readonly pipelineId: string;
}

/** The journal of column changes, beside the data. Entries are only ever inserted. */
export class Journal {
  readonly #warehouse: Warehouse;
  #isReady: Promise<void> | undefined;

  constructor(warehouse: Warehouse) {
    this.#warehouse = warehouse;
  }

  /**
   * Makes the tables and the view where they are missing.
   * @throws `JOURNAL_UNREADABLE` where they are there and the role may not read them
   */
  prepare(): Promise<void> {
    this.#isReady ??= this.#create().catch((error: unknown) => {
      this.#isReady = undefined;
      throw error;
    });
    return this.#isReady;
  }

  /** Inserts an entry with the runner of a transaction, as the mark of that transaction's effect. */
  async append(
    change: ChangeIdentity,
    position: number,
    entry: JournalEntry,
    runner: Runner,
  ): Promise<void> {
    const { step, ...detail } = entry;
    await runner.run(sql`INSERT INTO ${this.#table("CHANGES")}
      (CHANGE_ID, POSITION, JOB_ID, PIPELINE_ID, TABLE_NAME, VERSION, STEP, DETAIL, OWNER)
      VALUES (${change.changeId}, ${position}, ${change.jobId}, ${change.pipelineId}, ${change.table}, ${JOURNAL_VERSION}, ${step}, ${JSON.stringify(detail)}, ${change.owner})`);
  }

  /** Inserts an entry if the lease is still this owner's; false, and nothing inserted, if it was lost. */
  async appendUnder(
    epoch: number,
    change: ChangeIdentity,
    position: number,
    entry: JournalEntry,
  ): Promise<boolean> {
    const { step, ...detail } = entry;
    const inserted = await this.#warehouse.run(sql`INSERT INTO ${this.#table("CHANGES")}
      (CHANGE_ID, POSITION, JOB_ID, PIPELINE_ID, TABLE_NAME, VERSION, STEP, DETAIL, OWNER)
      SELECT ${change.changeId}, ${position}, ${change.jobId}, ${change.pipelineId}, ${change.table}, ${JOURNAL_VERSION}, ${step}, ${JSON.stringify(detail)}, ${change.owner}
      WHERE EXISTS (SELECT 1 FROM ${this.#table("LEASES")} WHERE PIPELINE_ID = ${change.pipelineId} AND OWNER = ${change.owner} AND EPOCH = ${epoch})`);
    return inserted > 0;
  }

  /** Changes without an end, oldest first: of one job, or of all. None where there is no journal yet. */
  async unfinished(jobId?: string): Promise<readonly JournalledChange[]> {
    const ofJob = jobId === undefined ? sql`TRUE` : sql`JOB_ID = ${jobId}`;
    const rows = await this.#read(
      sql`SELECT CHANGE_ID, POSITION, JOB_ID, PIPELINE_ID, VERSION, STEP, DETAIL FROM ${this.#table("CHANGES")} WHERE ${ofJob} AND CHANGE_ID NOT IN (SELECT CHANGE_ID FROM ${this.#table("CHANGES")} WHERE STEP = 'finished') ORDER BY AT, POSITION`,
    );
    return grouped(rows).filter((change) => !isFinished(change));
  }

  /** The newest change of a job that ended well; undefined without one. */
  async lastDone(jobId: string): Promise<JournalledChange | undefined> {
    const rows = await this.#read(
      sql`SELECT CHANGE_ID, POSITION, JOB_ID, PIPELINE_ID, VERSION, STEP, DETAIL FROM ${this.#table("CHANGES")} WHERE CHANGE_ID IN (SELECT CHANGE_ID FROM ${this.#table("CHANGES")} WHERE JOB_ID = ${jobId} AND STEP = 'finished' AND DETAIL LIKE '%"outcome":"done"%' ORDER BY AT DESC LIMIT 1) ORDER BY AT, POSITION`,
    );
    return grouped(rows)[0];
  }

  /** Everything that the journal says of one change. */
  async read(changeId: string): Promise<ChangeRecord> {
    const rows = await this.#read(
      sql`SELECT CHANGE_ID, POSITION, JOB_ID, PIPELINE_ID, VERSION, STEP, DETAIL FROM ${this.#table("CHANGES")} WHERE CHANGE_ID = ${changeId} ORDER BY AT, POSITION`,
    );
    return grouped(rows)[0] ?? { changeId, entries: [] };
  }

  /** Back-ups of a job's finished changes that are older than so many days, and were not dropped yet. */
  async expiredBackUps(jobId: string, keepDays: number): Promise<readonly JournalledChange[]> {
    const rows = await this.#read(
      sql`SELECT CHANGE_ID, POSITION, JOB_ID, PIPELINE_ID, VERSION, STEP, DETAIL FROM ${this.#table("CHANGES")} WHERE JOB_ID = ${jobId} AND STEP = 'backed-up' AND CHANGE_ID IN (SELECT CHANGE_ID FROM ${this.#table("CHANGES")} WHERE STEP = 'finished' AND AT < DATEADD(second, ${-Math.round(keepDays * 86_400)}, CURRENT_TIMESTAMP())) AND CHANGE_ID NOT IN (SELECT CHANGE_ID FROM ${this.#table("CHANGES")} WHERE STEP = 'back-ups-dropped') ORDER BY AT, POSITION`,
    );
    return grouped(rows);
  }

  /** Makes what is missing; somebody with more privileges may have made it, so that this role need not. */
  async #create(): Promise<void> {
    for (const { statement, path, kind } of journalDefinitions(this.#place)) {
      await this.#warehouse.run(statement).catch(async (error: unknown) => {
        if (!isMissingPrivilege(error)) throw error;
        await this.#warehouse.compile(sql`SELECT * FROM ${path}`).catch(() => {
          throw error;
        });
      });
      if (kind === "TABLE") await this.#expectReadable(path);
    }
  }

  /** A role without any privilege on a table is told that there is none, so only after it was made can that be told apart. */
  async #expectReadable(table: Sql): Promise<void> {
    const look = this.#warehouse.rows(sql`SELECT 1 AS ONE FROM ${table} WHERE FALSE`);
    await look.catch((error: unknown) => {
      throw isMissingObject(error) || isMissingPrivilege(error) ? this.#unreadable(error) : error;
    });
  }

  async #read(statement: Sql): Promise<readonly Row[]> {
    return this.#warehouse.rows(statement).catch((error: unknown) => {
      if (isMissingObject(error)) return [];
      throw isMissingPrivilege(error) ? this.#unreadable(error) : error;
    });
  }

  #unreadable(cause: unknown): DadosferaError {
    const where = `${this.#warehouse.settings.database}.${this.#place.journalSchema}`;
    return new DadosferaError(
      {
        code: "JOURNAL_UNREADABLE",
        happened: `Cannot read the journal of column changes in ${where}: the role ${this.#warehouse.settings.role ?? "of this user"} lacks SELECT on PULUMI_DADOSFERA_CHANGES or PULUMI_DADOSFERA_LEASES.`,
        now: "Nothing was changed; whether a change is unfinished is not known.",
        next: `Grant the role SELECT and INSERT on ${where}.PULUMI_DADOSFERA_CHANGES, and SELECT, INSERT and UPDATE on ${where}.PULUMI_DADOSFERA_LEASES; then run the command again.`,
      },
      { cause },
    );
  }

  #table(name: "CHANGES" | "LEASES"): Sql {
    return journalObject(this.#place, name);
  }

  get #place(): JournalPlace {
    return this.#warehouse.settings;
  }
}

/** Rows by change, in the order of their positions; the driver may have sent one entry twice. @throws `JOURNAL_UNREADABLE` */
export function grouped(rows: readonly Row[]): readonly JournalledChange[] {
  const changes = new Map<string, Map<number, Row>>();
  for (const row of rows) {
    const id = String(row["CHANGE_ID"]);
    changes.set(id, (changes.get(id) ?? new Map()).set(countOf(row, "POSITION"), row));
  }
  return [...changes].map(([changeId, byPosition]) => {
    const entries = [...byPosition].toSorted(([one], [other]) => one - other).map(([, row]) => row);
    const { JOB_ID: jobId, PIPELINE_ID: pipelineId } = first(entries);
    return {
      changeId,
      jobId: String(jobId),
      pipelineId: String(pipelineId),
      entries: entries.map(parseEntry),
    };
  });
}

function parseEntry(row: Row): JournalEntry {
  const parsed = journalEntry.safeParse({
    ...parseJson(String(row["DETAIL"] ?? "{}")),
    step: row["STEP"],
  });
  if (parsed.success && countOf(row, "VERSION") <= JOURNAL_VERSION) return parsed.data;
  throw new DadosferaError({
    code: "JOURNAL_UNREADABLE",
    happened: `Cannot read entry ${row["POSITION"]} ("${row["STEP"]}", version ${row["VERSION"]}) of change ${row["CHANGE_ID"]} of job ${row["JOB_ID"]} in PULUMI_DADOSFERA_CHANGES.`,
    now: "Nothing was changed; the change that wrote it is unfinished.",
    next: "Run the version of pulumi-dadosfera that wrote it, or a newer one.",
  });
}

function parseJson(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
