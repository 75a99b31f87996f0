import { identifier, type Sql, sql } from "./sql.js";

/** Where the journal, the leases and their view live. */
export interface JournalPlace {
  readonly database: string;
  readonly journalSchema: string;
}

type JournalObject = "CHANGES" | "LEASES" | "CHANGE_HISTORY";

/** The full name of one of them, ready for SQL. */
export function journalObject({ database, journalSchema }: JournalPlace, name: JournalObject): Sql {
  return identifier(database, journalSchema, `PULUMI_DADOSFERA_${name}`);
}

/** One of them: how it is made, and what the role has to be granted where somebody else made it. */
export interface JournalDefinition {
  readonly name: string;
  readonly kind: "TABLE" | "VIEW";
  readonly path: Sql;
  readonly statement: Sql;
  readonly privileges: readonly ("SELECT" | "INSERT" | "UPDATE")[];
}

/** The journal's table, the leases and the view, in the order in which they have to be made. */
export function journalDefinitions(place: JournalPlace): readonly JournalDefinition[] {
  const changes = journalObject(place, "CHANGES");
  const leases = journalObject(place, "LEASES");
  const history = journalObject(place, "CHANGE_HISTORY");
  return [
    {
      name: "PULUMI_DADOSFERA_CHANGES",
      kind: "TABLE",
      path: changes,
      statement: sql`CREATE TABLE IF NOT EXISTS ${changes} (
      CHANGE_ID VARCHAR NOT NULL, POSITION NUMBER(38, 0) NOT NULL, JOB_ID VARCHAR NOT NULL, PIPELINE_ID VARCHAR NOT NULL, TABLE_NAME VARCHAR,
      VERSION NUMBER(38, 0) NOT NULL, STEP VARCHAR NOT NULL, DETAIL VARCHAR, OWNER VARCHAR, AT TIMESTAMP_TZ(9) DEFAULT CURRENT_TIMESTAMP())`,
      privileges: ["SELECT", "INSERT"],
    },
    {
      name: "PULUMI_DADOSFERA_LEASES",
      kind: "TABLE",
      path: leases,
      statement: sql`CREATE TABLE IF NOT EXISTS ${leases} (
      PIPELINE_ID VARCHAR NOT NULL, OWNER VARCHAR, EPOCH NUMBER(38, 0) NOT NULL, TAKEN_AT TIMESTAMP_TZ(9), EXPIRES_AT TIMESTAMP_TZ(9),
      MEMBERS VARCHAR, IS_HELD BOOLEAN NOT NULL, HELD_CRON VARCHAR)`,
      privileges: ["SELECT", "INSERT", "UPDATE"],
    },
    {
      name: "PULUMI_DADOSFERA_CHANGE_HISTORY",
      kind: "VIEW",
      path: history,
      statement: sql`CREATE VIEW IF NOT EXISTS ${history} AS
      SELECT CHANGE_ID, MAX(JOB_ID) AS JOB_ID, MAX(TABLE_NAME) AS TABLE_NAME, MIN(AT) AS STARTED_AT, MAX(AT) AS LAST_AT,
        MAX(IFF(STEP = 'finished', DETAIL, NULL)) AS OUTCOME, MAX(IFF(STEP = 'deleted', DETAIL, NULL)) AS DELETED,
        MAX(IFF(STEP = 'verified', DETAIL, NULL)) AS VERIFIED, MAX(IFF(STEP = 'restored', DETAIL, NULL)) AS RESTORED,
        MAX(OWNER) AS OWNER
      FROM ${changes} GROUP BY CHANGE_ID`,
      privileges: ["SELECT"],
    },
  ];
}
