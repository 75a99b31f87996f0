import { wireCell } from "./cells.js";
import type { DataType } from "./data-types.js";
import type { SnowflakeError } from "./errors.js";
import type { Outcome } from "./interpreter.js";
import type { Ending } from "./query-results.js";
import type { ResultColumn } from "./result-columns.js";
import type { Session } from "./session.js";

/** A reply's body, as all routes shape it. */
export interface Reply {
  readonly data: unknown;
  readonly code: string | null;
  readonly message: string | null;
  readonly success: boolean;
}

export function succeeded(data: unknown): Reply {
  return { data, code: null, message: null, success: true };
}

export function refused(
  error: SnowflakeError,
  data: Readonly<Record<string, unknown>> = {},
): Reply {
  const details = { errorCode: error.code, sqlState: error.sqlState, ...data };
  return { data: details, code: error.code, message: error.message, success: false };
}

const TYPE_IDS: Readonly<Record<Outcome["word"], number>> = {
  SELECT: 0x1000,
  INSERT: 0x3100,
  UPDATE: 0x3200,
  DELETE: 0x3300,
  MERGE: 0x3400,
  SETTING: 0x4000,
  SHOW: 0x4400,
  DESCRIBE: 0x4500,
  TRANSACTION: 0x5000,
  DDL: 0x6000,
};

/** What became of a query, as its reply. */
export function endingReply(session: Session, queryId: string, ending: Ending): Reply {
  return "outcome" in ending
    ? resultReply(session, queryId, ending.outcome)
    : refused(ending.refusal, { queryId, type: "COMPILATION" });
}

/** A query that runs on by itself, and is asked about by its id. */
export function inProgress(queryId: string): Reply {
  return {
    data: {
      queryId,
      getResultUrl: `/queries/${queryId}/result`,
      queryAbortsAfterSecs: 300,
      progressDesc: null,
    },
    code: "333334",
    message:
      "Asynchronous execution in progress. Use provided query id to perform query monitoring and management.",
    success: true,
  };
}

/** A result as JSON rows. Every key is sent, also where it is null: each driver misses another one. */
function resultReply(session: Session, queryId: string, outcome: Outcome): Reply {
  const { word, columns, rows } = outcome;
  return succeeded({
    parameters: parameterList(session),
    queryId,
    statementTypeId: TYPE_IDS[word],
    queryResultFormat: "json",
    version: 1,
    rowtype: columns.map(rowType),
    rowset: rows.map((row) => columns.map(({ type }, index) => wireCell(row[index] ?? null, type))),
    total: rows.length,
    returned: rows.length,
    arrayBindSupported: word === "INSERT",
    sqlState: null,
    ...finalNames(session),
  });
}

function finalNames({ database, schema, warehouse, role }: Session) {
  return {
    finalDatabaseName: database ?? null,
    finalSchemaName: schema ?? null,
    finalWarehouseName: warehouse ?? null,
    finalRoleName: role,
  };
}

/** The session's parameters, each as the driver wants it: booleans and numbers not as text. */
export function parameterList({ parameters }: Session) {
  return [...parameters].map(([name, value]) => ({ name, value: parameterValue(value) }));
}

function parameterValue(value: string): string | number | boolean {
  if (value === "true" || value === "false") return value === "true";
  return /^\d+$/.test(value) ? Number(value) : value;
}

function rowType({ name, type, nullable = true }: ResultColumn) {
  return {
    name,
    type: wireType(type),
    precision: precision(type),
    scale: "scale" in type ? type.scale : null,
    length: "length" in type ? type.length : null,
    byteLength: "length" in type ? type.length : null,
    nullable,
    database: "",
    schema: "",
    table: "",
  };
}

/** Of times it is always 0: their digits are the scale. */
function precision(type: DataType): number | null {
  if (type.kind === "number") return type.precision;
  return "scale" in type ? 0 : null;
}

function wireType({ kind }: DataType): string {
  if (kind === "number") return "fixed";
  return kind === "float" ? "real" : kind;
}
