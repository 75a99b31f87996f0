import { DadosferaError } from "../domain/errors.js";
import {
  type ChangeRecord,
  isFinished,
  JOURNAL_VERSION,
  type JournalEntry,
  journalEntry,
} from "../domain/journal.js";
import { countOf, first } from "./destination.js";
import { isMissingObject, isMissingPrivilege } from "./refusals.js";
import type { Row, Runner } from "./session.js";
import { identifier, type Sql, sql } from "./sql.js";
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

  /** What `prepare` would run, and an INSERT: for a check of privileges that changes nothing. */
  statements(): readonly {
    readonly privilege: string;
    readonly statement: Sql;
    readonly needs: "schema" | "journal";
  }[] {
    return [
      {
        privilege: `CREATE TABLE on schema ${this.#schema()}`,
        statement: this.#changesTable(),
        needs: "schema",
      },
      {
        privilege: `INSERT on ${this.#schema()}.PULUMI_DADOSFERA_CHANGES`,
        statement: sql`INSERT INTO ${this.#table("CHANGES")} (CHANGE_ID) SELECT CHANGE_ID FROM ${this.#table("CHANGES")} WHERE FALSE`,
        needs: "journal",
      },
    ];
  }

  async #create(): Promise<void> {
    await this.#warehouse.run(this.#changesTable());
    await this.#warehouse.run(sql`CREATE TABLE IF NOT EXISTS ${this.#table("LEASES")} (
      PIPELINE_ID VARCHAR NOT NULL, OWNER VARCHAR, EPOCH NUMBER(38, 0) NOT NULL, TAKEN_AT TIMESTAMP_TZ(9), EXPIRES_AT TIMESTAMP_TZ(9),
      MEMBERS VARCHAR, IS_HELD BOOLEAN NOT NULL, HELD_CRON VARCHAR)`);
    for (const table of ["CHANGES", "LEASES"] as const) await this.#expectReadable(table);
    await this.#warehouse.run(sql`CREATE VIEW IF NOT EXISTS ${this.#table("CHANGE_HISTORY")} AS
      SELECT CHANGE_ID, MAX(JOB_ID) AS JOB_ID, MAX(TABLE_NAME) AS TABLE_NAME, MIN(AT) AS STARTED_AT, MAX(AT) AS LAST_AT,
        MAX(IFF(STEP = 'finished', DETAIL, NULL)) AS OUTCOME, MAX(IFF(STEP = 'deleted', DETAIL, NULL)) AS DELETED,
        MAX(IFF(STEP = 'verified', DETAIL, NULL)) AS VERIFIED, MAX(IFF(STEP = 'restored', DETAIL, NULL)) AS RESTORED,
        MAX(OWNER) AS OWNER
      FROM ${this.#table("CHANGES")} GROUP BY CHANGE_ID`);
  }

  /** A role without any privilege on a table is told that there is none, so only after it was made can that be told apart. */
  async #expectReadable(table: "CHANGES" | "LEASES"): Promise<void> {
    const look = this.#warehouse.rows(sql`SELECT 1 AS ONE FROM ${this.#table(table)} WHERE FALSE`);
    await look.catch((error: unknown) => {
      throw isMissingObject(error) || isMissingPrivilege(error) ? this.#unreadable(error) : error;
    });
  }

  #changesTable(): Sql {
    return sql`CREATE TABLE IF NOT EXISTS ${this.#table("CHANGES")} (
      CHANGE_ID VARCHAR NOT NULL, POSITION NUMBER(38, 0) NOT NULL, JOB_ID VARCHAR NOT NULL, PIPELINE_ID VARCHAR NOT NULL, TABLE_NAME VARCHAR,
      VERSION NUMBER(38, 0) NOT NULL, STEP VARCHAR NOT NULL, DETAIL VARCHAR, OWNER VARCHAR, AT TIMESTAMP_TZ(9) DEFAULT CURRENT_TIMESTAMP())`;
  }

  async #read(statement: Sql): Promise<readonly Row[]> {
    return this.#warehouse.rows(statement).catch((error: unknown) => {
      if (isMissingObject(error)) return [];
      throw isMissingPrivilege(error) ? this.#unreadable(error) : error;
    });
  }

  #unreadable(cause: unknown): DadosferaError {
    const where = `${this.#warehouse.settings.database}.${this.#schema()}`;
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

  #table(name: "CHANGES" | "LEASES" | "CHANGE_HISTORY"): Sql {
    return identifier(
      this.#warehouse.settings.database,
      this.#schema(),
      `PULUMI_DADOSFERA_${name}`,
    );
  }

  #schema(): string {
    return this.#warehouse.settings.journalSchema;
  }
}

/** Rows by change, in the order of their positions; the driver may have sent one entry twice. */
function grouped(rows: readonly Row[]): readonly JournalledChange[] {
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
