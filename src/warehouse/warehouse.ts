import { DadosferaError } from "../domain/errors.js";
import { outlastingCrowds, type Waiting } from "./contention.js";
import { connect } from "./driver.js";
import { loginError, snowflakeCode } from "./refusals.js";
import { type Row, type Runner, Session } from "./session.js";
import type { WarehouseSettings } from "./settings.js";
import type { Sql } from "./sql.js";
import { sql } from "./sql.js";

const STATEMENT_SECONDS = 3600;
/** Transactions at once. With the shared session that is fewer than half of the statements that may wait for one table. */
const SESSIONS_AT_ONCE = 8;
const QUERY_TAG = "pulumi-dadosfera";

/** The destination: statements outside a transaction, and transactions, each in a session of its own. */
export class Warehouse implements Runner {
  readonly settings: WarehouseSettings;
  readonly #waiting: Waiting;
  #shared: Promise<Session> | undefined;
  #free = SESSIONS_AT_ONCE;
  readonly #inLine: (() => void)[] = [];

  constructor(settings: WarehouseSettings, waiting: Waiting) {
    this.settings = settings;
    this.#waiting = waiting;
  }

  rows(statement: Sql): Promise<readonly Row[]> {
    return this.#onShared((session) => session.rows(statement));
  }

  /** One statement that commits by itself. */
  run(statement: Sql): Promise<number> {
    return this.#onShared((session) => this.#patient(session).run(statement));
  }

  /** Has Snowflake compile the statement and check privileges, without executing it. */
  compile(statement: Sql): Promise<void> {
    return this.#onShared((session) => session.compile(statement));
  }

  /**
   * BEGIN, the work, COMMIT. Any error rolls back, because Snowflake keeps the earlier statements of a transaction
   * in which one failed. A lost answer to COMMIT throws `WAREHOUSE_OUTCOME_UNKNOWN`: only a mark that the work
   * itself wrote can tell.
   */
  async transaction<T>(work: (runner: Runner) => Promise<T>): Promise<T> {
    const session = await this.#take();
    try {
      await session.run(sql`BEGIN`);
      const result = await workOrRollBack(session, () => work(this.#patient(session)));
      await commit(session);
      return result;
    } finally {
      await session.close();
      this.#give();
    }
  }

  async close(): Promise<void> {
    const shared = this.#shared;
    this.#shared = undefined;
    await (await shared?.catch(() => undefined))?.close();
  }

  /** A statement that was refused its lock leaves its transaction as it was, and is sent again. */
  #patient(session: Session): Runner {
    return {
      rows: (statement) => session.rows(statement),
      run: (statement) => outlastingCrowds(() => session.run(statement), this.#waiting),
    };
  }

  async #onShared<T>(use: (session: Session) => Promise<T>): Promise<T> {
    this.#shared ??= this.#open();
    const session = this.#shared;
    try {
      return await use(await session);
    } catch (error) {
      if (!isSessionGone(error)) throw error;
      // The statement was refused for its session only, so it can be sent again on a new one.
      this.#shared = this.#open();
      return use(await this.#shared);
    }
  }

  async #open(): Promise<Session> {
    try {
      const session = new Session(
        await connect(this.settings, QUERY_TAG),
        (STATEMENT_SECONDS + 60) * 1000,
      );
      await session.run(SESSION_PARAMETERS);
      return session;
    } catch (error) {
      this.#shared = undefined;
      throw error instanceof DadosferaError
        ? error
        : loginError(error, this.settings.account, this.settings.user);
    }
  }

  async #take(): Promise<Session> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#inLine.push(resolve));
    else this.#free -= 1;
    return this.#open().catch((error: unknown) => {
      this.#give();
      throw error;
    });
  }

  #give(): void {
    const next = this.#inLine.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}

// Comparisons must not depend on the account's time zone or on a setting that folds quoted names; a client that dies
// must not leave a statement running, nor wait for a lock for the default of twelve hours.
const SESSION_PARAMETERS = sql`ALTER SESSION SET TIMEZONE = 'UTC' LOCK_TIMEOUT = 60 STATEMENT_TIMEOUT_IN_SECONDS = 3600 ABORT_DETACHED_QUERY = TRUE QUOTED_IDENTIFIERS_IGNORE_CASE = FALSE`;

async function workOrRollBack<T>(session: Session, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await session.run(sql`ROLLBACK`).catch(() => undefined);
    throw error;
  }
}

async function commit(session: Session): Promise<void> {
  try {
    await session.run(sql`COMMIT`);
  } catch (error) {
    throw new DadosferaError(
      {
        code: "WAREHOUSE_OUTCOME_UNKNOWN",
        happened: "Lost the connection to Snowflake during COMMIT.",
        now: "It is not known whether the transaction was committed; its mark in the journal tells.",
        next: "Run `pulumi up` again.",
      },
      { cause: error },
    );
  }
}

function isSessionGone(error: unknown): boolean {
  const cause =
    error instanceof DadosferaError ? (error.cause as { code?: unknown } | undefined) : undefined;
  return (
    ["390111", "390114", "390104"].includes(snowflakeCode(error) ?? "") || cause?.code === 407002
  );
}
