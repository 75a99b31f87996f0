/** A PostgreSQL behind the emulator: one in this process, or a real server. */
export interface EmulatedPostgres extends AsyncDisposable {
  /** Gives the work a session to itself: a transaction that it opens is its own. It is rolled back if the work left it open. */
  session<T>(work: (run: Run) => Promise<T>): Promise<T>;
}

/** Sends a text of statements in one message, and answers what the last of them did. Throws a `PostgresRefusal`. */
export type Run = (sql: string) => Promise<SqlResult>;

export type SqlResult =
  /** The text held no statement: comments, blanks, or nothing at all. */
  | { readonly kind: "empty" }
  | { readonly kind: "command" }
  | {
      readonly kind: "tuples";
      readonly columns: readonly string[];
      /** Each value as PostgreSQL writes it in text. */
      readonly rows: readonly (readonly (string | null)[])[];
    };

/** What PostgreSQL answered instead of doing it. */
export class PostgresRefusal extends Error {
  /** SQLSTATE, as `42P01`. */
  readonly sqlState: string;
  readonly detail: string | null;
  readonly hint: string | null;

  constructor(
    error: Error & { readonly code: string; readonly detail?: unknown; readonly hint?: unknown },
  ) {
    super(error.message, { cause: error });
    this.name = "PostgresRefusal";
    this.sqlState = error.code;
    this.detail = typeof error.detail === "string" ? error.detail : null;
    this.hint = typeof error.hint === "string" ? error.hint : null;
  }
}

/** A driver's error as what it means: PostgreSQL refused, or it could not be reached. */
export function refusalOf(error: unknown): unknown {
  const isRefusal =
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "string" &&
    /^[0-9A-Z]{5}$/.test(error.code) &&
    "severity" in error;
  return isRefusal ? new PostgresRefusal(error as Error & { readonly code: string }) : error;
}

/** What a driver says of one statement. */
export interface StatementResult {
  readonly command?: string | null;
  readonly fields: readonly { readonly name: string }[];
  readonly rows: readonly unknown[];
}

/** The result of the last statement of a message; a message without statements has one result without a command. */
export function lastResult(results: readonly StatementResult[]): SqlResult {
  const last = results.at(-1);
  if (last === undefined || last.command === undefined || last.command === null) {
    return { kind: "empty" };
  }
  if (last.fields.length === 0) return { kind: "command" };
  return {
    kind: "tuples",
    columns: last.fields.map((field) => field.name),
    rows: last.rows as readonly (readonly (string | null)[])[],
  };
}

/** Runs the work in one transaction: committed if it ends well. */
export async function inTransaction<T>(run: Run, work: () => Promise<T>): Promise<T> {
  await run("BEGIN");
  try {
    const result = await work();
    await run("COMMIT");
    return result;
  } catch (error) {
    await run("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

/** The next session must find neither an open transaction nor a setting of this one. */
export async function cleanly<T>(run: Run, work: (run: Run) => Promise<T>): Promise<T> {
  const clean = async () => {
    await run("ROLLBACK");
    await run("DISCARD ALL");
  };
  try {
    const result = await work(run);
    await clean();
    return result;
  } catch (error) {
    // What went wrong first says more than what a broken session says to this.
    await clean().catch(() => undefined);
    throw error;
  }
}

/** The rows of the last statement, as objects of texts; in a transaction of their own. */
export async function rowsOf(
  run: Run,
  sql: string,
): Promise<readonly Readonly<Record<string, string | null>>[]> {
  const result = await run(sql);
  if (result.kind !== "tuples") return [];
  return result.rows.map((row) =>
    Object.fromEntries(result.columns.map((column, index) => [column, row[index] ?? null])),
  );
}
