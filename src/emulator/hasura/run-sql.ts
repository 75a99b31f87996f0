import {
  type EmulatedPostgres,
  inTransaction,
  PostgresRefusal,
  type Run,
  type SqlResult,
} from "../postgres/postgres.js";
import {
  connectionError,
  dependentObjects,
  emptyQuery,
  HasuraRefusal,
  sqlFailed,
} from "./answers.js";
import { inconsistenciesOf, type MetadataSource } from "./metadata.js";
import { readCatalogue } from "./store.js";

/** The arguments of `run_sql`. */
export interface SqlRequest {
  readonly sql: string;
  readonly cascade: boolean;
  readonly readOnly: boolean;
  readonly noTransaction: boolean;
  /** Whether metadata is compared with what the statements leave; left out, Hasura looks at the words of the SQL. */
  readonly checksMetadata: boolean | undefined;
}

/** What `run_sql` answers, and whether Hasura looked at the schema anew. */
export interface SqlOutcome {
  readonly body: { readonly result_type: "TuplesOk" | "CommandOk"; readonly result: unknown };
  readonly isSchemaRead: boolean;
}

/** Runs a text in one transaction; with a look at metadata, also what it may not drop is decided there. */
export async function runSql(
  request: SqlRequest,
  source: MetadataSource,
  postgres: EmulatedPostgres,
): Promise<SqlOutcome> {
  const isSchemaRead =
    !request.readOnly && (request.checksMetadata ?? CHANGES_SCHEMA.test(request.sql));
  try {
    const result = await postgres.session((run) => {
      const work = () => runChecked(request, source, isSchemaRead, run);
      return request.noTransaction ? work() : inTransaction(run, work);
    });
    return { body: bodyOf(result), isSchemaRead };
  } catch (error) {
    throw asRefusal(error, request.sql);
  }
}

/** Hasura's own rule for when a text may change the schema. */
const CHANGES_SCHEMA = /\balter\b|\bdrop\b|\breplace\b|\bcreate function\b|\bcomment on\b/i;

async function runChecked(
  request: SqlRequest,
  source: MetadataSource,
  isSchemaRead: boolean,
  run: Run,
): Promise<SqlResult> {
  if (request.readOnly) await run("SET TRANSACTION READ ONLY");
  const before = isSchemaRead ? inconsistenciesOf(source, await readCatalogue(run)) : [];
  const result = await run(request.sql);
  if (result.kind === "empty") throw emptyQuery(request.sql);
  if (!isSchemaRead || request.cascade) return result;
  const known = new Set(before.map((object) => object.name));
  const after = inconsistenciesOf(source, await readCatalogue(run));
  const lost = after.filter((object) => !known.has(object.name)).map((object) => object.name);
  if (lost.length > 0) throw dependentObjects(lost);
  return result;
}

function bodyOf(result: SqlResult): SqlOutcome["body"] {
  if (result.kind !== "tuples") return { result_type: "CommandOk", result: null };
  const rows = result.rows.map((row) => row.map((value) => value ?? "NULL"));
  return { result_type: "TuplesOk", result: [result.columns, ...rows] };
}

/** What a failure of the database is to a caller of Hasura. */
export function asRefusal(error: unknown, statement: string): HasuraRefusal {
  if (error instanceof HasuraRefusal) return error;
  if (error instanceof PostgresRefusal) return sqlFailed(statement, error);
  return connectionError(error);
}
