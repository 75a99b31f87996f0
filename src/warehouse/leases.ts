import { countOf, first } from "./destination.js";
import { journalObject } from "./journal-tables.js";
import { isMissingObject } from "./refusals.js";
import type { Row, Runner } from "./session.js";
import { type Sql, sql } from "./sql.js";
import type { Warehouse } from "./warehouse.js";

/** How long a lease lasts unless it is renewed. */
export const LEASE_SECONDS = 90;

/** The record of one pipeline: who changes it, and the schedule to put back. Times are the warehouse's. */
export interface Lease {
  readonly owner: string | undefined;
  readonly epoch: number;
  readonly takenAt: string | undefined;
  readonly isExpired: boolean;
  readonly isHeld: boolean;
  readonly heldCron: string | undefined;
}

/** The leases, one row per pipeline. */
export class Leases {
  readonly #warehouse: Warehouse;

  constructor(warehouse: Warehouse) {
    this.#warehouse = warehouse;
  }

  /** Takes the pipeline's lease if nobody else holds a valid one; answers how the row stands afterwards. */
  async take(pipelineId: string, owner: string, members: readonly string[]): Promise<Lease> {
    const expiry = sql`DATEADD(second, ${LEASE_SECONDS}, CURRENT_TIMESTAMP())`;
    await this.#warehouse.run(sql`MERGE INTO ${this.#table()} l USING (SELECT ${pipelineId} AS PIPELINE_ID) s ON l.PIPELINE_ID = s.PIPELINE_ID
      WHEN MATCHED AND (l.OWNER IS NULL OR l.OWNER = ${owner} OR l.EXPIRES_AT < CURRENT_TIMESTAMP()) THEN UPDATE SET
        OWNER = ${owner}, EPOCH = l.EPOCH + 1, TAKEN_AT = CURRENT_TIMESTAMP(), EXPIRES_AT = ${expiry}, MEMBERS = ${JSON.stringify(members)}
      WHEN NOT MATCHED THEN INSERT (PIPELINE_ID, OWNER, EPOCH, TAKEN_AT, EXPIRES_AT, MEMBERS, IS_HELD)
        VALUES (s.PIPELINE_ID, ${owner}, 1, CURRENT_TIMESTAMP(), ${expiry}, ${JSON.stringify(members)}, FALSE)`);
    return (await this.find(pipelineId)) ?? nobody;
  }

  /** How the pipeline's row stands; undefined where there is none, or no table yet. */
  async find(pipelineId: string, runner: Runner = this.#warehouse): Promise<Lease | undefined> {
    const rows = await runner
      .rows(
        sql`SELECT OWNER, EPOCH, TO_VARCHAR(TAKEN_AT, 'YYYY-MM-DD HH24:MI:SS') AS TAKEN, IFF(EXPIRES_AT < CURRENT_TIMESTAMP(), 1, 0) AS EXPIRED, IFF(IS_HELD, 1, 0) AS HELD, HELD_CRON FROM ${this.#table()} WHERE PIPELINE_ID = ${pipelineId}`,
      )
      .catch((error: unknown) => {
        if (isMissingObject(error)) return [];
        throw error;
      });
    return rows.length === 0 ? undefined : leaseOf(first(rows));
  }

  /** Extends the lease, with new members if they are given; false if it is no longer this owner's. */
  async renew(
    pipelineId: string,
    owner: string,
    epoch: number,
    members?: readonly string[],
  ): Promise<boolean> {
    return (await this.#extend(this.#warehouse, pipelineId, owner, epoch, members)) === 1;
  }

  /**
   * Extends the lease inside a transaction, and so locks its row until the transaction ends: 1 if it is this
   * owner's, 0 if it was lost. Sent last, so that the row is locked for a moment only.
   */
  fence(runner: Runner, pipelineId: string, owner: string, epoch: number): Promise<number> {
    return this.#extend(runner, pipelineId, owner, epoch, undefined);
  }

  /** Records the cron to put back, before Maestro is asked to forget it. */
  async hold(pipelineId: string, owner: string, epoch: number, cron: string): Promise<boolean> {
    const changed = await this.#warehouse.run(
      sql`UPDATE ${this.#table()} SET IS_HELD = TRUE, HELD_CRON = ${cron} WHERE PIPELINE_ID = ${pipelineId} AND OWNER = ${owner} AND EPOCH = ${epoch}`,
    );
    return changed === 1;
  }

  /** Writes a new cron into an existing hold, to be put back in place of the old one; false if nothing is held. */
  async changeHeldCron(pipelineId: string, cron: string | null): Promise<boolean> {
    const changed = await this.#warehouse.run(
      sql`UPDATE ${this.#table()} SET HELD_CRON = ${cron} WHERE PIPELINE_ID = ${pipelineId} AND IS_HELD`,
    );
    return changed === 1;
  }

  /** Gives the lease back; `isHeld` says whether the schedule stays held for whoever takes it next. */
  async giveBack(
    runner: Runner,
    pipelineId: string,
    owner: string,
    epoch: number,
    isHeld: boolean,
  ): Promise<void> {
    const hold = isHeld ? sql`` : sql`, IS_HELD = FALSE, HELD_CRON = NULL`;
    await runner.run(
      sql`UPDATE ${this.#table()} SET OWNER = NULL, EXPIRES_AT = NULL${hold} WHERE PIPELINE_ID = ${pipelineId} AND OWNER = ${owner} AND EPOCH = ${epoch}`,
    );
  }

  #extend(
    runner: Runner,
    pipelineId: string,
    owner: string,
    epoch: number,
    members: readonly string[] | undefined,
  ): Promise<number> {
    const joined = members === undefined ? sql`` : sql`, MEMBERS = ${JSON.stringify(members)}`;
    return runner.run(
      sql`UPDATE ${this.#table()} SET EXPIRES_AT = DATEADD(second, ${LEASE_SECONDS}, CURRENT_TIMESTAMP())${joined} WHERE PIPELINE_ID = ${pipelineId} AND OWNER = ${owner} AND EPOCH = ${epoch}`,
    );
  }

  #table(): Sql {
    return journalObject(this.#warehouse.settings, "LEASES");
  }
}

const nobody: Lease = {
  owner: undefined,
  epoch: 0,
  takenAt: undefined,
  isExpired: true,
  isHeld: false,
  heldCron: undefined,
};

function leaseOf(row: Row): Lease {
  const text = (column: string) => (typeof row[column] === "string" ? row[column] : undefined);
  return {
    owner: text("OWNER"),
    epoch: countOf(row, "EPOCH"),
    takenAt: text("TAKEN"),
    isExpired: countOf(row, "EXPIRED") === 1,
    isHeld: countOf(row, "HELD") === 1,
    heldCron: text("HELD_CRON"),
  };
}
