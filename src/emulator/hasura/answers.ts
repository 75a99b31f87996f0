import type { Message } from "../message.js";
import type { PostgresRefusal } from "../postgres/postgres.js";

/** An error answer, in Hasura's form: `{path, error, code}` and sometimes `internal`. */
export class HasuraRefusal extends Error {
  readonly answer: Message;

  constructor(status: number, body: ErrorBody) {
    super(body.error);
    this.name = "HasuraRefusal";
    this.answer = { status, body };
  }
}

interface ErrorBody {
  readonly path: string;
  readonly error: string;
  readonly code: string;
  readonly internal?: unknown;
}

export function accessDenied(error: string): HasuraRefusal {
  return new HasuraRefusal(401, { path: "$", error, code: "access-denied" });
}

export function notExists(error: string): HasuraRefusal {
  return new HasuraRefusal(400, { path: "$.args", error, code: "not-exists" });
}

export function parseFailed(path: string, error: string): HasuraRefusal {
  return new HasuraRefusal(400, { path, error, code: "parse-failed" });
}

export function alreadyTracked(error: string): HasuraRefusal {
  return new HasuraRefusal(400, { path: "$.args", error, code: "already-tracked" });
}

export function dependentObjects(objects: readonly string[]): HasuraRefusal {
  const error = `cannot drop due to the following dependent objects : ${objects.join(", ")}`;
  return new HasuraRefusal(400, { path: "$.args", error, code: "dependency-error" });
}

/** A text without a statement: PostgreSQL answers `EmptyQuery`, and Hasura's client takes that for an error. */
export function emptyQuery(statement: string): HasuraRefusal {
  return executionFailed(statement, {
    exec_status: "EmptyQuery",
    message: null,
    status_code: null,
    description: null,
    hint: null,
  });
}

/** SQL that PostgreSQL refused. */
export function sqlFailed(statement: string, refusal: PostgresRefusal): HasuraRefusal {
  return executionFailed(statement, {
    exec_status: "FatalError",
    message: refusal.message,
    status_code: refusal.sqlState,
    description: refusal.detail,
    hint: refusal.hint,
  });
}

/** The database is away. */
export function connectionError(cause: unknown): HasuraRefusal {
  return new HasuraRefusal(500, {
    path: "$.args",
    error: "connection error",
    code: "postgres-error",
    internal: cause instanceof Error ? cause.message : String(cause),
  });
}

function executionFailed(
  statement: string,
  error: Readonly<Record<string, string | null>>,
): HasuraRefusal {
  return new HasuraRefusal(400, {
    path: "$.args",
    error: "query execution failed",
    code: "postgres-error",
    internal: { statement, prepared: false, arguments: [], error },
  });
}
