import type { SurveyedChange, SurveyedLease } from "../domain/diagnosis.js";
import { countOf, first } from "./destination.js";
import { grouped } from "./journal.js";
import { type JournalPlace, journalObject } from "./journal-tables.js";
import { isMissingObject } from "./refusals.js";
import type { Row, Runner } from "./session.js";
import { type Sql, sql } from "./sql.js";

/** Something that reads, and knows where the journal is. */
type Reader = Pick<Runner, "rows"> & { readonly settings: JournalPlace };

/**
 * Every change of one pipeline, or of all: unfinished ones whole, of ended ones what tells of rows and back-ups.
 * Undefined where there is no journal, or none that the role may see.
 */
export async function surveyChanges(
  reader: Reader,
  pipelineId?: string,
): Promise<readonly SurveyedChange[] | undefined> {
  const changes = journalObject(reader.settings, "CHANGES");
  const rows = await orMissing(
    reader.rows(sql`SELECT CHANGE_ID, POSITION, JOB_ID, PIPELINE_ID, TABLE_NAME, VERSION, STEP, DETAIL, OWNER,
      TO_VARCHAR(AT, 'YYYY-MM-DD HH24:MI:SS') AS WRITTEN, DATEDIFF(second, AT, CURRENT_TIMESTAMP()) AS SECONDS_AGO
      FROM ${changes} WHERE ${ofPipeline(pipelineId)}
      AND (STEP IN ('started', 'backed-up', 'counted', 'finished', 'back-ups-dropped') OR CHANGE_ID NOT IN (SELECT CHANGE_ID FROM ${changes} WHERE STEP = 'finished'))
      ORDER BY AT, POSITION`),
  );
  if (rows === undefined) return undefined;
  const byChange = new Map<string, Row[]>();
  for (const row of rows) {
    const id = String(row["CHANGE_ID"]);
    byChange.set(id, [...(byChange.get(id) ?? []), row]);
  }
  return grouped(rows).map((change) => ({
    ...change,
    ...circumstances(byChange.get(change.changeId) ?? []),
  }));
}

/** Every lease that is taken and every schedule that is held, of one pipeline or of all. */
export async function surveyLeases(
  reader: Reader,
  pipelineId?: string,
): Promise<readonly SurveyedLease[]> {
  const rows = await orMissing(
    reader.rows(sql`SELECT PIPELINE_ID, OWNER, TO_VARCHAR(TAKEN_AT, 'YYYY-MM-DD HH24:MI:SS') AS TAKEN, TO_VARCHAR(EXPIRES_AT, 'YYYY-MM-DD HH24:MI:SS') AS EXPIRES,
      IFF(EXPIRES_AT < CURRENT_TIMESTAMP(), 1, 0) AS EXPIRED, IFF(IS_HELD, 1, 0) AS HELD, HELD_CRON
      FROM ${journalObject(reader.settings, "LEASES")} WHERE ${ofPipeline(pipelineId)} AND (OWNER IS NOT NULL OR IS_HELD) ORDER BY PIPELINE_ID`),
  );
  return (rows ?? []).map(leaseOf);
}

function ofPipeline(pipelineId: string | undefined): Sql {
  return pipelineId === undefined ? sql`TRUE` : sql`PIPELINE_ID = ${pipelineId}`;
}

async function orMissing(rows: Promise<readonly Row[]>): Promise<readonly Row[] | undefined> {
  return rows.catch((error: unknown) => {
    if (isMissingObject(error)) return undefined;
    throw error;
  });
}

/** Rows of one change; the driver may have sent one entry twice. */
function circumstances(rows: readonly Row[]): Pick<SurveyedChange, "table" | "owner" | "times"> {
  const byPosition = new Map(rows.map((row) => [countOf(row, "POSITION"), row]));
  const own = [...byPosition].toSorted(([one], [other]) => one - other).map(([, row]) => row);
  return {
    table: String(first(own)["TABLE_NAME"]),
    owner: String(own.at(-1)?.["OWNER"]),
    times: own.map((row) => ({
      at: String(row["WRITTEN"]),
      secondsAgo: countOf(row, "SECONDS_AGO"),
    })),
  };
}

function leaseOf(row: Row): SurveyedLease {
  const text = (column: string) => (typeof row[column] === "string" ? row[column] : undefined);
  return {
    pipelineId: String(row["PIPELINE_ID"]),
    owner: text("OWNER"),
    takenAt: text("TAKEN"),
    expiresAt: text("EXPIRES"),
    isExpired: countOf(row, "EXPIRED") === 1,
    isHeld: countOf(row, "HELD") === 1,
    heldCron: text("HELD_CRON") ?? null,
  };
}
