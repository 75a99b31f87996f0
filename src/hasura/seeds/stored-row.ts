import type { Row } from "../../domain/catalogue.js";
import { type ScratchDatabase, SqlError } from "../scratch/scratch.js";
import type { Rank } from "./choice.js";

/** A row, and where PostgreSQL keeps it. That holds until the row is changed or its table is written anew. */
export interface StoredRow {
  /** As people write it, the schema left out where it is `public`. */
  readonly table: string;
  /** The oid of the table, or of the partition, that holds it. */
  readonly tableOid: string;
  /** Its `ctid`: `(0,1)`. */
  readonly place: string;
  readonly row: Row;
}

/** A row that was put in to hurt. */
export interface SeededRow extends StoredRow {
  readonly rank: Rank;
}

/** For SELECT and RETURNING: what `storedRow` reads. No column can be named like these two. */
export const STORED = 'tableoid::text AS "tableoid", ctid::text AS "ctid", *';

/** Reads an answer to `STORED`. */
export function storedRow(table: string, answer: Row): StoredRow {
  const { tableoid, ctid, ...row } = answer;
  return { table, tableOid: tableoid ?? "", place: ctid ?? "", row };
}

/** A condition that only this row meets. */
export function isRow({ tableOid, place }: StoredRow): string {
  return `tableoid = ${tableOid} AND ctid = '${place}'`;
}

/** Runs a statement that PostgreSQL may refuse: a refusal is an answer. */
export async function tryQuery(
  database: ScratchDatabase,
  sql: string,
): Promise<readonly Row[] | SqlError> {
  try {
    return await database.query(sql);
  } catch (error) {
    if (error instanceof SqlError) return error;
    throw error;
  }
}
